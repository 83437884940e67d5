"""Defined acts on samples: typed values, read in both languages, barred as uses are, undone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from registry.custody import own, service as custody
from registry.custody.defined import doing, service
from registry.custody.defined.models import ActDefinition
from registry.custody.incidents import service as incidents
from registry.custody.models import CustodyAct, Holding
from registry.custody.picking import service as picking
from registry.custody.queries import chain, sample_page
from registry.custody.wording import act_name, remarks
from registry.kernel import clock
from registry.kernel.errors import (
    InvalidInput,
    NotPermitted,
    RuleBroken,
    Stale,
)
from registry.kernel.messages import Bilingual
from registry.persistence import database, db, registry_session
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.incidents import IncidentKind
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_checked_out, make_received, make_stored
from tests.factories.defined import (
    ON_ICE,
    do_act,
    make_act,
    sonication,
)
from tests.factories.samples import make_consenting_participant, make_tube

EVERYTHING = {
    "duration": Decimal("12.50"),
    "look": "cloudy",
    "on_ice": False,
    "device_checked_on": date(2026, 3, 9),
    "device": "Bath 2",
}


def acts(code, actors):
    return [line for line in chain(actors.technician, code) if not line.is_inherited]


def french(message):
    words = {"en": "fr", "yes": "oui", "no": "non"}
    return message.rendered(lambda msgid: words.get(msgid, msgid))


class TestRecording:
    def test_it_is_in_the_chain_with_its_values_in_both_languages(self, app, actors):
        make_act(actors)
        tube = make_received(actors)
        do_act(actors, tube.code, given=EVERYTHING, comment="Gently")

        line = acts(tube.code, actors)[-1]

        assert str(act_name(line.kind, line.definition)) == "Sonicated"
        assert [str(one) for one in remarks(line)] == [
            "Duration: 12.5 s",
            "Look: Cloudy",
            "On ice: no",
            "Device checked on: 2026-03-09",
            "Device: Bath 2",
            "Gently",
        ]
        assert french(act_name(line.kind, line.definition)) == "Passé aux ultrasons"
        said = [french(one) for one in remarks(line)[:3]]
        assert said == ["Durée: 12.5 s", "Aspect: Trouble", "Sur glace: non"]

    def test_it_leaves_the_sample_with_its_holder(self, app, actors):
        make_act(actors)
        lent = make_checked_out(actors)
        before = registry_session.get_one(Holding, lent.id)
        kept = (before.kind, before.place, before.since, before.box_id, before.person_id)
        acts_before = before.acts

        do_act(actors, lent.code)

        after = registry_session.get_one(Holding, lent.id)
        assert (after.kind, after.place, after.since, after.box_id, after.person_id) == kept
        assert after.acts == acts_before + 1

    def test_several_at_once_or_none(self, app, actors):
        make_act(actors, holders=frozenset({HolderKind.BENCH}))
        here, there = make_received(actors), make_tube(actors)

        with pytest.raises(InvalidInput) as refusal:
            do_act(actors, here.code, there.code)

        [reason] = refusal.value.errors["codes"]
        assert there.code in str(reason)
        assert ActKind.DEFINED not in [line.kind for line in acts(here.code, actors)]
        do_act(actors, here.code, make_received(actors).code)
        assert acts(here.code, actors)[-1].kind is ActKind.DEFINED

    def test_old_acts_keep_the_definition_by_which_they_were_done(self, app, actors):
        make_act(actors)
        tube = make_received(actors)
        do_act(actors, tube.code)
        renamed = sonication(name=Bilingual("Shaken", fr="Secoué"), fields=(ON_ICE,))
        service.change(actors.admin, "SONIC", renamed, after=1)

        do_act(actors, tube.code, given={"on_ice": True})

        names = [str(act_name(one.kind, one.definition)) for one in acts(tube.code, actors)[-2:]]
        assert names == ["Sonicated", "Shaken"]
        assert str(remarks(acts(tube.code, actors)[-2])[0]) == "Duration: 30 s"

    def test_who_saw_an_older_version_is_told(self, app, actors):
        make_act(actors)
        tube = make_received(actors)
        service.change(actors.admin, "SONIC", sonication(fields=(ON_ICE,)), after=1)

        with pytest.raises(Stale):
            do_act(actors, tube.code, version=1)

    def test_a_retired_act_is_not_recorded(self, app, actors):
        make_act(actors)
        tube = make_received(actors)
        service.retire(actors.admin, "SONIC")

        with pytest.raises(RuleBroken, match="retired"):
            do_act(actors, tube.code)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({}, "fill in"),
            ({"duration": "30"}, "another kind"),
            ({"duration": Decimal("0.5")}, "1 at least"),
            ({"duration": Decimal(601)}, "600 at most"),
            ({"duration": Decimal("1.0000001")}, "decimals"),
            ({"duration": Decimal("NaN")}, "decimals"),
            ({"duration": Decimal(30), "look": "murky"}, "values offered"),
            ({"duration": Decimal(30), "on_ice": "y"}, "another kind"),
            ({"duration": Decimal(30), "device": "x" * 501}, "at most 500"),
            ({"duration": Decimal(30), "colour": "red"}, "no field colour"),
        ],
    )
    def test_a_value_that_the_field_does_not_take_is_refused(self, app, actors, given, sentence):
        make_act(actors)
        tube = make_received(actors)

        with pytest.raises(InvalidInput, match=sentence):
            do_act(actors, tube.code, given=given)

    def test_a_needed_comment_is_asked_for(self, app, actors):
        make_act(actors, needs_comment=True)
        tube = make_received(actors)

        with pytest.raises(InvalidInput, match="comment"):
            do_act(actors, tube.code, comment=" ")
        assert do_act(actors, tube.code, comment="Foam")

    def test_nobody_but_a_technician_of_the_site_records(self, app, actors):
        make_act(actors)
        tube = make_received(actors)

        for person in (actors.nurse, actors.admin):
            with pytest.raises(NotPermitted):
                doing.record(
                    person, "SONIC", [tube.code], version=1, given={"duration": Decimal(30)}
                )

    def test_a_moment_before_the_sample_came_there_is_refused(self, app, actors):
        make_act(actors)
        stored = make_stored(actors)

        with pytest.raises(InvalidInput) as refusal:
            do_act(actors, stored.code, happened_at=clock.now() - timedelta(days=9000))
        assert "cannot be before" in str(refusal.value.errors["codes"][0])

    def test_it_is_undone_like_other_acts(self, app, actors):
        make_act(actors)
        tube = make_received(actors)
        do_act(actors, tube.code)
        [mine, *_], _next = own.acts(actors.technician)
        assert (str(mine.definition.name), mine.can_be_corrected) == ("Sonicated", True)

        custody.correct(actors.technician, mine.act_id, reason="The wrong tube")

        done, undone = acts(tube.code, actors)[-2:]
        assert (done.corrected_by_seq, undone.corrects_seq) == (undone.seq, done.seq)
        assert sample_page(actors.technician, tube.code).sample.status is HolderKind.BENCH

    def test_what_was_scanned_together_is_undone_together(self, app, actors):
        make_act(actors)
        codes = {make_received(actors).code, make_received(actors).code}
        do_act(actors, *codes)

        assert set(custody.undo_latest(actors.technician)) == codes

    def test_it_is_in_the_journal(self, app, actors, audit_tags):
        make_act(actors)
        do_act(actors, make_received(actors).code)

        assert audit_tags()[-1] == "sample:acted_on"


class TestUsing:
    """What uses a sample asks the consent, and is barred as any other use."""

    def test_without_a_consent_that_allows_it_nothing_is_recorded(self, app, actors):
        make_act(actors, use=CheckoutReason.ANALYSIS)
        make_act(actors, code="LOOKED")
        participant = make_consenting_participant(actors)
        tube = make_received(actors, participant=participant)
        make_withdrawal(actors, participant)

        with pytest.raises(InvalidInput) as refusal:
            do_act(actors, tube.code)
        assert "SONIC" not in str(refusal.value.errors)
        assert do_act(actors, tube.code, act="LOOKED"), "what uses nothing stays possible"

    def test_the_consent_is_asked_for_the_use_that_is_named(self, app, actors, monkeypatch):
        asked = []
        make_act(actors, use=CheckoutReason.TRANSFER)
        tube = make_received(actors)
        monkeypatch.setattr(
            "registry.consents.decision.require_allowed",
            lambda _participant, *uses, on: asked.extend(uses),
        )

        do_act(actors, tube.code)

        assert [use.value for use in asked] == ["share"]

    def test_quarantine_bars_what_uses_and_nothing_else(self, app, actors):
        make_act(actors, use=CheckoutReason.QUALITY_CONTROL)
        make_act(actors, code="LOOKED")
        tube = make_received(actors)
        incidents.report(
            actors.technician, [tube.code], kind=IncidentKind.OTHER, account="Fell",
            with_children=False,
        )  # fmt: skip

        with pytest.raises(InvalidInput) as refusal:
            do_act(actors, tube.code)
        assert "quarantine" in str(refusal.value.errors["codes"][0])
        assert do_act(actors, tube.code, act="LOOKED")

    def test_a_reservation_bars_what_uses_and_nothing_else(self, app, actors):
        make_act(actors, use=CheckoutReason.QUALITY_CONTROL)
        make_act(actors, code="LOOKED")
        stored = make_stored(actors)
        picking.open_(
            actors.technician, [stored.code], title="Run",
            to_user_id=actors.technician.id, reason=CheckoutReason.ANALYSIS,
        )  # fmt: skip

        with pytest.raises(InvalidInput) as refusal:
            do_act(actors, stored.code)
        assert "reserved" in str(refusal.value.errors["codes"][0])
        assert do_act(actors, stored.code, act="LOOKED")


class TestTheDatabase:
    """What holds whatever the code does."""

    def test_a_defined_act_names_its_definition_and_no_other_act_does(self, app, actors):
        tube_id, made_id = make_received(actors).id, make_act(actors).id
        database.remove_sessions()
        acts_of_tube = sa.select(CustodyAct.__table__).where(CustodyAct.sample_id == tube_id)
        with db.engines["registry"].connect() as connection:
            row = connection.execute(acts_of_tube.order_by(CustodyAct.seq.desc())).first()._asdict()
            row["seq"] += 1
            del row["id"]
            for kind, definition_id in ((ActKind.DEFINED, None), (ActKind.FROZEN, made_id)):
                wrong = {**row, "kind": kind, "definition_id": definition_id}
                with pytest.raises(IntegrityError, match="defined_names_definition"):
                    connection.execute(sa.insert(CustodyAct.__table__), wrong)
                connection.rollback()

    def test_each_version_has_a_number_of_its_own(self, app, actors):
        make_act(actors)
        database.remove_sessions()
        with db.engines["registry"].connect() as connection:
            row = connection.execute(sa.select(ActDefinition.__table__)).one()._asdict()
            del row["id"]
            with pytest.raises(IntegrityError):
                connection.execute(sa.insert(ActDefinition.__table__), row)
