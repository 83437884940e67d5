"""What may be withdrawn when, and what follows from what: the tables below say it once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab.consent import SignatoryRole, Use, WithdrawalEffect, WithdrawalScope

Effects = frozenset[WithdrawalEffect]

_NO_CONTACT = WithdrawalEffect.NO_CONTACT
_STOP_COLLECTION = WithdrawalEffect.STOP_COLLECTION
_STOP_USE = WithdrawalEffect.STOP_USE

#: Who withdraws from everything is not contacted, collected from or used any more.
IMPLIED_BY_SCOPE: Mapping[WithdrawalScope, Effects] = {
    WithdrawalScope.ALL: frozenset({_NO_CONTACT, _STOP_COLLECTION, _STOP_USE}),
    WithdrawalScope.USES: frozenset(),
    WithdrawalScope.ITEMS: frozenset(),
    WithdrawalScope.PROJECTS: frozenset(),
}

#: What may not be kept may not be used; the other uses imply nothing beyond themselves.
IMPLIED_BY_USE: Mapping[Use, WithdrawalEffect] = {
    Use.RECONTACT: _NO_CONTACT,
    Use.COLLECT: _STOP_COLLECTION,
    Use.STORE: _STOP_USE,
}

#: What is destroyed or erased is not used before either.
IMPLIED_BY_EFFECT: Mapping[WithdrawalEffect, Effects] = {
    WithdrawalEffect.DESTROY_SAMPLES: frozenset({_STOP_USE}),
    WithdrawalEffect.ERASE_DATA: frozenset({_NO_CONTACT, _STOP_COLLECTION, _STOP_USE}),
}

#: The uses that an effect stops, whatever the scope.
STOPPED_BY: Mapping[WithdrawalEffect, frozenset[Use]] = {
    _NO_CONTACT: frozenset({Use.RECONTACT}),
    _STOP_COLLECTION: frozenset({Use.COLLECT}),
    _STOP_USE: frozenset(Use) - {Use.RECONTACT, Use.COLLECT, Use.INCIDENTAL_FINDINGS},
}

#: Who may say it; a witness only sees it said.
SAYS: tuple[SignatoryRole, ...] = tuple(
    role for role in SignatoryRole if role is not SignatoryRole.WITNESS
)

_NAMES: Mapping[WithdrawalScope, tuple[str, Message]] = {
    WithdrawalScope.USES: ("uses", T("Choose at least one use that is stopped.")),
    WithdrawalScope.ITEMS: ("items", T("Choose at least one question that is taken back.")),
    WithdrawalScope.PROJECTS: ("projects", T("Name at least one project.")),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the person takes back or opposes, and what they ask to be done."""

    scope: WithdrawalScope
    uses: frozenset[Use] = frozenset()
    #: The codes of the form's questions.
    items: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    effects: Effects = field(default=frozenset())

    @property
    def named(self) -> Collection[object]:
        """What the scope is about; nothing for everything."""
        name = _NAMES.get(self.scope, ("", None))[0]
        return getattr(self, name) if name else ()


def effects_of(scope: WithdrawalScope, uses: Collection[Use], asked: Collection[str]) -> Effects:
    """What is done: all that was asked, and what follows from it."""
    effects = set(map(WithdrawalEffect, asked)) | IMPLIED_BY_SCOPE[scope]
    effects |= {IMPLIED_BY_USE[use] for use in uses if use in IMPLIED_BY_USE}
    for effect in tuple(effects):
        effects |= IMPLIED_BY_EFFECT.get(effect, frozenset())
    return frozenset(effects)


def stopped_by(scope: WithdrawalScope, uses: Collection[Use], effects: Effects) -> frozenset[Use]:
    """Every use that is stopped: all, or those named with those that the effects stop."""
    if scope is WithdrawalScope.ALL:
        return frozenset(Use)
    return frozenset(uses).union(*(STOPPED_BY.get(effect, frozenset()) for effect in effects))


def check(asked: Asked, said_by: SignatoryRole, effective_on: date) -> None:
    """A withdrawal names what it stops, was said by somebody who may, and has been said.

    :raises InvalidInput: it names nothing, asks for more than a project can
        give, was said by a witness, or its day is to come.
    """
    if asked.scope in _NAMES and not asked.named:
        name, sentence = _NAMES[asked.scope]
        raise InvalidInput(sentence, field=name)
    if asked.scope is WithdrawalScope.PROJECTS and asked.effects:
        raise InvalidInput(
            T("This goes beyond single projects. Choose another answer to what is withdrawn."),
            field="effects",
        )
    if said_by not in SAYS:
        raise InvalidInput(T("Choose who said it."), field="said_by")
    if effective_on > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field="effective_on")
