"""Entries about looks as people read them: names of accounts, codes of participants, kinds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.accounts import queries as accounts
from registry.audit.models import AuditEntry
from registry.audit.rules import seen_uids
from registry.identity import references
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab.audit import AuditTag
from registry.vocab.consent import ProofReason
from registry.vocab.labels import label
from registry.vocab.people import ContactPurpose, RevealReason
from registry.vocab.pseudonyms import ReversalReason
from registry.web.language import translate
from registry.web.templating import paris, tag_label

_KINDS: Mapping[str, type[StrEnum]] = {
    AuditTag.IDENTITY_REVEALED: RevealReason,
    AuditTag.CONTACTS_EXPORTED: ContactPurpose,
    AuditTag.PSEUDONYM_REVERSED: ReversalReason,
    AuditTag.CONSENT_PROOF_OPENED: ProofReason,
}

_HEADINGS = (
    T("No."),
    T("When"),
    T("Who looked"),
    T("What was done"),
    T("Participant code"),
    T("Site"),
    T("What for"),
    T("Reason"),
)


@dataclass(frozen=True)
class Line:
    """One entry with its words."""

    entry: AuditEntry
    who: str
    #: The participants that the person looked at is, of those who are in a cohort.
    participants: Sequence[Participant]
    #: The codes on a list of contacts.
    codes: Sequence[str]
    site: str
    kind: Message | None


def lines(actor: Actor, entries: Sequence[AuditEntry]) -> list[Line]:
    """The entries with their words, in a number of statements that does not grow."""
    names = accounts.names({entry.actor_id for entry in entries if entry.actor_id is not None})
    places = {site.id: site.name for site in accounts.sites()}
    known = participants_of(actor, entries)
    return [
        Line(
            entry,
            names.get(entry.actor_id or 0, entry.actor_login),
            known[entry.seq],
            entry.details.get("codes", ()),
            places.get(entry.site_id or 0, ""),
            _kind(entry),
        )
        for entry in entries
    ]


def participants_of(
    actor: Actor, entries: Sequence[AuditEntry]
) -> Mapping[int, Sequence[Participant]]:
    """Whom each entry is about as participants today, by the entry's number."""
    uids = {uid for entry in entries for uid in seen_uids(entry)}
    now = references.today(actor, uids)
    followed: dict[str, list[Participant]] = {}
    for one in participants.of_persons(actor, set(now.values())):
        followed.setdefault(one.person_uid, []).append(one)
    refs = (entry.object_ref.partition(":") for entry in entries)
    codes = {code for kind, _, code in refs if kind == "participant"}
    coded = {one.audit_ref: one for one in participants.with_codes(actor, codes)}
    found = {}
    for entry in entries:
        seen = [one for uid in seen_uids(entry) for one in followed.get(now.get(uid, ""), ())]
        seen += [coded[entry.object_ref]] if entry.object_ref in coded else []
        found[entry.seq] = list(dict.fromkeys(seen))
    return found


def _kind(entry: AuditEntry) -> Message | None:
    kinds = _KINDS.get(entry.tag)
    code = entry.details.get("kind")
    return label(kinds(code)) if kinds is not None and code in set(kinds) else None


def cells(found: Sequence[Line]) -> Iterator[list[str]]:
    """The lines of the file, the headings first."""
    yield [translate(heading) for heading in _HEADINGS]
    for line in found:
        codes = [*(one.shown_code for one in line.participants), *line.codes]
        yield [
            str(line.entry.seq),
            paris(line.entry.at),
            line.who,
            tag_label(line.entry.tag),
            " ".join(codes),
            line.site,
            translate(line.kind) if line.kind else "",
            line.entry.reason or "",
        ]
