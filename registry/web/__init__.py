"""The pages: server-rendered, working without JavaScript, closed by default.

Always true here: a view asks the domain and never commits; every response
carries the security headers; no page is reached without its declared
permission; nothing identifying is put into an address, a session or a log.
"""

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from registry.vocab import limits
from registry.web import (
    at_home_paths,
    confirming,
    errors,
    guards,
    language,
    logs,
    security,
    sessions,
    templating,
)
from registry.web.views import (
    accounts,
    acting,
    amendment,
    applications,
    at_home,
    audit,
    badges,
    carts,
    catalogue,
    consent_exchange,
    consent_forms,
    consent_status,
    consents,
    contacts,
    custody,
    decided,
    defined_acts,
    destruction,
    dossiers,
    duties,
    erasures,
    foreign_recalls,
    foreign_shipments,
    guest_tubes,
    handover,
    home,
    identity,
    incidents,
    informing,
    inventories,
    kits,
    label_templates,
    labels,
    looks,
    measuring,
    moving,
    oppositions,
    own_acts,
    participants,
    partner_keys,
    partners,
    picking,
    planned,
    plans,
    pooling,
    print_jobs,
    printed_kits,
    printers,
    probes,
    proofs,
    proposals,
    protocols,
    pseudonyms,
    qualification,
    racks,
    receipts,
    reviews,
    samples,
    shipment_papers,
    shipments,
    signed_recalls,
    signing,
    storage,
    tasks,
    tray,
    vocabularies,
    why,
    withdrawals,
)

#: One blueprint per area, each in its own module of ``views``.
BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    identity.bp,
    amendment.bp,
    qualification.bp,
    participants.bp,
    consents.bp,
    withdrawals.bp,
    vocabularies.bp,
    why.bp,
    proofs.bp,
    signing.bp,
    informing.bp,
    consent_exchange.bp,
    consent_forms.bp,
    consent_status.bp,
    duties.bp,
    kits.bp,
    measuring.bp,
    protocols.bp,
    plans.bp,
    printed_kits.bp,
    reviews.bp,
    decided.bp,
    defined_acts.bp,
    pseudonyms.bp,
    planned.bp,
    pooling.bp,
    custody.bp,
    destruction.bp,
    handover.bp,
    own_acts.bp,
    picking.bp,
    proposals.bp,
    incidents.bp,
    probes.bp,
    shipments.bp,
    shipment_papers.bp,
    partners.bp,
    partner_keys.bp,
    foreign_shipments.bp,
    guest_tubes.bp,
    foreign_recalls.bp,
    signed_recalls.bp,
    receipts.bp,
    samples.bp,
    tray.bp,
    labels.bp,
    label_templates.bp,
    moving.bp,
    inventories.bp,
    racks.bp,
    printers.bp,
    print_jobs.bp,
    storage.bp,
    badges.bp,
    carts.bp,
    catalogue.bp,
    applications.bp,
    tasks.bp,
    accounts.bp,
    acting.bp,
    contacts.bp,
    looks.bp,
    dossiers.bp,
    oppositions.bp,
    at_home.bp,
    erasures.bp,
    audit.bp,
)


def install(app: Flask, settings: Settings) -> None:
    """Give `app` its pages."""
    app.config["MAX_CONTENT_LENGTH"] = limits.UPLOAD_BYTES_MAX
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    app.session_interface = sessions.ServerSessions(
        https=settings.is_https,
        static_paths=("/static/", "/bootstrap/static/"),
        at_home=at_home_paths.PREFIX,
    )
    app.config["PUBLIC_URL"] = settings.public_url
    if settings.is_https:
        # HTTPS ends at the one proxy in front; without its word all people have one address.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    logs.install(app, settings.logs_dir)
    security.install(app)
    language.install(app, settings.default_locale)
    Bootstrap5(app)
    templating.install(app)
    errors.install(app)
    guards.install(app)
    confirming.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
