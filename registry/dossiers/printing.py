"""The dossier on paper, and the two letters by which a participant reads it at home."""

from dataclasses import asdict
from datetime import datetime

from registry import typeset
from registry.dossiers.contents import Dossier
from registry.dossiers.models import DossierLink
from registry.dossiers.telling import Translate, tell
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab import limits

_PACKAGE = "registry.dossiers"
_DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}
_ADDRESS_SIZE = 13
_CODE_SIZE = 26

_WORDS: dict[str, Message] = {
    "law": T("Regulation (EU) 2016/679 (GDPR), article 15"),
    "made": T("made on"),
    "page": T("Page"),
}


def pdf(dossier: Dossier, *, translate: Translate, language: str) -> bytes:
    """The dossier as a tagged PDF (PDF/UA-1), A4, in one language."""
    data = {
        "language": language,
        "words": {name: translate(words) for name, words in _WORDS.items()},
        **asdict(tell(dossier, translate=translate, language=language)),
    }
    return typeset.pdf(_PACKAGE, "dossier", data, moment=dossier.made_at)


def address_letter(
    link: DossierLink, address: str, *, translate: Translate, language: str
) -> bytes:
    """The letter with the address, which without the code opens nothing."""
    return _letter(
        link,
        title=T("What the registry knows of you: your link"),
        before=(
            T("You asked to see what our registry knows of you. Photograph this square with your "
              "telephone, or type the address that stands under it."),
        ),
        value=address,
        symbol=address,
        after=(
            T("You will be asked for a code of {count} digits. It comes to you by another way: "
              "keep the two apart.", count=limits.LINK_CODE_DIGITS),
            T("The link works until {day}. You can read and print everything there, and oppose "
              "what you no longer want.", day=_day(link.expires_at, language)),
            T("If you did not ask for this, tell us, and throw this letter away."),
        ),
        translate=translate,
        language=language,
    )  # fmt: skip


def code_letter(link: DossierLink, code: str, *, translate: Translate, language: str) -> bytes:
    """The letter with the code, which without the address opens nothing."""
    half = len(code) // 2
    return _letter(
        link,
        title=T("What the registry knows of you: your code"),
        before=(T("This is the code for the link that comes to you by another way."),),
        value=f"{code[:half]} {code[half:]}",
        symbol=None,
        after=(
            T("Type it on the page that the link opens. After {count} wrong codes the link is "
              "closed; ask us for another then.", count=limits.LINK_WRONG_CODES_MAX),
            T("It works until {day}. Give it to nobody; our staff never asks for it.",
              day=_day(link.expires_at, language)),
        ),
        translate=translate,
        language=language,
    )  # fmt: skip


def _letter(
    link: DossierLink,
    *,
    title: Message,
    before: tuple[Message, ...],
    value: str,
    symbol: str | None,
    after: tuple[Message, ...],
    translate: Translate,
    language: str,
) -> bytes:
    data = {
        "language": language,
        "title": translate(title),
        # Nothing on it says whom it is for: who sends it writes the envelope.
        "site": link.participant.site.name,
        "before": [translate(sentence) for sentence in before],
        "value": value,
        "size": _CODE_SIZE if symbol is None else _ADDRESS_SIZE,
        "symbol": None if symbol is None else typeset.qr_code(symbol),
        "after": [translate(sentence) for sentence in after],
    }
    return typeset.pdf(_PACKAGE, "letter", data, moment=link.created_at)


def _day(moment: datetime, language: str) -> str:
    return clock.to_paris(moment).strftime(_DAY[language])
