"""Asking for a second person where an act takes two: the one way in which pages do it.

A page mixes `SecondPersonFields` into its form and `SecondPersonIn` into its
shape, writes ``_parts/second_person.html`` and asks `witness_on` before it acts.
Nothing of the proof is kept: see `registry.web.once.NOT_PAYLOAD`.
"""

from flask import request

from registry.accounts import witnessing
from registry.kernel.actor import Actor
from registry.kernel.errors import TooManyAttempts
from registry.web.forms.base import SchemaForm
from registry.web.guards import current_actor


def witness_on(form: SchemaForm) -> Actor | None:
    """The colleague who proved to be there; None when too many have failed, as the form says.

    :raises InvalidInput: the proof is wrong, or it is the actor's own.
    """
    given, address = form.cleaned, request.remote_addr or ""
    try:
        if given["witness_badge"]:
            return witnessing.by_badge(
                current_actor(),
                badge=given["witness_badge"],
                pin=given["witness_pin"],
                address=address,
            )
        return witnessing.by_password(
            current_actor(),
            login=given["witness"],
            password=given["witness_password"],
            address=address,
        )
    except TooManyAttempts as refusal:
        form.attach(refusal)
    return None
