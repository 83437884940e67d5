"""What the page of a participant tells: what happened, what is allowed, what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.consents.decision import Decision
from registry.consents.signing.models import Consent, ConsentInformation
from registry.consents.signing.policies import proof_standing
from registry.consents.withdrawals.models import Withdrawal
from registry.custody.queries import Listed
from registry.identity import service as identity
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.participants.queries import PlannedVisit
from registry.vocab.consent import Channel, CheckOutcome, ProofState, Use, Verdict
from registry.vocab.people import ParticipantStatus, Role
from registry.web.templating import day


@dataclass(frozen=True)
class Story:
    """Everything that the page shows."""

    participant: Participant
    planned: Sequence[PlannedVisit]
    standing: Mapping[Use, Decision]
    consents: Sequence[Consent]
    withdrawals: Sequence[Withdrawal]
    informed: Sequence[ConsentInformation]
    samples: Sequence[Listed]

    @property
    def corrected(self) -> frozenset[int]:
        """The consents that a later record corrects."""
        return frozenset(one.supersedes_id for one in self.consents if one.supersedes_id)

    @property
    def counting(self) -> Sequence[Consent]:
        """The consents that no later record corrects."""
        return [one for one in self.consents if one.id not in self.corrected]

    @property
    def superseded(self) -> Sequence[Consent]:
        """The consents that a later record corrects."""
        return [one for one in self.consents if one.id in self.corrected]

    @property
    def due(self) -> PlannedVisit | None:
        """The planned visit whose window is open and which has not taken place."""
        today = clock.today()
        return next(
            (
                one
                for one in self.planned
                if one.visit is None and one.earliest <= today <= one.latest
            ),
            None,
        )

    @property
    def following(self) -> PlannedVisit | None:
        """The next planned visit whose window has not opened yet."""
        today = clock.today()
        return next(
            (one for one in self.planned if one.visit is None and one.earliest > today), None
        )


@dataclass(frozen=True)
class Step:
    """What comes next: why, and the one button that does it (none when nothing is to be done)."""

    sentence: Message
    label: Message | None = None
    url: str | None = None
    #: How it looks: go, wait or stop.
    tone: str = "go"


@dataclass(frozen=True)
class Event:
    """Something that happened, and when the registry learnt of it."""

    day: date
    recorded_at: datetime
    text: Message


def next_step(actor: Actor, story: Story) -> Step:
    """What the signed-in person is asked to do next for this participant."""
    participant = story.participant
    if participant.status is ParticipantStatus.MERGED and participant.merged_into:
        survivor = participant.merged_into
        return Step(
            T("This is the same person as {code}.", code=survivor.shown_code),
            T("Open {code}", code=survivor.shown_code),
            url_for("participants.show", code=survivor.code),
        )
    if participant.identity_erased_on is not None:
        return Step(
            T("The identity was erased: nobody can be asked, and nothing new is recorded."),
            tone="stop",
        )
    if participant.status is ParticipantStatus.TENTATIVE:
        return _settle(actor, participant)
    collecting = story.standing[Use.COLLECT]
    if collecting.verdict is not Verdict.ALLOW:
        return _ask(actor, story, collecting)
    return _draw(actor, story)


def _settle(actor: Actor, participant: Participant) -> Step:
    sentence = T("Somebody known already may be the same person. Until this is settled, nothing "
                 "can be done with the samples.")  # fmt: skip
    if not allows(actor, Permission.IDENTITY_REVIEW):
        return Step(sentence, tone="wait")
    waiting = identity.open_reviews(actor, of=participant.person_uid)
    for review in waiting:
        if review.may_decide:
            url = url_for("reviews.show", review_id=review.id)
            return Step(sentence, T("Compare the identities"), url, tone="wait")
    if waiting:
        names = ", ".join(person.name for person in accounts.holders(Role.IDENTITY_OFFICER))
        sentence = T(
            "Another hospital may know this person already. The identity officer decides: "
            "call {names}. Until then, nothing can be done with the samples.",
            names=names or "–",
        )
    return Step(sentence, tone="wait")


def _ask(actor: Actor, story: Story, collecting: Decision) -> Step:
    if collecting.is_withdrawn:
        return Step(collecting.reason, tone="stop")
    if not allows(actor, Permission.CONSENT_RECORD, story.participant):
        return Step(collecting.reason, tone="wait")
    return _mend(story, collecting) or Step(
        collecting.reason,
        T("Record a new consent") if story.consents else T("Record the consent"),
        url_for("consents.new", code=story.participant.code),
    )


def _mend(story: Story, collecting: Decision) -> Step | None:
    """What a form that stopped the use lacks: a scan, or a record that says what was signed."""
    for one in story.counting:
        if one.audit_ref not in collecting.evidence:
            continue
        named: dict[str, Any] = {"code": story.participant.code, "consent_id": one.id}
        if one.checks and one.checks[-1].outcome is CheckOutcome.FAILED:
            again = one.channel is Channel.SCREEN
            label = T("Have it signed again") if again else T("Correct the record")
            page = "signing.again" if again else "consents.correct"
            return Step(collecting.reason, label, url_for(page, **named))
        if proof_standing(one, clock.today()).state is ProofState.MISSING:
            return Step(collecting.reason, T("Attach the scan"), url_for("proofs.attach", **named))
    return None


def _draw(actor: Actor, story: Story) -> Step:
    due, following = story.due, story.following
    if due is not None:
        sentence = T("{visit} is due until {day}.", visit=due.plan.name, day=day(due.latest))
        if due.plan.kits and allows(actor, Permission.VISIT_RECORD, story.participant):
            kit = due.plan.kits[0]
            url = url_for("kits.new", code=story.participant.code, visit=due.plan.id, kit=kit.id)
            return Step(sentence, T("Register the tubes: {kit}", kit=kit.name), url)
        return Step(sentence)
    if following is not None:
        return Step(
            T(
                "Nothing is due. {visit} can take place from {day} on.",
                visit=following.plan.name,
                day=day(following.earliest),
            )
        )
    return Step(T("Nothing is due: no further visit is planned."))


def timeline(story: Story) -> list[Event]:
    """What happened to the participant, latest first."""
    return sorted(_events(story), key=lambda event: (event.day, event.recorded_at), reverse=True)


def _events(story: Story) -> Iterator[Event]:
    participant = story.participant
    yield Event(
        participant.included_on,
        participant.recorded_at,
        T("Included in {cohort}", cohort=participant.cohort.name),
    )
    for consent in story.consents:
        form = consent.template
        said = T("Signed: {title}, version {version}", title=form.title, version=form.number)
        if consent.id in story.corrected:
            said = T("{event} (corrected since)", event=said)
        yield Event(consent.signed_on, consent.recorded_at, said)
    for withdrawal in story.withdrawals:
        yield Event(withdrawal.effective_on, withdrawal.recorded_at, T("Withdrew consent"))
    for visit in participant.visits:
        name = visit.plan.name if visit.plan else T("A visit that was not planned")
        yield Event(visit.occurred_on, visit.recorded_at, T("Visit: {visit}", visit=name))
        for kit in visit.kits:
            drawn_on = clock.to_paris(kit.collected_at).date()
            yield Event(drawn_on, kit.recorded_at, T("Drawn: {kit}", kit=kit.kit.name))
