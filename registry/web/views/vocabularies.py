"""The vocabularies: their terms, adding one, saying which are offered."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.errors import NotFound
from registry.kernel.messages import Bilingual, T
from registry.participants.terms import queries, service
from registry.vocab.terms import SETTLED, STANDARDS, Vocabulary
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.terms import TermForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("vocabularies", __name__, url_prefix="/vocabularies")

Page = Response | tuple[str, int]

_FIRST = next(iter(Vocabulary)).value


def _vocabulary(name: str) -> Vocabulary:
    """:raises NotFound: there is no such vocabulary."""
    if name not in set(Vocabulary):
        raise NotFound(T("There is no such vocabulary."))
    return Vocabulary(name)


@bp.route("", methods=["GET", "POST"])
@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.VOCABULARY_EDIT)
def show(name: str = _FIRST) -> Page:
    """The terms of a vocabulary, and a term to add; each page leads to the others."""
    vocabulary = _vocabulary(name)
    form = TermForm(vocabulary)
    if form.validate_on_submit():

        def add() -> str:
            given = form.cleaned
            term = Bilingual(given["en"], fr=given["fr"])
            service.add(current_actor(), vocabulary, refines=given["refines"], name=term)
            notify(T("“{term}” is offered from now on.", term=term))
            return url_for(".show", name=name)

        with form.refusals():
            return redirect_once(form, add)
    return render_form(
        "vocabularies/show.html",
        form=form,
        vocabularies=list(Vocabulary),
        shown=vocabulary,
        entries=queries.entries(vocabulary),
        standard=STANDARDS.get(vocabulary),
        can_add=vocabulary not in SETTLED,
        bare=SchemaForm(),
    )


@bp.post("/<name>/<code>/retire")
@requires(Permission.VOCABULARY_EDIT)
def retire(name: str, code: str) -> Response:
    """Offer a term no longer."""
    vocabulary = _vocabulary(name)

    def leave() -> str:
        service.retire(current_actor(), vocabulary, code)
        notify(T("The term is no longer offered. What was recorded with it stays."))
        return url_for(".show", name=name)

    return redirect_once(SchemaForm(), leave)


@bp.post("/<name>/<code>/resume")
@requires(Permission.VOCABULARY_EDIT)
def resume(name: str, code: str) -> Response:
    """Offer a term again."""
    vocabulary = _vocabulary(name)

    def take_up() -> str:
        service.resume(current_actor(), vocabulary, code)
        notify(T("The term is offered again."))
        return url_for(".show", name=name)

    return redirect_once(SchemaForm(), take_up)
