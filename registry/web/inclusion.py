"""Including a person: who resembles is asked about before anything is stored.

What was typed travels in the form alone, there and back.  A seal over it tells
whether an answer is still about what is typed now; it tells nothing else.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, request, session, url_for

from registry.accounts.models import Site
from registry.identity import numbers, service as identity
from registry.identity.service import Enrolment, Found
from registry.identity.traits import HospitalId, Traits
from registry.kernel import ages
from registry.kernel.actor import Actor
from registry.kernel.errors import TooManyAttempts
from registry.kernel.messages import T
from registry.participants import queries as participants, service
from registry.participants.models import Participant
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Standing
from registry.vocab.people import ParticipantStatus, Sex
from registry.web.forms.base import SchemaForm
from registry.web.guards import current_actor
from registry.web.notices import Notice, notify

#: In the session: codes alone.
LAST_COHORT = "last_cohort"
LABEL_FOR = "label_for"

_TRAITS = ("birth_name", "given_names", "used_name", "birth_date", "sex", "birth_place")


@dataclass(frozen=True, repr=False)
class Newcomer:
    """Somebody to include, as typed."""

    actor: Actor
    traits: Traits
    identifier: HospitalId | None
    site: Site
    cohort_id: int
    sex: Sex
    included_on: date
    prints_label: bool

    @classmethod
    def of(cls, form: SchemaForm, site: Site) -> "Newcomer":
        """What the validated form holds."""
        given = form.cleaned
        traits, identifier = identity_of(form, site)
        return cls(
            current_actor(),
            traits,
            identifier,
            site,
            given["cohort_id"],
            given["sex"],
            given["included_on"],
            bool(given.get("print_label")),
        )


def identity_of(form: SchemaForm, site: Site) -> tuple[Traits, HospitalId | None]:
    """What was typed, as the vault takes it."""
    given = form.cleaned
    number = given["hospital_identifier"]
    traits = Traits(**{name: given.get(name) for name in _TRAITS})
    return traits, HospitalId(site.code, number) if number else None


@dataclass(frozen=True)
class Candidate:
    """Somebody known who may be the person: codes and agreement, never a name."""

    found: Found
    participants: Sequence[Participant]
    may_decide: bool


@dataclass(frozen=True)
class Question:
    """Those who may be the person, and the seal of what was typed when it was asked."""

    candidates: Sequence[Candidate]
    seal: str


def question(newcomer: Newcomer) -> Question | None:
    """Whom to ask about before the person is included; None when nobody or somebody certain is.

    Whoever has searched too often is not held up: doubts wait in the list instead.
    """
    try:
        found = identity.look_alikes(
            newcomer.actor,
            traits=newcomer.traits,
            hospital_identifier=newcomer.identifier,
            site=newcomer.site.code,
        )
    except TooManyAttempts:
        return None
    if not found or found[0].is_certain:
        return None
    uids = [one.person_uid for one in found]
    places = identity.places_of(newcomer.actor, uids, site=newcomer.site.code)
    known: dict[str, list[Participant]] = {uid: [] for uid in uids}
    for participant in participants.of_persons(newcomer.actor, uids):
        known[participant.person_uid].append(participant)
    candidates = [
        Candidate(one, known[one.person_uid], places[one.person_uid].may_decide) for one in found
    ]
    return Question(candidates, _seal(newcomer, uids))


def answers(newcomer: Newcomer) -> Mapping[str, ReviewOutcome] | None:
    """What was answered about those who resemble; None when it was not asked about what is typed.

    Whoever is left undecided is asked about in the list.
    """
    uids = request.form.getlist("alike")
    seal = request.form.get("asked", "")
    if not uids or not hmac.compare_digest(seal.encode(), _seal(newcomer, uids).encode()):
        return None
    said = {uid: request.form.get(f"alike-{uid}") for uid in uids}
    outcomes = {one.value: one for one in (ReviewOutcome.SAME, ReviewOutcome.DIFFERENT)}
    return {uid: outcomes[answer] for uid, answer in said.items() if answer in outcomes}


def _seal(newcomer: Newcomer, uids: Sequence[str]) -> str:
    """A keyed digest of who asked, what was typed, and whom it resembled."""
    number = newcomer.identifier.number if newcomer.identifier else ""
    typed = [*sorted(newcomer.traits.as_text().items()), number, newcomer.site.code]
    secret = current_app.secret_key or b""
    secret = secret.encode() if isinstance(secret, str) else secret
    payload = json.dumps([newcomer.actor.id, typed, sorted(uids)])
    return hmac.new(secret, payload.encode(), hashlib.sha256).hexdigest()


def include(newcomer: Newcomer, decided: Mapping[str, ReviewOutcome]) -> str:
    """Take the identity in and enrol the person; where to go on."""
    actor, traits = newcomer.actor, newcomer.traits
    taken = identity.enrol(
        actor,
        traits=traits,
        hospital_identifier=newcomer.identifier,
        site=newcomer.site.code,
        decided=decided,
    )
    known = participants.in_cohort(actor, taken.person_uid, newcomer.cohort_id)
    is_doubtful = taken.standing is Standing.TENTATIVE
    participant = service.enrol(
        actor,
        person_uid=taken.person_uid,
        cohort_id=newcomer.cohort_id,
        site_id=newcomer.site.id,
        birth_year=traits.birth_date.year if traits.birth_date else None,
        adult_from=ages.adult_from(traits.birth_date),
        sex=newcomer.sex,
        status=ParticipantStatus.TENTATIVE if is_doubtful else ParticipantStatus.ENROLLED,
        is_incomplete=bool(taken.missing),
        included_on=newcomer.included_on,
    )
    if participant.status is ParticipantStatus.TENTATIVE and not is_doubtful:
        # The vault has settled who this is, and a crash kept the cohort from hearing it.
        identity.settle(actor, taken.person_uid)
    _tell(newcomer, taken, participant, was_known=known is not None)
    session[LAST_COHORT] = newcomer.cohort_id
    if newcomer.prints_label and known is None:
        session[LABEL_FOR] = participant.code
    return url_for("participants.show", code=participant.code)


def _tell(
    newcomer: Newcomer, taken: Enrolment, participant: Participant, *, was_known: bool
) -> None:
    """Say what became of the person."""
    code = participant.shown_code
    if was_known:
        notify(
            T("This person was already included, as {code}. Nothing was doubled.", code=code),
            Notice.INFO,
        )
    elif taken.standing is Standing.TENTATIVE:
        notify(
            T(
                "{code} was saved, to be confirmed: somebody known already may be the same person.",
                code=code,
            ),
            Notice.WARNING,
        )
    elif taken.outcome is EnrolmentOutcome.NEW:
        notify(T("{code} was included.", code=code))
    else:
        notify(T("{code} was included: a person known already, new in this cohort.", code=code))
    if newcomer.identifier and numbers.undecided(taken.person_uid):
        notify(
            T(
                "This hospital has given the person two numbers by now. The new one is kept beside "
                "the one in use: say which is in use under “Correct the identity”."
            ),
            Notice.WARNING,
        )
