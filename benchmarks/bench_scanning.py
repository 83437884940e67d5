"""More than a million scans that go wrong as scanners, keyboards and hands do.

A wrong acceptance is a scan that reads as another code of ours, or as any code that
was given out.  What reads as a foreign code nobody knows is refused by the lookup
that follows, and counted as refused here.
"""

import random
import time
from collections import Counter
from collections.abc import Callable

from benchmarks.harness import Goal, Result
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput

ISSUED = 100_000
EVENTS = 300_000
NEVER = Goal("figure", at_most=0)
#: What the keys of a US-layout scanner give on an AZERTY host.
AZERTY = str.maketrans("1234567890AQZWM", "&é\"'(-è_çàQAWZ?")
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Slip = Callable[[str, random.Random], str]


def run() -> list[Result]:
    """How often a slip is taken for another tube, and how many scans are read a second."""
    chance = random.Random(5)
    issued = _issued(chance)
    codes = sorted(issued)
    results = []
    spent = 0.0
    for name, slip in SLIPS.items():
        scanned = [(code, slip(code, chance)) for code in chance.choices(codes, k=EVENTS)]
        began = time.perf_counter()
        outcomes = Counter(_outcome(code, scan, issued) for code, scan in scanned)
        spent += time.perf_counter() - began
        results.append(Result(f"{name}: wrong", outcomes["wrong"], "scans", goal=NEVER))
        results.append(Result(f"{name}: refused", outcomes["refused"], "scans"))
    read = EVENTS * len(SLIPS)
    return [*results, Result(f"{read:,} scans read", read / spent, "scans/s")]


def _issued(chance: random.Random) -> set[str]:
    codes: set[str] = set()
    while len(codes) < ISSUED:
        code = tube.make(chance.choice(tube.LETTERS), chance.randrange(10**tube.DIGITS))
        if code is not None:
            codes.add(code)
    return codes


def _outcome(code: str, scan: str, issued: set[str]) -> str:
    try:
        read = tube.read_scan(scan)
    except InvalidInput:
        return "refused"
    if read == code:
        return "right"
    return "wrong" if read in issued or tube.is_valid(read) else "refused"


def _azerty(code: str, chance: random.Random) -> str:
    typed = code.translate(AZERTY)
    return typed.lower().replace("?", ",") if chance.random() < 0.5 else typed


def _substituted(code: str, chance: random.Random) -> str:
    at = chance.randrange(len(code))
    other = chance.choice([symbol for symbol in SYMBOLS if symbol != code[at]])
    return code[:at] + other + code[at + 1 :]


def _swapped(code: str, chance: random.Random) -> str:
    at = chance.choice([at for at in range(len(code) - 1) if code[at] != code[at + 1]] or [0])
    return code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def _doubled(code: str, chance: random.Random) -> str:
    return code + chance.choice(["", "\r", "\n", " "]) + code


def _cut(code: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(code))
    return code[:at] if chance.random() < 0.5 else code[at:]


SLIPS: dict[str, Slip] = {
    "US layout on an AZERTY host": _azerty,
    "one character wrong": _substituted,
    "one character wrong, typed on AZERTY": lambda code, chance: _azerty(
        _substituted(code, chance), chance
    ),
    "two neighbours swapped": _swapped,
    "scanned twice in one go": _doubled,
    "cut short": _cut,
}
