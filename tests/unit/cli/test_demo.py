"""The demonstration cohort: its counts, and that its past obeys every law of the registry."""

import random
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Argon2Cost, Settings
from registry.accounts import signing_in
from registry.app import create_app
from registry.applications.models import Application
from registry.audit import queries as journal
from registry.audit.models import AuditEntry
from registry.cli.demo import cohort, plan
from registry.cli.demo.people import SignIn
from registry.consents import decision
from registry.consents.signing.models import Consent
from registry.consents.withdrawals.followup.models import RecallNotice
from registry.consents.withdrawals.models import Withdrawal
from registry.crypto.keyring import Keyring
from registry.custody.destruction.models import DestructionOrder
from registry.custody.exposures.models import Exposure
from registry.custody.incidents import policies, queries as incidents
from registry.custody.incidents.models import Incident
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.shipments.models import Shipment
from registry.identity.models import MatchReview
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.migrations import databases as migrations
from registry.participants.models import Participant
from registry.persistence import database, registry_session, vault_session
from registry.samples.models import QuantityEntry, Sample
from registry.storage.models import Box
from registry.storage.temperatures.models import KnownExcursion
from registry.vocab.applications import State
from registry.vocab.consent import Use
from registry.vocab.custody import HolderKind, OrderStatus
from registry.vocab.identity import ReviewOutcome
from registry.vocab.incidents import IncidentState
from registry.vocab.people import ParticipantStatus, Role
from registry.vocab.shipping import ShipmentState
from registry.vocab.storage import ExposureDecision

SUNDAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 15, tzinfo=clock.PARIS)
SCALE = 0.15


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[SignIn]]:
    """A small demonstration, made once: nothing below changes it."""
    directory = tmp_path_factory.mktemp("told")
    keys_dir = directory / "keys"
    Keyring.generate(keys_dir)
    settings = Settings(
        data_dir=directory,
        registry_url=f"sqlite:///{directory / 'registry.db'}",
        identity_url=f"sqlite:///{directory / 'identity.db'}",
        keys_dir=keys_dir,
        argon2=Argon2Cost(memory_kib=8, passes=1, lanes=1),
        test_identities=True,
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade()
        with clock.frozen(MOMENT):
            sign_ins = cohort.make(Actor.system("demo"), scale=SCALE)
        for engine in database.db.engines.values():
            engine.dispose()
    return settings, sign_ins


@pytest.fixture
def cohort_app(told: tuple[Settings, list[SignIn]]):
    made: Flask = create_app(told[0])
    with made.app_context():
        yield made
        for engine in database.db.engines.values():
            engine.dispose()


def count(query: sa.Select[int]) -> int:
    return registry_session.scalar(query) or 0


def rows_of(model: type, *where: sa.ColumnElement[bool]) -> int:
    return count(sa.select(sa.func.count()).select_from(model).where(*where))


class TestWhatIsThere:
    def test_everybody_can_sign_in_with_the_role_that_was_said(self, cohort_app, told):
        roles = set()
        for one in told[1]:
            actor = signing_in.sign_in(login=one.login, password=one.password, address="127.0.0.1")
            assert actor.roles == {one.role}
            roles.add(one.role)

        assert roles == set(Role)

    def test_there_are_participants_of_every_standing(self, cohort_app):
        assert rows_of(Participant) >= plan.PARTICIPANTS * SCALE
        assert rows_of(Sample) == pytest.approx(6_000 * SCALE, rel=0.1)
        assert rows_of(Participant, Participant.is_incomplete.is_(True))
        assert rows_of(Participant, Participant.status == ParticipantStatus.TENTATIVE)

    def test_doubtful_duplicates_wait_for_a_nurse(self, cohort_app):
        waiting = vault_session.scalars(
            sa.select(MatchReview.outcome).where(
                MatchReview.outcome.in_([ReviewOutcome.OPEN, ReviewOutcome.LATER])
            )
        ).all()

        assert waiting

    def test_some_have_no_consent_and_some_took_theirs_back(self, cohort_app):
        everybody = registry_session.scalars(sa.select(Participant.id)).all()
        decided = decision.decide_many(everybody, Use.ACADEMIC_RESEARCH, SUNDAY)
        rules = Counter(one.rule for one in decided.values())

        # Identity in doubt, withdrawn, nothing on record, expired, agreed.
        assert {1, 2, 3, 6, 13} <= set(rules)
        assert rows_of(Withdrawal) >= 2
        assert len(set(registry_session.scalars(sa.select(Consent.template_id)))) >= 4

    def test_there_is_a_request_in_every_state(self, cohort_app):
        assert set(registry_session.scalars(sa.select(Application.state))) == set(State)

    def test_nobody_decided_their_own_request(self, cohort_app):
        decided = rows_of(Application, Application.decided_by_id.is_not(None))

        assert decided
        assert not rows_of(Application, Application.decided_by_id == Application.requester_id)

    def test_somebody_has_left_and_samples_wait_to_be_destroyed(self, cohort_app):
        orders = registry_session.execute(
            sa.select(DestructionOrder.status, sa.func.count()).group_by(DestructionOrder.status)
        )
        assert set(dict(orders.all())) == {OrderStatus.ORDERED, OrderStatus.DONE}
        assert rows_of(RecallNotice) >= 1

    def test_tubes_wait_to_be_received_and_aliquots_to_be_placed(self, cohort_app):
        rows = registry_session.execute(
            sa.select(Holding.kind, sa.func.count())
            .join(Sample)
            .where(Sample.remaining > Decimal(0))
            .group_by(Holding.kind)
        )
        held = dict(rows.all())

        assert set(held) == set(HolderKind) - {HolderKind.DESTROYED}
        assert held[HolderKind.POSITION] > sum(held.values()) / 2

    def test_one_bag_is_on_its_way_and_another_is_with_the_partner(self, cohort_app):
        states = registry_session.execute(sa.select(Shipment.state, Shipment.partner_id)).all()
        assert {state for state, _ in states} == {ShipmentState.SENT, ShipmentState.SETTLED}
        assert all(partner is not None for _, partner in states)

    def test_one_incident_is_closed_and_another_waits_for_a_decision(self, cohort_app):
        found = registry_session.scalars(sa.select(Incident).order_by(Incident.id)).all()
        waiting = incidents.undecided([one.id for one in found])
        states = [policies.state_of(one, waiting.get(one.id, 0)) for one in found]
        assert states == [IncidentState.CLOSED, IncidentState.OPEN]

    def test_tubes_that_an_excursion_exposed_wait_and_some_are_kept(self, cohort_app):
        assert rows_of(KnownExcursion, KnownExcursion.dropped_at.is_(None)) == 1
        assert rows_of(Exposure, Exposure.decision.is_(None)) >= 1
        assert rows_of(Exposure, Exposure.decision == ExposureDecision.KEPT) >= 1

    def test_loans_are_out_and_others_came_back(self, cohort_app):
        assert rows_of(Loan, Loan.closed_at.is_(None)) >= 5
        assert rows_of(Loan, Loan.closed_at.is_not(None)) >= 5

    def test_boxes_are_full_nearly_full_and_empty(self, cohort_app):
        free = [
            size - taken
            for size, taken in registry_session.execute(
                sa.select(Box.rows * Box.columns, sa.func.count(Holding.sample_id))
                .outerjoin(Holding, Holding.box_id == Box.id)
                .group_by(Box.id)
            )
        ]

        assert min(free) == 0
        assert 81 in free or 100 in free


class TestTheLaws:
    def test_the_journal_holds_and_is_in_the_order_of_time(self, cohort_app):
        moments = registry_session.scalars(sa.select(AuditEntry.at).order_by(AuditEntry.seq)).all()

        assert journal.verify(Actor.system("test")).broken is None
        assert all(earlier <= later for earlier, later in pairwise(moments))
        assert (moments[-1] - moments[0]).days > 500

    def test_what_is_left_is_the_sum_of_the_ledger_and_never_below_nothing(self, cohort_app):
        sums = (
            sa.select(QuantityEntry.sample_id, sa.func.sum(QuantityEntry.delta).label("total"))
            .group_by(QuantityEntry.sample_id)
            .subquery()
        )
        wrong = count(
            sa.select(sa.func.count())
            .select_from(Sample)
            .join(sums, sums.c.sample_id == Sample.id)
            .where(sa.or_(Sample.remaining != sums.c.total, Sample.remaining < Decimal(0)))
        )

        assert wrong == 0

    def test_what_children_received_was_drawn_from_their_parents(self, cohort_app):
        drawn = registry_session.execute(
            sa.select(QuantityEntry.sample_id, QuantityEntry.other_id, QuantityEntry.delta).where(
                QuantityEntry.other_id.is_not(None)
            )
        ).all()
        given = Counter((child, parent) for child, parent, delta in drawn if delta > 0)
        taken = Counter((child, parent) for parent, child, delta in drawn if delta < 0)

        assert given
        assert given == taken
        assert sum(delta for _, _, delta in drawn) == 0

    def test_every_sample_has_one_holder_and_its_chain_leads_there(self, cohort_app):
        last = (
            sa.select(CustodyAct.sample_id, sa.func.max(CustodyAct.seq).label("seq"))
            .group_by(CustodyAct.sample_id)
            .subquery()
        )
        agreeing = count(
            sa.select(sa.func.count())
            .select_from(Holding)
            .join(last, last.c.sample_id == Holding.sample_id)
            .join(
                CustodyAct,
                sa.and_(CustodyAct.sample_id == last.c.sample_id, CustodyAct.seq == last.c.seq),
            )
            .where(
                Holding.acts == last.c.seq,
                Holding.kind == CustodyAct.holder_after,
                Holding.place == CustodyAct.place,
            )
        )

        assert agreeing == rows_of(Sample) == rows_of(Holding)

    def test_no_two_samples_share_a_cell(self, cohort_app):
        cells = registry_session.execute(
            sa.select(Holding.box_id, Holding.row, Holding.col).where(Holding.box_id.is_not(None))
        ).all()

        assert len(cells) == len(set(cells))

    def test_every_open_loan_is_in_the_hands_of_its_borrower(self, cohort_app):
        out = registry_session.execute(
            sa.select(Loan.person_id, Holding.person_id, Holding.kind)
            .join(Holding, Holding.sample_id == Loan.sample_id)
            .where(Loan.closed_at.is_(None))
        ).all()

        assert {(person == holder, kind) for person, holder, kind in out} == {
            (True, HolderKind.PERSON)
        }

    def test_nobody_who_is_in_doubt_or_unsigned_gave_a_tube(self, cohort_app):
        with_tubes = set(
            registry_session.scalars(
                sa.select(Sample.participant_id).where(Sample.kit_tube_id.is_not(None))
            )
        )
        with_consent = set(registry_session.scalars(sa.select(Consent.participant_id)))
        in_doubt = set(
            registry_session.scalars(
                sa.select(Participant.id).where(Participant.status == ParticipantStatus.TENTATIVE)
            )
        )

        assert with_tubes <= with_consent
        assert not with_tubes & in_doubt

    def test_no_password_and_no_name_is_written_in_clear(self, cohort_app, told):
        settings, sign_ins = told
        story = plan.make(random.Random(cohort.SEED), SUNDAY, SCALE)
        secrets = [one.password for one in sign_ins]
        # Long enough not to stand in a file by chance.
        secrets += [
            one.traits.given_names
            for one in story.inclusions
            if one.traits.given_names and len(one.traits.given_names) > 12
        ]
        files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
        written = b"".join(path.read_bytes() for path in files)

        assert secrets[8:]
        assert not [text for text in secrets if text.encode() in written]
