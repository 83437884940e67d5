"""The pictures of the README: a fresh demonstration, served, and one page of each main job.

make screenshots        (python -m tests.screenshots)
"""

import tempfile
import threading
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

import config
from registry.app import create_app
from registry.cli.demo import cohort
from registry.cli.demo.people import SignIn
from registry.crypto.keyring import Keyring
from registry.custody.models import Holding
from registry.kernel.actor import Actor
from registry.migrations import databases
from registry.participants.models import Participant, Visit
from registry.persistence import database, registry_session
from registry.vocab.custody import HolderKind
from registry.vocab.people import ParticipantStatus, Role
from tests.browser import chromium

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"


def _busiest_participant() -> str:
    """The code of the participant with the most visits at the first nurse's site."""
    visits = sa.func.count(Visit.id)
    return registry_session.execute(
        sa.select(Participant.code)
        .join(Visit, Visit.participant_id == Participant.id)
        .where(Participant.status == ParticipantStatus.ENROLLED)
        .group_by(Participant.id, Participant.site_id)
        .order_by(Participant.site_id, visits.desc())
        .limit(1)
    ).scalar_one()


def _box_with_a_loan() -> int:
    """A box of which a tube is checked out, so that every kind of cell is seen."""
    return (
        registry_session.execute(
            sa.select(Holding.box_id).where(
                Holding.kind == HolderKind.PERSON, Holding.box_id.is_not(None)
            )
        )
        .scalars()
        .first()
        or 1
    )


def _take(browser: Browser, address: str, who: SignIn, path: str, name: str) -> None:
    page = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 800}
    ).new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", who.login)
    page.fill("[name=password]", who.password)
    page.click("main button[type=submit]")
    page.goto(path)
    if name == "investigator":
        page.click("main form button[type=submit]")
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        settings = config.load(directory, environ={}).on_own_files()
        Keyring.generate(settings.keys_dir)
        app = create_app(settings)
        with app.app_context():
            databases.upgrade()
            people = {one.role: one for one in reversed(cohort.make(Actor.system("demo")))}
            participant, box = _busiest_participant(), _box_with_a_loan()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pages = {
            "nurse": (Role.NURSE, f"/participants/{participant}"),
            "technician": (Role.TECHNICIAN, f"/storage/boxes/{box}"),
            "investigator": (Role.INVESTIGATOR, "/catalogue"),
        }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=chromium.arguments()
            )
            for name, (role, path) in pages.items():
                _take(browser, f"http://localhost:{server.port}", people[role], path, name)
            browser.close()
        server.shutdown()
        with app.app_context():
            database.disconnect()


if __name__ == "__main__":
    main()
