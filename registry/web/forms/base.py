"""The form that every page with something to fill in is made from."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, ClassVar, cast
from uuid import uuid4

import marshmallow
from flask import abort, render_template, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField

from registry.kernel.errors import DomainError, InvalidInput, NotFound, RuleBroken, Stale
from registry.kernel.messages import Message
from registry.web import carting, queued
from registry.web.errors import status_of
from registry.web.forms import badged, tree
from schemas.base import WHOLE, Errors, Shape, errors_of
from schemas.fields import ScanCodes

#: The refusals that a person can put right on the page that they are on.
ON_THE_FORM = (InvalidInput, NotFound, RuleBroken, Stale)


class SchemaForm(FlaskForm):  # type: ignore[misc]
    """A form whose posted strings are read by a marshmallow schema.

    Fields bear the names of the schema's fields.  After a successful
    `validate`, ``cleaned`` holds the typed values; after a failed one, fields
    hold Messages in ``errors`` and the form shows what was typed.

    A form whose fields depend on data passes its own `shape`.
    """

    schema: ClassVar[type[Shape]] = Shape

    request_key = HiddenField(default=lambda: str(uuid4()))

    def __init__(self, *args: Any, shape: Shape | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape or self.schema()
        self.cleaned: dict[str, Any] = {}
        self.status = 200
        for name, field in self._fields.items():
            if name in self.shape.fields:
                field.flags.required = self.shape.fields[name].required

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the posted strings; the token was checked before the view."""
        tree.forget_errors(self)
        given = {
            name: value for name, value in tree.posted(self).items() if name in self.shape.fields
        }
        try:
            self.cleaned = cast("dict[str, Any]", self.shape.load(given))
        except marshmallow.ValidationError as refusal:
            self.status = 422
            tree.attach(self, errors_of(refusal))
            badged.conceal(self)
            return False
        self._show_as_read()
        return True

    def _show_as_read(self) -> None:
        """Have lists of scans show what was read: a refused one is sent again without commands."""
        for name, field in self.shape.fields.items():
            if isinstance(field, ScanCodes) and name in self and self.cleaned[name]:
                self[name].data = "".join(f"{code}\n" for code in self.cleaned[name])

    def hidden_tag(self, *_fields: str) -> Markup:
        """The hidden fields, without ids: one page may hold several forms."""
        return Markup("").join(
            Markup('<input type="hidden" name="{}" value="{}">').format(field.name, field._value())
            for field in self
            if isinstance(field, HiddenField)
        )

    def refusals(self) -> "Refusals":
        """Put refusals raised inside the block onto the form instead of an error page."""
        return Refusals(self)

    def attach(self, error: DomainError) -> None:
        """Show the refusal at its field, or above the form when it has none here."""
        self.status = status_of(error)
        errors: Errors = dict(error.errors) if isinstance(error, InvalidInput) else {}
        tree.attach(self, errors or {error.field or WHOLE: [error.message]})
        badged.conceal(self)

    def offer(self, codes: Sequence[str]) -> None:
        """Have these tubes, and no others, in the scan field, ready to be sent."""
        for name in carting.SCANNED:
            if name in self:
                self[name].data = "".join(f"{code}\n" for code in codes)

    @property
    def problems(self) -> Sequence[tuple[Any, Message]]:
        """Every error with its field, None for those above the form, in the order of the page."""
        return [(None, message) for message in self.form_errors] + list(tree.problems(self))


class QueryForm(SchemaForm):
    """A form that only asks: read from the address, so that a result can be kept and sent.

    Nothing that identifies a person is ever asked this way.
    """

    class Meta:
        csrf = False

    request_key = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)
        self.validate()


class Refusals:
    """The block within which domain refusals land on the form."""

    def __init__(self, form: SchemaForm) -> None:
        self.form = form

    def __enter__(self) -> SchemaForm:
        return self.form

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, ON_THE_FORM):
            self.form.attach(error)
            if left := carting.refused(error):
                self.form.offer(left)
            return True
        return False


def render_form(template: str, *, form: SchemaForm, **context: Any) -> tuple[str, int]:
    """The page with the form: 200 when it is opened, the status of the refusal when it was sent.

    A page that sent the form by itself is given the refusals alone.
    """
    if queued.is_queued():
        abort(queued.refused([message for _, message in form.problems], form.status))
    return render_template(template, form=form, **context), form.status
