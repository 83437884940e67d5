"""Passwords: hashed with argon2id, refused when anybody would guess them.

The length is what protects; no kind of character is demanded.  What is
refused is made by rule from the habits that breach lists show, so that no
list of other people's passwords has to be shipped.
"""

import re
import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits

#: Each verification holds 64 MiB: a burst of sign-ins waits instead of exhausting the memory.
_AT_ONCE = threading.BoundedSemaphore(4)

_COMMON = (
    "motdepasse", "password", "passwort", "azerty", "azertyuiop", "qwerty", "qwertyuiop",
    "bonjour", "soleil", "doudou", "chouchou", "loulou", "jetaime", "coucou", "marseille",
    "paris", "france", "letmein", "welcome", "bienvenue", "admin", "administrateur",
    "administrator", "utilisateur", "secret", "dragon", "princesse", "princess", "football",
    "sunshine", "iloveyou", "hopital", "hospital", "clinique", "biobanque", "biobank",
    "registre", "registry", "infirmiere", "medecin", "docteur", "recherche", "laboratoire",
    "changeme", "changezmoi", "connexion", "login", "test", "demo", "temporaire", "provisoire",
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre", "printemps", "ete", "automne", "hiver", "lundi",
    "mon", "mot", "de", "passe", "the", "pass", "word", "my", "le", "la",
)  # fmt: skip
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn", "1aqw2zsx3edc4rfv5tgb6yhn",
)  # fmt: skip
#: Punctuation, and digits that are no longer than a date.
_FILLER = re.compile(r"[\W_]|(?<!\d)\d{1,8}(?!\d)")
_LEET = str.maketrans("013457@$!", "oieastasi")
_DISTINCT_MIN = 6
_OWN_CHARACTERS_MIN = 6

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, type=Type.ID)
_stand_in: str | None = None


def use_cost(*, memory_kib: int, passes: int, lanes: int) -> None:
    """Hash with this much work from now on; older hashes are renewed at the next sign-in."""
    global _hasher, _stand_in  # noqa: PLW0603 - one cost per process, set by the composition root
    _hasher = PasswordHasher(
        time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID
    )
    _stand_in = None


def hashed(password: str) -> str:
    """The argon2id hash of `password`, taken exactly as it was typed."""
    with _AT_ONCE:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether `password` gives the hash; without one, the same work and no.

    An unknown account must take as long as a wrong password, or the time would
    tell which accounts exist.
    """
    with _AT_ONCE:
        stand_in = _nobodys_hash()
        try:
            _hasher.verify(stored or stand_in, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _nobodys_hash() -> str:
    global _stand_in  # noqa: PLW0603 - made once per cost
    if _stand_in is None:
        _stand_in = _hasher.hash("nobody signs in with this")
    return _stand_in


def check(password: str, *, login: str, name: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long or easily guessed.

    :raises InvalidInput: with the sentence to show at `field`.
    """
    if len(password) < limits.PASSWORD_MIN:
        raise InvalidInput(
            T(
                "Choose a password of at least {count} characters: several words are easy to keep.",
                count=limits.PASSWORD_MIN,
            ),
            field=field,
        )
    if len(password) > limits.PASSWORD_MAX:
        raise InvalidInput(
            T("A password has at most {count} characters.", count=limits.PASSWORD_MAX),
            field=field,
        )
    if _is_obvious(password, login, name):
        raise InvalidInput(
            T(
                "This password is easily guessed: it repeats itself, follows the keyboard, or is "
                "made of very common words or your name. Choose several unrelated words."
            ),
            field=field,
        )


def _is_obvious(password: str, login: str, name: str) -> bool:
    plain = _plain(password)
    return (
        len(set(plain)) < _DISTINCT_MIN
        or re.fullmatch(r"(.+?)\1+", plain) is not None
        or _characters_of_its_own(password, login, name) < _OWN_CHARACTERS_MIN
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(symbol for symbol in decomposed if not unicodedata.combining(symbol))


def _characters_of_its_own(password: str, login: str, name: str) -> int:
    """How many characters are left without common words, runs, dates and the person's name."""
    own_words = re.findall(r"\w{3,}", f"{_plain(login)} {_plain(name)}")
    words = sorted({*_COMMON, *own_words}, key=len, reverse=True)
    pattern = "|".join(re.escape(word) for word in words)
    remainders = []
    for variant in (_plain(password), _plain(password).translate(_LEET)):
        left = re.sub(pattern, " ", _without_runs(variant))
        remainders.append(len(_FILLER.sub("", left)))
    return min(remainders)


def _without_runs(text: str) -> str:
    """The text without pieces of four or more that follow the alphabet or a keyboard row."""
    kept, place = [], 0
    while place < len(text):
        length = _run_length(text[place:])
        if length >= 4:
            kept.append(" ")
            place += length
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


def _run_length(text: str) -> int:
    length = 0
    while length < len(text) and any(
        text[: length + 1] in run or text[: length + 1] in run[::-1] for run in _RUNS
    ):
        length += 1
    return length
