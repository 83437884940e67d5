"""Who could bind the participant on the day of the signature, and until when that carries.

Nobody on record is the participant alone.  An opposition counts whoever says
it; an agreement counts only from who could give it.
"""

from datetime import date, timedelta

from registry.consents.decision.facts import Signatory, SignedConsent
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.consent import Audience, Regime, SignatoryRole, Stance

SELF = SignatoryRole.SELF
PARENTS = frozenset({SignatoryRole.PARENT, SignatoryRole.SECOND_PARENT})
#: Who acts on a judgment or a mandate, which has its days.
ON_AUTHORITY = frozenset({SignatoryRole.GUARDIAN, SignatoryRole.MANDATE})
#: Together they attest the agreement of somebody who cannot write.
ATTESTING = frozenset({SignatoryRole.TRUSTED_PERSON, SignatoryRole.WITNESS})

_OPPOSED = T("Somebody who has a say in it opposed it on the form.")
_NO_PARENT = T("A parent signed for somebody who is not known to have been a minor on that day.")
_NO_AUTHORITY = T(
    "Whoever signed for the participant shows no judgment or mandate that held on that day."
)
_NOBODY = T("Nobody signed the form who may sign it for this participant.")


def was_minor(signed_on: date, adult_from: date | None) -> bool:
    """Whether the participant surely was a minor on that day."""
    return adult_from is not None and signed_on < adult_from


def _may_have_been_minor(signed_on: date, adult_from: date | None) -> bool:
    """As `adult_from` is the first of the month, the birthday may come weeks later."""
    grace = timedelta(days=limits.MINOR_FORM_DAYS)
    return adult_from is not None and signed_on <= adult_from + grace


def agreeing(consent: SignedConsent) -> frozenset[SignatoryRole]:
    """Those who agreed."""
    if not consent.signatories:
        return frozenset({SELF})
    return frozenset(one.role for one in consent.signatories if one.stance is Stance.AGREES)


def _has_authority(one: Signatory, signed_on: date) -> bool:
    return (
        one.has_authority
        and one.authority_from is not None
        and one.authority_from <= signed_on
        and (one.authority_to is None or signed_on <= one.authority_to)
    )


def flaw(consent: SignedConsent, adult_from: date | None) -> Message | None:
    """Why the signatures do not bind the participant, or None if they do."""
    if any(one.stance is Stance.OPPOSES for one in consent.signatories):
        return _OPPOSED
    for one in consent.signatories:
        if one.stance is not Stance.AGREES:
            continue
        if one.role in ON_AUTHORITY and not _has_authority(one, consent.signed_on):
            return _NO_AUTHORITY
        if one.role in PARENTS and not _may_have_been_minor(consent.signed_on, adult_from):
            return _NO_PARENT
    if consent.regime is Regime.EXPRESS and not _is_enough(consent, adult_from):
        return _NOBODY
    return None


def _is_enough(consent: SignedConsent, adult_from: date | None) -> bool:
    """Whether somebody signed who can bind the participant, each of whom had the right to."""
    signed = agreeing(consent)
    if was_minor(consent.signed_on, adult_from) or consent.audience is Audience.MINOR:
        return bool(signed & (PARENTS | {SignatoryRole.GUARDIAN}))
    if consent.audience is Audience.PROTECTED_ADULT:
        return bool(signed & ON_AUTHORITY)
    return by_participant(consent) or bool(signed & (ON_AUTHORITY | PARENTS))


def ended(consent: SignedConsent) -> date | None:
    """The first day on which a mandate by which the form was signed holds no longer."""
    return min(
        (
            one.authority_to + timedelta(days=1)
            for one in consent.signatories
            if one.role in ON_AUTHORITY
            and one.stance is Stance.AGREES
            and one.authority_to is not None
        ),
        default=None,
    )


def by_participant(consent: SignedConsent) -> bool:
    """Whether the participant signed, by their own hand or attested."""
    signed = agreeing(consent)
    return SELF in signed or signed >= ATTESTING
