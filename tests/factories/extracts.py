"""Opening extracts as their requesters do, and the requests that they come from."""

import csv
import io
import json
import zipfile
from typing import Any

from registry import documents
from registry.applications.models import Application
from registry.extracts import service
from registry.extracts.models import Extract
from registry.persistence import registry_session
from registry.vocab.applications import State
from tests.factories.accounts import People
from tests.factories.applications import make_application


def approved(actors: People, **changes: Any) -> Application:
    """A request that awaits its extract."""
    return make_application(actors, state=State.APPROVED, **changes)


def produce(actors: People, application: Application) -> Extract:
    """The extract of the request."""
    return service.produce(actors.data_manager, application.number)


def files_of(extract: Extract) -> dict[str, bytes]:
    """The files of the archive, by name."""
    with zipfile.ZipFile(io.BytesIO(documents.get(extract.document.ref))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(extract: Extract, name: str = "samples.csv") -> list[dict[str, str]]:
    """The rows of one of its tables."""
    text = files_of(extract)[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def manifest(extract: Extract) -> dict[str, Any]:
    """What the archive says of itself."""
    found = json.loads(files_of(extract)["manifest.json"])
    assert isinstance(found, dict)
    return found


def state_of(application: Application) -> State:
    """Where the request stands by now."""
    registry_session.expire_all()
    return registry_session.get_one(Application, application.id).state
