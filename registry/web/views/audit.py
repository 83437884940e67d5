"""The journal: who did and saw what, for the data protection officer."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.audit import queries
from registry.audit.models import AuditEntry
from registry.kernel.messages import T
from registry.vocab import limits
from registry.web.forms.audit import JournalForm, VerifyForm
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.look_lines import participants_of

bp = Blueprint("audit", __name__, url_prefix="/audit")

_WHAT = {
    "missing": T("removed"),
    "detached": T("inserted or moved"),
    "changed": T("changed"),
}


@bp.get("")
@requires(Permission.AUDIT_READ)
def journal() -> tuple[str, int]:
    """One page of entries, newest first; that it was read is an entry too."""
    form = JournalForm()
    entries = queries.page(current_actor(), **form.cleaned) if form.cleaned else []
    older = None
    if len(entries) == limits.PAGE_ROWS:
        older = url_for(
            ".journal",
            tag=request.args.get("tag"),
            about=request.args.get("about"),
            before=entries[-1].seq,
        )
    return render_form(
        "audit/journal.html",
        form=form,
        entries=entries,
        older=older,
        sites={site.id: site.name for site in accounts.sites()},
        names=_names(entries),
        participants=participants_of(current_actor(), entries),
        verify=VerifyForm(),
    )


def _names(entries: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Who acted, and whose accounts were acted on."""
    acted = {entry.actor_id for entry in entries if entry.actor_id is not None}
    refs = (entry.object_ref.partition(":") for entry in entries)
    return accounts.names(
        acted | {int(code) for kind, _, code in refs if kind == "account" and code.isdigit()}
    )


@bp.post("/verify")
@requires(Permission.AUDIT_VERIFY)
def verify() -> Response | str:
    """Recompute the chain and say what was found."""
    found = queries.verify(current_actor())
    return render_template(
        "audit/verified.html",
        found=found,
        what=None if found.broken is None else _WHAT[found.broken.what],
    )
