"""Making a list of contacts: one sealed file, its password said once and kept nowhere."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from registry import audit
from registry.access import Permission, require
from registry.crypto.archives import new_password, sealed_zip
from registry.identity import discretion, pace, persons, sites
from registry.identity.contact_data.queries import Contact
from registry.identity.keys import OpenVault
from registry.identity.models import Person
from registry.identity.opening import open_to_read
from registry.identity.reveal import checked_reason, in_clear, seen_by
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.kernel.sheets import sheet
from registry.persistence import transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing
from registry.vocab.people import ContactPurpose

_NUMBER_BYTES = 4

_HEADINGS = (
    T("Participant code"),
    T("Birth name"),
    T("Given names"),
    T("Used name"),
    T("Birth date"),
    T("Address"),
    T("Postal code"),
    T("Town"),
    T("Telephone"),
    T("Other telephone"),
    T("E-mail address"),
)


@dataclass(frozen=True)
class Wanted:
    """A participant to put on the list: the code under which the study knows the person."""

    person_uid: str
    code: str
    site_id: int


@dataclass(frozen=True, repr=False)
class ContactList:
    """A sealed list and its password: handed over once, kept nowhere."""

    number: str
    file: bytes
    password: str
    codes: Sequence[str]
    #: Those whose identity was erased.
    erased: int

    @property
    def file_name(self) -> str:
        """What the file is called; the record knows it by the same number."""
        return f"contacts-{self.number}.zip"


@transactional
def export(
    actor: Actor,
    wanted: Sequence[Wanted],
    *,
    purpose: ContactPurpose,
    reason: str,
    say: Callable[[Message], str],
    left_out: Mapping[str, int],
) -> ContactList:
    """A sealed list of the wanted participants.  Who took it, of whom and why is recorded first.

    The caller has left out whoever may not be contacted; `left_out` says how
    many, for the record.  `say` puts the headings into words.

    :raises NotPermitted: the actor's roles do not allow it at the site of each participant.
    :raises NotFound: an identity was not received at the actor's sites.
    :raises RuleBroken: nobody is left, or they are too many.
    :raises InvalidInput: no reason is given, or it says who one of them is.
    :raises TooManyAttempts: the actor has looked at too many in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.CONTACTS_EXPORT)
    for one in wanted:
        require(actor, Permission.CONTACTS_EXPORT, one)
    opened = open_to_read()
    reason = checked_reason(reason)
    _check_number(wanted)
    number = secrets.token_hex(_NUMBER_BYTES)
    pace.check(actor, pace.LOOKS, f"contacts:{number}")
    found = [(one, persons.by_uid(one.person_uid)) for one in wanted]
    there = [(one, who) for one, who in found if who.standing is not Standing.ERASED]
    lines = [[say(heading) for heading in _HEADINGS]]
    lines += (_line(actor, opened, one, who, reason) for one, who in there)
    password = new_password()
    made = ContactList(
        number,
        sealed_zip(f"contacts-{number}.csv", sheet(lines), password),
        password,
        [one.code for one, _ in there],
        len(found) - len(there),
    )
    _record(actor, made, wanted, purpose=purpose, reason=reason, left_out=left_out)
    return made


def _check_number(wanted: Sequence[Wanted]) -> None:
    if not wanted:
        raise RuleBroken(T("Nobody among these participants may be contacted."))
    if len(wanted) > limits.CONTACTS_MAX:
        raise RuleBroken(
            T(
                "One list holds at most {count} participants, these are {found}. Choose fewer.",
                count=limits.CONTACTS_MAX,
                found=len(wanted),
            )
        )


def _record(
    actor: Actor,
    made: ContactList,
    wanted: Sequence[Wanted],
    *,
    purpose: ContactPurpose,
    reason: str,
    left_out: Mapping[str, int],
) -> None:
    places = {one.site_id for one in wanted}
    audit.record(
        actor,
        AuditTag.CONTACTS_EXPORTED,
        f"contacts:{made.number}",
        reason=reason,
        site_id=places.pop() if len(places) == 1 else None,
        kind=purpose,
        count=len(made.codes),
        codes=made.codes,
        left_out=dict(left_out),
        erased=made.erased,
        sha256=hashlib.sha256(made.file).hexdigest(),
    )


def _line(
    actor: Actor, opened: OpenVault, wanted: Wanted, person: Person, reason: str
) -> list[str]:
    """One person's line, as the actor's sites know the person; leave is asked at one of them.

    :raises InvalidInput: the reason says who the person is.
    """
    group = persons.group_of(person.id)
    sites.require_at_any(actor, Permission.CONTACTS_EXPORT, persons.sites_of(group))
    whole = in_clear(opened, person)
    discretion.check_reason(actor, person, reason, whole.traits, whole.numbers)
    shown = seen_by(actor, opened, person, group, permission=Permission.CONTACTS_EXPORT)
    traits = shown.traits
    contact = shown.contact or Contact(postal_code=traits.postal_code, town=traits.town)
    born = traits.birth_date
    values = (
        traits.birth_name,
        traits.given_names,
        traits.used_name,
        born.strftime("%d/%m/%Y") if born else None,
        contact.address,
        contact.postal_code,
        contact.town,
        contact.telephone,
        contact.other_telephone,
        contact.email,
    )
    return [wanted.code, *(value or "" for value in values)]
