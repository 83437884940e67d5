"""Reading, writing and printing consent forms, putting them in use and retiring them."""

from collections.abc import Callable, Sequence
from itertools import groupby

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.consents.signing import queries as signing
from registry.consents.templates import policies, printing, queries, service
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import Message, T
from registry.vocab.consent import Language
from registry.web.forms import consent_forms as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.pdf import pdf_response

bp = Blueprint("consent_forms", __name__, url_prefix="/consent-forms")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.CONSENT_TEMPLATE_READ)
def index() -> Page:
    """Every form with its versions and languages."""
    by_code = [
        (code, list(versions)) for code, versions in groupby(queries.every(), lambda one: one.code)
    ]
    return render_form("consent_forms/index.html", form=_button(), forms_by_code=by_code)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def new() -> Page:
    """Begin a form."""
    form = forms.NewFormForm()

    def save() -> str:
        written = FormText(version=1, items=(), **form.cleaned)
        return _to(service.write(current_actor(), written))

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("consent_forms/head.html", form=form, draft=None)


@bp.get("/<int:template_id>")
@requires(Permission.CONSENT_TEMPLATE_READ)
def show(template_id: int) -> Page:
    """One version in one language: its questions, what they cover, what can be done."""
    return _page(template_id)


def _page(template_id: int, refused: SchemaForm | None = None) -> tuple[str, int]:
    template = queries.get(template_id)
    return render_form(
        "consent_forms/show.html",
        form=refused or _button(),
        button=_button(),
        version=template,
        items=[ItemText.of(item) for item in template.items],
        siblings=queries.other_languages(template),
        missing=_missing_languages(template),
        signed=signing.count_of_template(template.id),
    )


def _button() -> SchemaForm:
    return forms.ActForm(formdata=None)


def _missing_languages(template: ConsentTemplate) -> Sequence[Language]:
    known = {template.language, *(one.language for one in queries.other_languages(template))}
    return [language for language in Language if language not in known]


@bp.route("/<int:template_id>/edit", methods=["GET", "POST"])
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def edit(template_id: int) -> Page:
    """Change the head of a draft."""
    draft = _draft(template_id)
    form = forms.FormHeadForm(data=forms.head_of(draft))

    def save() -> str:
        written = queries.text_of(draft, **form.cleaned)
        return _to(service.revise(current_actor(), draft.id, written))

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("consent_forms/head.html", form=form, draft=draft)


@bp.route("/<int:template_id>/questions/new", methods=["GET", "POST"])
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def add_item(template_id: int) -> Page:
    """Add a question to a draft."""
    return _item_page(_draft(template_id), None)


@bp.route("/<int:template_id>/questions/<int:position>", methods=["GET", "POST"])
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def edit_item(template_id: int, position: int) -> Page:
    """Change a question of a draft."""
    draft = _draft(template_id)
    if not 1 <= position <= len(draft.items):
        raise NotFound(T("The form has no such question."))
    return _item_page(draft, position)


def _item_page(draft: ConsentTemplate, position: int | None) -> Page:
    items = queries.text_of(draft).items
    known = items[position - 1] if position else None
    form = forms.ItemForm(data=forms.item_fields(known) if known else None)

    def save() -> str:
        written = ItemText(**form.cleaned)
        changed = (
            [*items, written]
            if position is None
            else [written if item is known else item for item in items]
        )
        return _to(service.put_items(current_actor(), draft.id, changed))

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("consent_forms/item.html", form=form, draft=draft, position=position)


@bp.post("/<int:template_id>/questions/<int:position>/<act>")
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def move_item(template_id: int, position: int, act: str) -> Page:
    """Move a question up or down, or take it out of a draft."""
    draft = _draft(template_id)
    items = list(queries.text_of(draft).items)
    target = {"up": position - 2, "down": position, "remove": -1}.get(act)
    if target is None or not 1 <= position <= len(items):
        abort(404)
    moved = items.pop(position - 1)
    if act != "remove":
        items.insert(max(target, 0), moved)
    return _act(
        template_id,
        lambda actor: service.put_items(actor, draft.id, items),
        T("The questions are as you put them."),
    )


@bp.post("/<int:template_id>/translate/<language>")
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def translate(template_id: int, language: str) -> Page:
    """Begin the same version in another language."""
    if language not in set(Language):
        abort(404)
    return _act(
        template_id,
        lambda actor: service.begin_language(actor, template_id, Language(language)),
        T("The draft holds the words of the other language: translate title and questions."),
    )


@bp.post("/<code>/next-version")
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def next_version(code: str) -> Page:
    """Begin the next version of a form, in each of its languages."""
    newest = queries.newest(code)[0]
    return _act(
        newest.id,
        lambda actor: service.begin_version(actor, code)[0],
        T("The next version begins as a copy. Say what it asks of those who signed this one."),
    )


@bp.post("/<int:template_id>/finalise")
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def finalise(template_id: int) -> Page:
    """Put a draft in use."""
    return _act(
        template_id,
        lambda actor: service.finalise(actor, template_id),
        T("The form is in use. Its text stays as it is from now on."),
    )


@bp.post("/<int:template_id>/discard")
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def discard(template_id: int) -> Page:
    """Throw a draft away."""

    def throw_away(actor: Actor) -> None:
        service.discard(actor, template_id)

    return _act(template_id, throw_away, T("The draft is thrown away."))


def _act(template_id: int, act: Callable[[Actor], ConsentTemplate | None], done: Message) -> Page:
    """Do one thing and go to the form that it left; show a refusal on this one's page."""
    form = forms.ActForm()

    def once() -> str:
        left = act(current_actor())
        notify(done)
        return _to(left) if left is not None else url_for(".index")

    with form.refusals():
        return redirect_once(form, once)
    return _page(template_id, form)


@bp.route("/<int:template_id>/retire", methods=["GET", "POST"])
@requires(Permission.CONSENT_TEMPLATE_EDIT)
def retire(template_id: int) -> Page:
    """Let a form no longer be signed."""
    template = queries.get(template_id)
    form = forms.RetireForm()

    def end() -> str:
        service.retire(current_actor(), template_id, **form.cleaned)
        notify(T("The form is retired. What was signed keeps its force."))
        return _to(template)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, end)
    return render_form("consent_forms/retire.html", form=form, version=template)


@bp.get("/<int:template_id>.pdf")
@requires(Permission.CONSENT_TEMPLATE_READ)
def paper(template_id: int) -> Response:
    """The form to print: as it was put in use, or a draft that says so."""
    template = queries.get(template_id)
    return pdf_response(printing.content(template), printing.file_name(template))


def _draft(template_id: int) -> ConsentTemplate:
    template = queries.get(template_id)
    policies.check_is_draft(template)
    return template


def _to(template: ConsentTemplate) -> str:
    return url_for(".show", template_id=template.id)
