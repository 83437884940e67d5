"""What something went wrong with is not used until somebody else has decided what becomes of it."""

from datetime import timedelta

import pytest

from registry.custody import queries
from registry.custody.incidents import policies, queries as incidents, service
from registry.custody.incidents.models import Incident
from registry.custody.picking import queries as picking, service as picks
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.incidents import IncidentAct, IncidentKind, IncidentState, Verdict
from tests.factories.accounts import People
from tests.factories.custody import (
    check_out,
    divide,
    make_checked_out,
    make_received,
    make_stored,
    make_tube,
)
from tests.factories.incidents import ACCOUNT, decide, is_barred, report, state
from tests.factories.participants import make_cohort
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.usefixtures("app")


class TestReporting:
    def test_the_tubes_are_in_quarantine_at_once(self, actors: People, audit_tags):
        tube = make_stored(actors)

        incident = report(actors, tube)

        with pytest.raises(RuleBroken, match="in quarantine"):
            check_out(actors, tube.code)
        last = queries.chain(actors.technician, tube.code)[-1]
        assert (last.kind, last.fields["cause"]) == (ActKind.QUARANTINED, incident.cause)
        assert AuditTag.INCIDENT_REPORTED in audit_tags()

    def test_what_was_made_of_them_goes_with_them(self, actors: People):
        tube = make_received(actors)
        [aliquot] = divide(actors, tube.code, "1")
        [smaller] = divide(actors, aliquot.code, "0.5", at=clock.now())

        report(actors, tube)

        assert all(is_barred(actors, one) for one in (tube, aliquot, smaller))

    def test_it_is_left_alone_when_only_the_tube_is_concerned(self, actors: People):
        tube = make_received(actors)
        [aliquot] = divide(actors, tube.code, "1")

        report(actors, tube, with_children=False)

        assert not is_barred(actors, aliquot)

    def test_a_lent_tube_is_concerned_where_it_is(self, actors: People):
        lent = make_checked_out(actors)

        report(actors, lent)

        page = queries.sample_page(actors.technician, lent.code)
        assert page.sample.status is HolderKind.PERSON
        assert page.barred is not None

    def test_it_leaves_the_pick_lists(self, actors: People):
        tube = make_stored(actors)
        picked = picks.open_(
            actors.technician,
            [tube.code],
            title="Lupus",
            to_user_id=actors.technician.id,
            reason=CheckoutReason.ANALYSIS,
        )

        report(actors, tube)

        assert picking.to_fetch([picked.id]) == {}

    def test_several_sites_are_several_incidents(self, actors: People):
        here = make_stored(actors)
        participant = make_consenting_participant(
            actors, cohort=make_cohort("RA"), by=actors.other_site_nurse
        )
        there = make_tube(actors, participant=participant)

        with pytest.raises(InvalidInput, match="several sites"):
            service.report(
                actors.data_manager,
                [here.code, there.code],
                kind=IncidentKind.DELAYED,
                account=ACCOUNT,
            )

    @pytest.mark.parametrize("account", ["", " a ", "x" * 501])
    def test_it_says_what_happened(self, actors: People, account: str):
        with pytest.raises(InvalidInput):
            report(actors, make_stored(actors), account=account)

    def test_it_is_not_noticed_tomorrow(self, actors: People):
        with pytest.raises(InvalidInput, match="still to come"):
            report(actors, make_stored(actors), noticed_at=clock.now() + timedelta(days=1))

    def test_a_tube_that_is_no_more_is_not_concerned(self, actors: People):
        tube = make_stored(actors)
        incident = report(actors, tube)
        decide(actors, incident, tube, verdict=Verdict.UNFIT)

        with pytest.raises(InvalidInput) as refusal:
            report(actors, tube)
        assert "was destroyed" in str(refusal.value.errors["codes"][0])

    def test_an_investigator_reports_nothing(self, actors: People):
        with pytest.raises(NotPermitted):
            service.report(
                actors.investigator,
                [make_stored(actors).code],
                kind=IncidentKind.OTHER,
                account=ACCOUNT,
            )

    def test_more_tubes_reopen_what_was_decided(self, actors: People):
        tube, other = make_stored(actors), make_stored(actors)
        incident = report(actors, tube)
        decide(actors, incident, tube)
        assert state(incident) is IncidentState.DECIDED

        service.add(actors.technician, incident.id, [other.code])

        assert state(incident) is IncidentState.OPEN
        with pytest.raises(InvalidInput):
            service.add(actors.technician, incident.id, [tube.code])


class TestClosing:
    def close(self, actors: People, incident: Incident, **told: str) -> Incident:
        given = {
            "root_cause": "Two visits at the same desk",
            "corrective_action": "One visit at a time",
            **told,
        }
        return service.close(actors.data_manager, incident.id, **given)

    def test_it_says_why_and_what_is_done(self, actors: People):
        tube = make_stored(actors)
        incident = report(actors, tube)
        decide(actors, incident, tube)

        assert state(self.close(actors, incident)) is IncidentState.CLOSED
        with pytest.raises(RuleBroken, match="is closed"):
            service.add(actors.technician, incident.id, [make_stored(actors).code])

    def test_not_before_each_tube_is_decided(self, actors: People):
        with pytest.raises(RuleBroken, match="not decided yet"):
            self.close(actors, report(actors, make_stored(actors)))

    @pytest.mark.parametrize("told", ["root_cause", "corrective_action"])
    def test_both_are_said(self, actors: People, told: str):
        tube = make_stored(actors)
        incident = report(actors, tube)
        decide(actors, incident, tube)

        with pytest.raises(InvalidInput):
            self.close(actors, incident, **{told: " "})


class TestReading:
    def test_other_sites_do_not_see_it(self, actors: People):
        incident = report(actors, make_stored(actors))

        with pytest.raises(NotFound):
            incidents.by_code(actors.other_site_technician, incident.code)
        assert incidents.count_open(actors.other_site_technician) == 0
        assert incidents.count_open(actors.technician) == 1

    def test_pages_do_not_repeat_one(self, actors: People, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("registry.vocab.limits.PAGE_ROWS", 1)
        report(actors, make_stored(actors))
        report(actors, make_stored(actors))

        first, following = incidents.page(actors.technician)
        second, _ = incidents.page(actors.technician, before=following)

        assert first[0].id > second[0].id


def test_every_state_but_the_last_is_left_and_every_act_has_its_row():
    left = {before for before, _act in policies.TRANSITIONS}
    assert left == set(IncidentState) - {IncidentState.CLOSED}
    assert {act for _state, act in policies.TRANSITIONS} == set(IncidentAct)
