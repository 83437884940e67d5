"""The French catalogue: what the code says, what is translated, how to bring it up to date.

make translations        (python -m tests.catalogue)
"""

import sys
from contextlib import chdir
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "registry" / "translations"
FRENCH = TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po"
TEMPLATE = ROOT / "build" / "messages.pot"


def _pybabel(*arguments: str) -> None:
    with chdir(ROOT):
        CommandLineInterface().run(["pybabel", "--quiet", *arguments])


def extract(target: Path) -> Catalog:
    """Every sentence marked for translation in the code and templates, also written to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    options = ["--keyword=T", "--no-wrap", "--add-location=file", "--sort-by-file"]
    # Babel skips directories that begin with an underscore, and our macros are in _parts.
    options += ["--ignore-dirs=.*", f"--mapping={TRANSLATIONS / 'babel.cfg'}"]
    options += ["--project=registry", "--header-comment=# The registry's sentences, in French.\n#"]
    _pybabel("extract", *options, f"--output={target}", "registry", "schemas")
    return read(target)


def read(path: Path) -> Catalog:
    """The catalogue written in `path`."""
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def sentences(catalog: Catalog) -> dict[str, Message]:
    """The catalogue's messages by their English text (the singular, where there are two)."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in catalog
        if message.id
    }


def is_translated(message: Message) -> bool:
    """Whether every form of the message has a text."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return bool(forms) and all(forms)


def main() -> int:
    """Update and compile the French catalogue, and print what still has no translation."""
    extract(TEMPLATE)
    source, target = f"--input-file={TEMPLATE}", f"--output-dir={TRANSLATIONS}"
    if not FRENCH.exists():
        FRENCH.parent.mkdir(parents=True, exist_ok=True)
        _pybabel("init", source, target, "--locale=fr", "--no-wrap")
    options = [
        "--no-wrap",
        "--no-fuzzy-matching",
        "--ignore-obsolete",
        "--ignore-pot-creation-date",
    ]
    _pybabel("update", source, target, *options)
    _pybabel("compile", f"--directory={TRANSLATIONS}")
    messages = sentences(read(FRENCH))
    missing = [text for text, message in messages.items() if not is_translated(message)]
    for text in missing:
        print(f"not translated: {text}")
    print(f"{len(messages)} sentences, {len(missing)} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
