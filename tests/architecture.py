"""The architecture as it is: drawn from the packages and their imports, never by hand.

make architecture        (python -m tests.architecture)
"""

import ast
from configparser import ConfigParser
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
_CONTRACT = "importlinter:contract:layers"

_HEAD = """\
# Architecture

Made from the packages themselves (`make architecture`); a test compares this
page with the code. Imports point down the list, never up; two packages on one
line do not know each other. The rules are the import contracts of
`setup.cfg`.

"""


def layers() -> list[list[str]]:
    """The packages from the top layer down, as the import contract lists them."""
    contract = ConfigParser()
    contract.read(ROOT / "setup.cfg")
    lines = contract[_CONTRACT]["layers"].strip().splitlines()
    named = [[name.strip(" ()") for name in line.split("|")] for line in lines]
    return [[name for name in line if _exists(name)] for line in named]


def _exists(name: str) -> bool:
    package = ROOT / "registry" / name
    return (package / "__init__.py").exists() or package.with_suffix(".py").exists()


def _purpose(name: str) -> str:
    """The first sentence of the package's docstring."""
    package = ROOT / "registry" / name / "__init__.py"
    path = package if package.exists() else ROOT / "registry" / f"{name}.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def _graph(names: list[str]) -> list[str]:
    """The imports between packages as a diagram; those that a longer way implies are left out."""
    graph = grimp.build_graph("registry", cache_dir=str(ROOT / "build" / "cache" / "grimp"))
    wanted = {f"registry.{name}": name for name in names}
    edges: dict[str, set[str]] = {name: set() for name in names}
    for module in graph.modules:
        above = ".".join(module.split(".")[:2])
        for imported in graph.find_modules_directly_imported_by(module):
            below = ".".join(imported.split(".")[:2])
            if above in wanted and below in wanted and above != below:
                edges[wanted[above]].add(wanted[below])
    return [
        f"    {above} --> {below}"
        for above in names
        for below in sorted(edges[above], key=names.index)
        if not _reaches(edges, above, below)
    ]


def _reaches(edges: dict[str, set[str]], above: str, below: str) -> bool:
    """Whether `below` is reached from `above` by another way than directly."""
    todo, seen = list(edges[above] - {below}), set[str]()
    while todo:
        name = todo.pop()
        if name == below:
            return True
        if name not in seen:
            seen.add(name)
            todo += edges[name]
    return False


def drawn() -> str:
    """The whole page."""
    listed = layers()
    names = [name for line in listed for name in line]
    rows = [
        f"| {' · '.join(f'`{name}`' for name in line)} | "
        f"{' · '.join(_purpose(name) for name in line)} |"
        for line in listed
        if line
    ]
    return "\n".join(
        [
            _HEAD + "| Layer | Owns |",
            "|---|---|",
            *rows,
            "",
            "```mermaid",
            "flowchart TD",
            *_graph(names),
            "```",
            "",
        ]
    )


if __name__ == "__main__":
    DOCUMENT.write_text(drawn(), encoding="utf-8")
