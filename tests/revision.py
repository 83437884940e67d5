"""Write a migration from the difference between the models and the newest revision.

make migration NAME="what changes"        (python -m tests.revision "what changes")

Alembic sees tables, columns, indexes and constraints; the triggers of
append-only tables and of the ledger are added here, for both engines.
"""

import importlib
import re
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import create_mock_engine

import config
from registry.app import create_app
from registry.crypto.keyring import Keyring
from registry.migrations import databases

ROOT = Path(__file__).parent.parent
VERSIONS = ROOT / "registry" / "migrations" / "versions"
_DIALECTS = ("sqlite", "postgresql")
_TRIGGER = re.compile(r"CREATE (?:OR REPLACE )?(TRIGGER|FUNCTION) (\w+)")


def load_models() -> None:
    """Import every package's models, so that the metadata is whole."""
    for path in sorted(ROOT.glob("registry/**/models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def triggers(name: str, dialect: str) -> dict[str, str]:
    """The triggers and functions that creating the database's tables brings, by name."""
    found: dict[str, str] = {}

    def keep(statement: sa.DDLElement, *_: object, **__: object) -> None:
        text = str(statement.compile(dialect=engine.dialect)).replace("%%", "%")
        if match := _TRIGGER.match(text.strip()):
            found[f"{match[1]} {match[2]}"] = " ".join(text.split())

    engine = create_mock_engine(f"{dialect}://", keep)
    databases.DATABASES[name].create_all(engine, checkfirst=False)
    return found


def _is_there(name: str, kind_and_name: str) -> bool:
    """Whether an earlier revision makes this trigger or function in the database `name`."""
    made = re.compile(rf"^_{name.upper()}_TRIGGERS = .*{kind_and_name}\b", re.MULTILINE)
    return any(made.search(path.read_text(encoding="utf-8")) for path in VERSIONS.glob("*.py"))


def _statements(name: str) -> dict[str, list[str]]:
    """What each dialect needs for the triggers that are not there yet."""
    wanted = {
        dialect: [
            text
            for kind_and_name, text in triggers(name, dialect).items()
            if not _is_there(name, kind_and_name)
        ]
        for dialect in _DIALECTS
    }
    return wanted if any(wanted.values()) else {}


def _append_triggers(path: Path, wanted: dict[str, dict[str, list[str]]]) -> None:
    """Put the triggers at the end of each half's upgrade, and their end into its downgrade."""
    text = path.read_text(encoding="utf-8")
    for name, statements in wanted.items():
        if not statements:
            continue
        table = f"_{name.upper()}_TRIGGERS"
        listing = f"{table} = {statements!r}\n\n\n"
        text = text.replace(f"def upgrade_{name}() ", f"{listing}def upgrade_{name}() ")
        call = f"    for statement in {table}[op.get_bind().dialect.name]:\n"
        call += "        op.execute(sa.DDL(statement.replace('%', '%%')))\n"
        text = _with_last_lines(text, f"upgrade_{name}", call)
        text = _with_first_line(
            text,
            f"downgrade_{name}",
            f"    triggers.drop({table}[op.get_bind().dialect.name])",
        )
        dropped = _functions_dropped(statements["postgresql"])
        text = _with_last_lines(text, f"downgrade_{name}", dropped)
    if any(wanted.values()):
        imported = "from alembic import op\n"
        text = text.replace(imported, f"{imported}\nfrom registry.migrations import triggers\n", 1)
    path.write_text(text, encoding="utf-8")


def _with_first_line(text: str, function: str, line: str) -> str:
    """The text with `line` before all else that the function does."""
    head = f"def {function}() -> None:\n"
    return text.replace(head, f"{head}{line}\n", 1)


def _with_last_lines(text: str, function: str, lines: str) -> str:
    """The text with `lines` at the end of the function."""
    begin = text.index(f"def {function}(")
    end = text.find("\n\n\n", begin)
    end = len(text.rstrip()) if end < 0 else end
    return f"{text[:end].rstrip()}\n{lines.rstrip()}{text[end:]}"


def _functions_dropped(statements: list[str]) -> str:
    """Functions are kept when their triggers go."""
    found = [match for match in map(_TRIGGER.match, statements) if match]
    names = dict.fromkeys(match[2] for match in found if match[1] == "FUNCTION")
    if not names:
        return ""
    lines = [f'        op.execute("DROP FUNCTION IF EXISTS {name}()")' for name in names]
    return "\n".join(['    if op.get_bind().dialect.name == "postgresql":', *lines])


def main(message: str) -> None:
    """Write the revision."""
    load_models()
    with tempfile.TemporaryDirectory() as directory:
        settings = config.load(directory, environ={})
        Keyring.generate(settings.keys_dir)
        with create_app(settings).app_context():
            databases.upgrade()
            wanted = {name: _statements(name) for name in databases.DATABASES}
            path = databases.write_revision(message)
    _append_triggers(path, wanted)


if __name__ == "__main__":
    main(sys.argv[1])
