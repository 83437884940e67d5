"""The label templates: looking at them, writing the next version with its picture beside it."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.labels import contents, design as designing, sheets, templates
from registry.labels.design import Design
from registry.vocab.labels import label
from registry.vocab.printing import TOKENS_OF, LabelPurpose
from registry.web import language
from registry.web.forms.base import render_form
from registry.web.forms.labels import DesignForm, DesignQuery, design_of
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.speech import speech

bp = Blueprint("label_templates", __name__, url_prefix="/labels/templates")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.LABEL_TEMPLATE_EDIT)
def index() -> str:
    """Each template as it prints now."""
    newest = {purpose: templates.version(purpose) for purpose in LabelPurpose}
    return render_template("label_templates/index.html", newest=newest)


def _purpose(name: str) -> LabelPurpose:
    """:raises NotFound: there is no such template."""
    if name not in set(LabelPurpose):
        raise NotFound(T("There is no such template."))
    return LabelPurpose(name)


@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.LABEL_TEMPLATE_EDIT)
def edit(name: str) -> Page:
    """Write the next version; “Preview” shows it without keeping it, with or without JavaScript."""
    purpose = _purpose(name)
    known = templates.versions(purpose)
    begun = templates.version(purpose, request.args.get("version", type=int))
    form = DesignForm(begun, known[0].number)
    is_shown = True
    if form.is_submitted():
        is_shown = form.validate_on_submit()
        if is_shown:
            with form.refusals():
                design = design_of(form.cleaned)
                designing.check(purpose, design)
                if "preview" not in request.form:
                    return redirect_once(form, lambda: _keep(purpose, design, form))
            is_shown = not form.problems
    return render_form(
        "label_templates/edit.html",
        form=form,
        purpose=purpose,
        begun=begun,
        versions=known,
        tokens=TOKENS_OF[purpose],
        picture=f"{url_for('.picture', name=name)}?{urlencode(form.typed)}" if is_shown else None,
    )


def _keep(purpose: LabelPurpose, design: Design, form: DesignForm) -> str:
    number = templates.write(current_actor(), purpose, design, after=form.cleaned["after"] or 0)
    notify(
        T("Version {number} of “{what}” is printed from now on.", number=number,
          what=label(purpose))
    )  # fmt: skip
    return url_for(".edit", name=purpose.value)


@bp.get("/<name>/picture.png")
@requires(Permission.LABEL_TEMPLATE_EDIT)
def picture(name: str) -> Response:
    """An example of a label as it is being typed, or of a version that is kept.

    :raises InvalidInput: it could not be printed.
    """
    purpose = _purpose(name)
    if "version" in request.args:
        design = templates.version(purpose, request.args.get("version", type=int)).design
    else:
        form = DesignQuery()
        if not form.cleaned:
            raise InvalidInput(T("This label cannot be printed."))
        design = design_of(form.cleaned)
        designing.check(purpose, design)
    made = sheets.picture(
        design,
        contents.example(purpose, speech()),
        title=language.translate(label(purpose)),
        language=language.current(),
    )
    return Response(made, mimetype="image/png")
