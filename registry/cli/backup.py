"""``backup`` and ``restore``: everything but the keys, checked file by file.

The registry is copied first, then the vault, so that no participant of the
copy lacks an identity.  The keys are kept elsewhere: with them a stolen backup
would open itself.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from config import Settings
from registry.audit import queries as audit
from registry.cli import copying
from registry.cli.opening import Door
from registry.identity.erasure.replay import replay
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken, Unavailable
from registry.kernel.messages import T
from registry.migrations import databases

ACTOR = Actor.system("backup")
MANIFEST = "manifest.json"
_FORMAT = 1
_DOCUMENTS = "documents"
_ERASURES = "erasures.jsonl"


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(door: Door, target: Path) -> None:
    """Copy databases, documents and the file of erasures to the new directory TARGET.

    Others may go on working. The keys are not copied: keep them apart.
    """
    settings = door.settings
    with door.opened():
        before = audit.verify(ACTOR)
    if before.broken is not None:
        raise RuleBroken(T("The journal is broken: keep what is there and run audit verify."))
    if target.exists() and any(target.iterdir()):
        raise RuleBroken(T("{target} is not empty. Name a new directory.", target=target))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, url in _databases(settings):
        copying.copy_out(url, target / f"{name}{copying.suffix(url)}")
    if settings.documents_dir.exists():
        shutil.copytree(
            settings.documents_dir, target / _DOCUMENTS, ignore=shutil.ignore_patterns(".part-*")
        )
    if settings.erasures_file.exists():
        shutil.copyfile(settings.erasures_file, target / _ERASURES)
    files = {name: _described(target / name) for name in sorted(_files(target))}
    manifest = {
        "format": _FORMAT,
        "made_at": clock.now().isoformat(),
        "journal": {"entries": before.entries, "head": before.head.hex()},
        "files": files,
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2))
    door.say(
        T(
            "Copied to {target}: {count} files, {size} MB. The keys are not in it.",
            target=target,
            count=len(files),
            size=round(sum(one["size"] for one in files.values()) / 1e6, 1),
        )
    )


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace what the databases hold now.")
@click.pass_obj
def restore(door: Door, source: Path, overwrite: bool) -> None:
    """Put the backup in SOURCE in place, erase again whom it brings back, verify the journal.

    Stop the registry first, and put the keys in their place.
    """
    settings = door.settings
    manifest = _checked(source)
    door.check_set_up()
    _check_free(settings, overwrite=overwrite)
    copies = [(url, source / f"{name}{copying.suffix(url)}") for name, url in _databases(settings)]
    for url, copy in copies:
        copying.check(url, copy)
    for url, copy in copies:
        copying.copy_in(url, copy)
    if (source / _DOCUMENTS).exists():
        shutil.copytree(source / _DOCUMENTS, settings.documents_dir, dirs_exist_ok=True)
    with door.opened():
        databases.upgrade()
        erased = replay(ACTOR, source / _ERASURES)
        found = audit.verify(ACTOR)
    _check_journal(found, manifest["journal"])
    door.say(
        T(
            "Restored from {source}, made on {moment}. Erasures carried out again: {erased}. "
            "The journal holds: {count} entries.",
            source=source,
            moment=manifest["made_at"],
            erased=erased,
            count=found.entries,
        )
    )


def _databases(settings: Settings) -> Iterator[tuple[str, str]]:
    """The registry first: a person of the vault without a participant harms nothing."""
    yield "registry", settings.registry_url
    yield "identity", settings.identity_url


def _files(directory: Path) -> Iterator[str]:
    for path in directory.rglob("*"):
        if path.is_file() and path != directory / MANIFEST:
            yield path.relative_to(directory).as_posix()


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "size": path.stat().st_size}


def _checked(source: Path) -> Any:
    """The manifest, once every file is as it says and no other one is there.

    :raises RuleBroken: it is no backup, or a file was changed, lost or added.
    """
    manifest: Any = None
    with suppress(OSError, ValueError):
        manifest = json.loads((source / MANIFEST).read_text())
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise RuleBroken(T("{source} is no backup of this registry.", source=source))
    there = {name: _described(source / name) for name in _files(source)}
    for name in sorted({*there, *manifest["files"]}):
        if there.get(name) != manifest["files"].get(name):
            raise RuleBroken(T("{name} is not as it was copied. Take another backup.", name=name))
    return manifest


def _check_free(settings: Settings, *, overwrite: bool) -> None:
    for name, url in _databases(settings):
        if copying.is_in_use(url):
            raise RuleBroken(
                T("Somebody uses the database {name}. Stop the registry first.", name=name)
            )
        if copying.holds_something(url) and not overwrite:
            raise RuleBroken(
                T(
                    "The database {name} holds something. Add --overwrite to replace it.",
                    name=name,
                )
            )


def _check_journal(found: Any, expected: dict[str, Any]) -> None:
    """Refuse to call it restored when the journal is broken or shorter than it was.

    :raises Unavailable: so it is.
    """
    if found.broken is not None or found.entries < expected["entries"]:
        raise Unavailable(
            T("The restored journal does not hold. Do not work with it; take another backup.")
        )
