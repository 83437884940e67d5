"""FHIR R4 Consent resources read as signed forms, each validated and each named in its refusal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import pydantic
from fhir.resources.R4B.consent import Consent as Resource

from registry.consents.exchange import naming
from registry.consents.signing.parties import Signatory
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab.consent import Answer, Channel, Language, SignatoryRole, Stance

_FIRST_PROBLEMS = 3


@dataclass(frozen=True)
class Incoming:
    """A signed form as another system tells it."""

    participant_code: str
    template_code: str
    version: int
    template_language: Language
    signed_on: date
    answers: Mapping[str, Answer]
    channel: Channel
    explained_in: Language | None
    information_given_on: date | None
    signatories: tuple[Signatory, ...] = ()


def resources(text: str) -> Sequence[Mapping[str, Any]]:
    """The Consent resources of a Bundle, of a file with one on each line, or the one there is.

    :raises InvalidInput: it is no JSON, or holds no Consent.
    """
    consents = [one for one in _unpacked(text) if one.get("resourceType") == "Consent"]
    if not consents:
        raise InvalidInput(T("The file holds no Consent resource."), field="file")
    return consents


def _unpacked(text: str) -> Iterator[Mapping[str, Any]]:
    for one in _decoded(text):
        if isinstance(one, dict) and one.get("resourceType") == "Bundle":
            entries = one.get("entry") or ()
            yield from (entry.get("resource") or {} for entry in entries)
        elif isinstance(one, dict):
            yield one


def _decoded(text: str) -> Sequence[Any]:
    """The file as one JSON value, or as one on each line."""
    lines = [line for line in text.splitlines() if line.strip()]
    for parts in ([text], lines):
        with suppress(ValueError):
            return [json.loads(part) for part in parts]
    raise InvalidInput(T("This is no FHIR file: it holds no JSON that can be read."), field="file")


def read(resource: Mapping[str, Any]) -> Incoming:
    """One resource as a signed form.

    :raises InvalidInput: it is no valid FHIR R4 Consent, is not in force, or
        does not say who signed which form when, in the names that are known here.
    """
    try:
        valid = Resource.model_validate(dict(resource))
    except pydantic.ValidationError as refusal:
        raise InvalidInput(_told(refusal)) from None
    if valid.status != "active":
        raise InvalidInput(T("Only a consent with the status “active” is taken."), field="status")
    if any(one.get("system") == naming.WITHDRAWAL for one in resource.get("identifier") or ()):
        raise InvalidInput(
            T("This is a withdrawal. Record it on the participant’s page, with what it asks for."),
            field="identifier",
        )
    code, version, spoken = _template(valid)
    extensions = _extensions(resource)
    return Incoming(
        participant_code=_participant(resource),
        template_code=code,
        version=version,
        template_language=spoken,
        signed_on=_day(resource.get("dateTime"), "dateTime"),
        answers=dict(_answers(resource)),
        channel=_member(Channel, extensions.get(naming.CHANNEL, Channel.IMPORT), "channel"),
        explained_in=(
            _member(Language, extensions[naming.LANGUAGE], "language")
            if naming.LANGUAGE in extensions
            else None
        ),
        information_given_on=(
            _day(extensions[naming.INFORMED], "information_given_on")
            if naming.INFORMED in extensions
            else None
        ),
        signatories=tuple(
            _signatory(one)
            for one in resource.get("extension") or ()
            if one.get("url") == naming.SIGNATORY
        ),
    )


def _signatory(extension: Mapping[str, Any]) -> Signatory:
    parts = _extensions(extension)
    return Signatory(
        role=_member(SignatoryRole, parts.get("role", ""), "signatory"),
        stance=_member(Stance, parts.get("stance", ""), "signatory"),
        authority_from=_day_if_any(parts.get("authority_from")),
        authority_to=_day_if_any(parts.get("authority_to")),
        alone_reason=parts.get("alone_reason"),
    )


def _day_if_any(value: str | None) -> date | None:
    return _day(value, "signatory") if value else None


def _told(refusal: pydantic.ValidationError) -> Message:
    """The first places at which the resource breaks the standard; never what stands there."""
    places = [".".join(map(str, one["loc"])) for one in refusal.errors()[:_FIRST_PROBLEMS]]
    return T("This is no valid FHIR R4 Consent: see {places}.", places=", ".join(places))


def _template(valid: Any) -> tuple[str, int, Language]:
    for policy in valid.policy or ():
        uri = str(policy.uri or "")
        if uri.startswith(f"{naming.TEMPLATE}:"):
            parts = uri.removeprefix(f"{naming.TEMPLATE}:").split(":")
            if len(parts) == 3 and parts[1].isdigit() and parts[2] in set(Language):
                return parts[0], int(parts[1]), Language(parts[2])
    raise InvalidInput(
        T(
            "It names no form of this registry. The policy is written {example}.",
            example=naming.template_uri("CODE", 1, "fr"),
        ),
        field="policy",
    )


def _participant(resource: Mapping[str, Any]) -> str:
    identifier = (resource.get("patient") or {}).get("identifier") or {}
    if identifier.get("system") != naming.PARTICIPANT or not identifier.get("value"):
        raise InvalidInput(
            T(
                "It names no participant: patient.identifier needs the system {system}.",
                system=naming.PARTICIPANT,
            ),
            field="patient",
        )
    return str(identifier["value"])


def _answers(resource: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
    """Each item's answer; without the extension a permit agrees and anything else is unclear."""
    for provision in (resource.get("provision") or {}).get("provision") or ():
        told = _extensions(provision).get(naming.ANSWER)
        permits = provision.get("type") == "permit"
        answer = (
            _member(Answer, told, "answer")
            if told
            else (Answer.ACCEPTED if permits else Answer.REFUSED)
        )
        if (answer is Answer.ACCEPTED) is not permits:
            raise InvalidInput(
                T("A provision contradicts the answer that stands beside it."), field="provision"
            )
        for concept in provision.get("code") or ():
            for coding in concept.get("coding") or ():
                if coding.get("system") == naming.ITEM:
                    yield str(coding.get("code")), answer


def _extensions(element: Mapping[str, Any]) -> dict[str, str]:
    """The simple extensions of an element, by their addresses."""
    return {
        one["url"]: one.get("valueCode") or one.get("valueDate") or one.get("valueString") or ""
        for one in element.get("extension") or ()
        if "extension" not in one
    }


def _day(value: Any, field: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidInput(T("A whole day is needed, such as 2026-03-12."), field=field) from None


def _member(members: Any, value: str, field: str) -> Any:
    try:
        return members(value)
    except ValueError:
        raise InvalidInput(T("Choose one of the values offered."), field=field) from None
