"""Carts: lists of scanned tubes that colleagues share, and what is done with all of a list."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.custody.carts import queries, service
from registry.custody.carts.models import Cart
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.labels import contents
from registry.vocab.people import Role
from registry.vocab.printing import LabelStock
from registry.web import carting, label_desk, language
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.carts import CartForm, OffCartForm, OntoCartForm
from registry.web.forms.shipments import ButtonForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once
from registry.web.speech import speech

bp = Blueprint("carts", __name__, url_prefix="/carts")

Page = Response | tuple[str, int]


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the cart whose label bears `code`, for the scan field."""
    if not allows(actor, Permission.CART_USE):
        return None
    try:
        return url_for("carts.show", code=queries.by_code(actor, code).code)
    except NotFound:
        return None


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CART_USE)
def index() -> Page:
    """The carts in use; take another one."""
    actor = current_actor()
    form = CartForm(accounts.sites_of(actor, Role.TECHNICIAN))
    if form.validate_on_submit():

        def begin() -> str:
            cart = service.open_(actor, **form.cleaned)
            notify(T("The cart {name} is ready. Scan the tubes that come onto it.",
                     name=cart.name))  # fmt: skip
            return url_for(".show", code=cart.code)

        with form.refusals():
            return redirect_once(form, begin)
    return render_form("carts/index.html", form=form, carts=queries.in_use(actor))


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.CART_USE)
def show(code: str) -> Page:
    """What is on a cart, its scan field, and what can be done with all of it."""
    actor = current_actor()
    cart = queries.by_code(actor, code)
    form = OntoCartForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _added(actor, cart, form))
    return _page(actor, cart, form)


def _page(actor: Actor, cart: Cart, form: SchemaForm) -> tuple[str, int]:
    return render_form(
        "carts/show.html",
        form=form,
        scan_form=form if isinstance(form, OntoCartForm) else OntoCartForm(formdata=None),
        cart=cart,
        load=queries.load(actor, cart),
        is_idle=queries.is_idle(cart),
        goings=carting.goings(actor, cart),
        off_form=lambda code: OffCartForm(formdata=None, tube=code),
        button=ButtonForm(formdata=None),
        language=language.current(),
    )


def _added(actor: Actor, cart: Cart, form: SchemaForm) -> str:
    added = service.add(actor, cart.id, form.cleaned["codes"])
    if added.new:
        notify(T("Tubes put on the cart: {count}.", count=len(added.new)))
    if added.there:
        notify(T("On the cart already: {codes}.", codes=", ".join(added.there)), Notice.INFO)
    return url_for(".show", code=cart.code)


@bp.post("/<code>/take-off")
@requires(Permission.CART_USE)
def take_off(code: str) -> Page:
    """Take a tube off the cart; nothing else happens to it."""
    actor = current_actor()
    cart = queries.by_code(actor, code)
    form = OffCartForm()

    def off() -> str:
        tube = form.cleaned["tube"]
        service.take_off(actor, cart.id, [tube])
        notify(T("{code} is no longer on the cart.", code=tube))
        return url_for(".show", code=cart.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, off)
    return _page(actor, cart, form)


@bp.post("/<code>/close")
@requires(Permission.CART_USE)
def close(code: str) -> Page:
    """Put an empty cart away."""
    actor = current_actor()
    cart = queries.by_code(actor, code)
    form = ButtonForm()

    def away() -> str:
        service.close(actor, cart.id)
        notify(T("The cart {name} is closed. Scan its label to use it again.", name=cart.name))
        return url_for(".index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, away)
    return _page(actor, cart, form)


@bp.get("/<code>/label.pdf")
@requires(Permission.CART_USE)
def label(code: str) -> Response:
    """The label of the cart, as places have one."""
    actor = current_actor()
    ready = [contents.of_cart(queries.by_code(actor, code), speech())]
    return label_desk.pdf(actor, ready, LabelStock.PLACE_SHEET)
