"""The layers: what the import contracts of setup.cfg say, and what they cannot say."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imported(path: Path) -> set[str]:
    """Every module that the file imports, by its full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_imports_point_down():
    run = subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            *("--config", "setup.cfg"),
            *("--cache-dir", "build/cache/imports"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout


def test_migrations_do_not_depend_on_todays_models():
    """A migration must mean the same next year, when the models have moved on.

    Its own tools name no table, column or value: they may be used, and obey the same rule.
    """
    migrations = ROOT / "registry" / "migrations"
    tools = [migrations / name for name in ("checks.py", "triggers.py")]
    allowed = ("registry.persistence.", *(f"registry.migrations.{one.stem}" for one in tools))
    wrong = {
        path.name: sorted(names)
        for path in [*tools, *(migrations / "versions").glob("*.py")]
        if (
            names := {
                name
                for name in imported(path)
                if name.startswith(("registry.", "schemas.")) and not name.startswith(allowed)
            }
        )
    }

    assert not wrong, f"Write the values out in the migration: {wrong}"


def test_kernel_and_vocab_are_pure_python():
    pure = set(sys.stdlib_module_names) | {"registry"}
    wrong = {
        str(path.relative_to(ROOT)): sorted(outside)
        for package in ("kernel", "vocab")
        for path in (ROOT / "registry" / package).rglob("*.py")
        if (outside := {name.split(".")[0] for name in imported(path)} - pure)
    }

    assert not wrong, f"These belong higher up: {wrong}"


def test_views_and_the_command_line_never_commit():
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("web", "cli")
        for path in (ROOT / "registry" / package).rglob("*.py")
        if ".commit(" in path.read_text(encoding="utf-8")
    ]

    assert not wrong, f"Leave it to the service's unit of work: {wrong}"
