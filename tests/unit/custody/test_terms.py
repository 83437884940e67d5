"""Terms of the place refine those of the rules: chosen, kept, read, retired and never deleted."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from registry.custody import service as custody
from registry.custody.queries import chain, sample_page
from registry.custody.wording import remarks
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.kernel.messages import Bilingual
from registry.participants.terms import queries, service
from registry.participants.terms.models import Term
from registry.persistence import database, db
from registry.vocab.custody import CheckoutReason, DisposalReason
from registry.vocab.samples import SampleCondition
from registry.vocab.terms import MEMBERS, Vocabulary
from tests.factories.custody import biobank, check_out, make_checked_out, make_received, make_stored
from tests.factories.samples import make_tube
from tests.factories.terms import make_term

CHECKOUT, DISPOSAL = Vocabulary.CHECKOUT_REASON, Vocabulary.DISPOSAL_REASON


def values(vocabulary=CHECKOUT):
    return [one.given_as for one in queries.offered(vocabulary)]


def said(actors, code):
    return [str(one) for one in remarks(chain(actors.technician, code)[-1])]


class TestAdapting:
    @pytest.mark.parametrize("vocabulary", Vocabulary)
    def test_at_first_the_terms_of_the_rules_are_offered(self, app, vocabulary):
        assert values(vocabulary) == [one.value for one in MEMBERS[vocabulary]]

    def test_a_term_follows_the_one_that_it_refines(self, app, actors):
        make_term(actors)
        make_term(actors, "Stock check", refines="quality_control")

        assert values() == [
            "analysis", "analysis:elisa", "aliquoting", "quality_control",
            "quality_control:stock_check", "transfer", "other",
        ]  # fmt: skip
        assert values(DISPOSAL) == [one.value for one in DisposalReason]

    @pytest.mark.parametrize("name", ["Elisa", "(ELISA)", "analysis"])
    def test_no_two_bear_one_name_but_for_signs(self, app, actors, name):
        make_term(actors)

        with pytest.raises(InvalidInput, match="same English name"):
            make_term(actors, name)

    def test_a_name_without_a_letter_is_none(self, app, actors):
        with pytest.raises(InvalidInput, match="needs letters"):
            make_term(actors, "%")

    def test_what_refines_nothing_is_refused(self, app, actors):
        with pytest.raises(InvalidInput, match="values offered"):
            make_term(actors, refines="empty")

    @pytest.mark.parametrize("code", ["elisa", "analysis"])
    def test_a_retired_term_is_not_offered_until_it_is_again(self, app, actors, code):
        make_term(actors)
        before = values()

        service.retire(actors.admin, CHECKOUT, code)
        assert [one.rpartition(":")[2] for one in set(before) - set(values())] == [code]
        with pytest.raises(RuleBroken):
            service.retire(actors.admin, CHECKOUT, code)
        service.resume(actors.admin, CHECKOUT, code)

        assert values() == before
        with pytest.raises(RuleBroken):
            service.resume(actors.admin, CHECKOUT, code)

    def test_something_is_always_left_to_choose(self, app, actors):
        *others, last = DisposalReason
        for one in others:
            service.retire(actors.admin, DISPOSAL, one.value)

        with pytest.raises(RuleBroken, match="left to choose"):
            service.retire(actors.admin, DISPOSAL, last.value)

    def test_there_is_nothing_to_retire_of_what_is_none(self, app, actors):
        with pytest.raises(NotFound):
            service.retire(actors.admin, CHECKOUT, "western_blot")

    def test_nobody_but_an_administrator_adapts(self, app, actors):
        for person in (actors.technician, actors.data_manager, actors.dpo):
            with pytest.raises(NotPermitted):
                service.add(person, CHECKOUT, refines="analysis", name=Bilingual("X", fr="X"))
            with pytest.raises(NotPermitted):
                service.retire(person, CHECKOUT, "other")

    def test_each_change_is_in_the_journal(self, app, actors, audit_tags):
        make_term(actors)
        service.retire(actors.admin, CHECKOUT, "elisa")
        service.resume(actors.admin, CHECKOUT, "elisa")

        assert audit_tags()[-3:] == ["term:added", "term:retired", "term:resumed"]

    @pytest.mark.parametrize("changes", [{"fr": None}, {"refines": None}])
    def test_the_database_takes_no_half_of_a_term(self, app, actors, changes):
        row = {"vocabulary": CHECKOUT, "code": "x", "refines": "analysis", "fr": "X", "en": "X"}
        database.remove_sessions()
        with (
            db.engines["registry"].connect() as connection,
            pytest.raises(IntegrityError, match="is_whole"),
        ):
            connection.execute(sa.insert(Term.__table__), {**row, **changes})


class TestChoosing:
    def test_a_check_out_is_read_by_its_term_and_the_rules_see_the_reason(self, app, actors):
        make_term(actors)
        stored = make_stored(actors)

        loan = check_out(actors, stored.code, term="elisa")

        assert loan.reason is CheckoutReason.ANALYSIS
        assert said(actors, stored.code) == ["ELISA (Analysis)"]
        assert str(sample_page(actors.technician, stored.code).loan.reason) == "ELISA (Analysis)"

    def test_what_was_used_is_read_by_its_term(self, app, actors):
        make_term(actors)
        lent = make_checked_out(actors)

        custody.consume(
            actors.technician, lent.code, volume=Decimal("0.1"),
            reason=CheckoutReason.ANALYSIS, term="elisa",
        )  # fmt: skip

        assert said(actors, lent.code) == ["ELISA (Analysis)", "0.1 mL"]

    def test_what_was_thrown_away_is_read_by_its_term(self, app, actors):
        make_term(actors, "Leaky cap", refines="damaged", vocabulary=DISPOSAL)
        tube = make_received(actors)

        custody.dispose(
            actors.technician, [tube.code], reason=DisposalReason.DAMAGED, term="leaky_cap"
        )

        assert said(actors, tube.code)[0] == "Leaky cap (Broken or leaking)"

    def test_the_condition_of_a_tube_is_read_by_its_term_when_it_arrives_and_comes_back(
        self, app, actors
    ):
        make_term(actors, "Cap loose", refines="leaking", vocabulary=Vocabulary.CONDITION)
        tube, lent = make_tube(actors), make_checked_out(actors)
        how = {"condition": SampleCondition.LEAKING, "term": "cap_loose"}

        custody.receive(
            actors.technician, [tube.code], received_at=clock.now(), site_id=biobank(actors), **how
        )
        custody.take_back(actors.technician, [lent.code], **how)

        for code in (tube.code, lent.code):
            assert said(actors, code)[0].startswith("Condition: Cap loose (")

    def test_a_condition_that_is_not_offered_is_refused(self, app, actors):
        make_term(actors)
        lent = make_checked_out(actors)

        with pytest.raises(InvalidInput, match="values offered") as refusal:
            custody.return_(actors.technician, lent.code, term="elisa")
        assert refusal.value.field == "condition"

    def test_a_term_that_refines_another_reason_says_what_it_is(self, app, actors):
        make_term(actors, "Teaching", refines="other")
        stored = make_stored(actors)

        check_out(actors, stored.code, reason=CheckoutReason.OTHER, term="teaching")

        assert said(actors, stored.code)[0].startswith("Teaching (")

    @pytest.mark.parametrize(
        ("reason", "term"),
        [(CheckoutReason.TRANSFER, "elisa"), (CheckoutReason.ANALYSIS, "western_blot"),
         (CheckoutReason.ANALYSIS, "analysis"), (CheckoutReason.ANALYSIS, "")],
    )  # fmt: skip
    def test_a_term_refines_only_its_own_reason(self, app, actors, reason, term):
        make_term(actors)
        stored = make_stored(actors)

        with pytest.raises(InvalidInput, match="values offered"):
            check_out(actors, stored.code, reason=reason, term=term)

    def test_a_retired_term_stays_where_it_was_chosen_and_is_chosen_no_more(self, app, actors):
        make_term(actors)
        first, second = make_stored(actors), make_received(actors)
        check_out(actors, first.code, term="elisa")
        service.retire(actors.admin, CHECKOUT, "elisa")

        assert said(actors, first.code) == ["ELISA (Analysis)"]
        with pytest.raises(InvalidInput, match="values offered"):
            check_out(actors, second.code, term="elisa")
