"""The house: what may lie at the top, how long things may grow, and that no machine shows."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "config.py",
    "docs",
    "pyproject.toml",
    "registry",
    "requirements-bench.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "run.py",
    "schemas",
    "setup.cfg",
    "tests",
}

# The style asks for 300 and 40; this is where it stops being a matter of taste.
MODULE_LINES = 350
FUNCTION_LINES = 55
TEMPLATE_LINES = 150
CONFTEST_LINES = 150


def tracked(pattern: str = "*") -> list[Path]:
    """The repository's files, new ones not yet committed included."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def written_by_hand() -> list[Path]:
    """The Python files but the migrations, whose length Alembic decides."""
    return [path for path in tracked("*.py") if "versions" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_top_level_holds_only_what_the_design_names():
    extra = {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP_LEVEL

    assert not extra, f"Move these below a directory that the design names: {sorted(extra)}"


def test_modules_stay_short_enough_to_read_in_one_go():
    sizes = {name(path): len(path.read_text().splitlines()) for path in written_by_hand()}

    long = {path: lines for path, lines in sizes.items() if lines > MODULE_LINES}

    assert not long, f"Split these by noun: {long}"


def test_functions_stay_short_enough_to_see_whole():
    long = {
        f"{name(path)}:{function.lineno} {function.name}": lines
        for path in written_by_hand()
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }

    assert not long, f"Take these apart: {long}"


def test_templates_and_conftests_stay_short():
    limits = {"*.html": TEMPLATE_LINES, "*conftest.py": CONFTEST_LINES}
    long = {
        name(path): lines
        for pattern, limit in limits.items()
        for path in tracked(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    }

    assert not long, f"Take parts out of these: {long}"


def test_every_test_asserts_something():
    silent = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in tracked("tests/*.py")
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_")
        and not re.search(r"\bassert|raises|expect\(|\bcheck_|verify|warns", ast.unparse(function))
    ]

    assert not silent, f"These cannot fail: {silent}"


def test_no_exception_is_swallowed():
    swallowed = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(statement, ast.Pass) for statement in node.body)
    ]

    assert not swallowed, f"Say what follows from these, or let them through: {swallowed}"


LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_pin_and_hash_everything_and_name_no_host(lock: str):
    text = (ROOT / lock).read_text()
    requirements = [line for line in text.splitlines() if line and line[0] not in "# "]

    assert all(re.match(r"[a-z0-9.-]+==\S+", line) for line in requirements)
    assert text.count("\n    --hash=sha256:") >= len(requirements) > 0
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)|find-links|index", text, re.MULTILINE)


def test_the_production_lock_is_a_part_of_the_development_lock():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_what_the_benchmarks_read_is_neither_installed_for_the_tests_nor_imported():
    data = locked("requirements-bench.lock")
    importing = [
        name(path)
        for path in tracked("*.py")
        if any(
            re.search(rf"^\s*(import|from) {one}\b", path.read_text(), re.MULTILINE) for one in data
        )
    ]

    assert data
    assert not data & locked("requirements-dev.lock")
    assert not importing, f"Read its files as data, its code needs what is not locked: {importing}"


# Needed though nothing imports them: a database driver, and time zones where the system has none.
NEVER_IMPORTED = {"psycopg", "tzdata"}


def distributions_imported_by(*patterns: str) -> set[str]:
    """The installed distributions that these files import something from."""
    providers = packages_distributions()
    return {
        normalised(distribution)
        for pattern in patterns
        for path in tracked(pattern)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
        for distribution in providers.get(module.split(".")[0], ())
    }


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def locked(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / lock).read_text(), re.MULTILINE))


def test_what_is_imported_is_locked():
    application = distributions_imported_by("registry/*.py", "schemas/*.py", "config.py", "run.py")
    tools = distributions_imported_by("tests/*.py", "benchmarks/*.py", ".ci/*.py")

    assert not application - locked("requirements.lock")
    assert not tools - locked("requirements-dev.lock")


def test_what_is_declared_is_needed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {normalised(re.split(r"[\[<>=]", one)[0]) for one in project["dependencies"]}
    imported = distributions_imported_by("registry/*.py", "schemas/*.py", "config.py", "run.py")

    assert not declared - imported - NEVER_IMPORTED


def test_no_file_names_a_place_on_somebodys_machine():
    places = re.compile(r"(?<![\w.}])/(" + "|".join(["root", "work", "home", "Users"]) + ")/")
    found = [
        f"{name(path)}:{number}"
        for path in tracked()
        if path.suffix not in {".png", ".pdf", ".lock", ".woff2", ".ico"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if places.search(line)
    ]

    assert not found, f"These would be wrong anywhere else: {found}"


def test_settings_of_the_tools_have_one_home():
    settings = ConfigParser(interpolation=None)
    settings.read(ROOT / "setup.cfg")
    project = (ROOT / "pyproject.toml").read_text()

    assert {"tool:pytest", "mypy", "importlinter"} <= set(settings.sections())
    assert not re.search(r"^\[tool\.(?!setuptools)", project, re.MULTILINE)
