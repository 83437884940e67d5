"""Find SoftHSM2, a token made of software; ``python -m tests.softhsm`` prints where it is."""

import shutil
import sys
from pathlib import Path

PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/*/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


def find_module() -> Path | None:
    """The library, if it and the tool that makes tokens are installed."""
    if shutil.which("softhsm2-util") is None:
        return None
    found = (path for place in PLACES for path in sorted(Path("/").glob(place.lstrip("/"))))
    return next(found, None)


if __name__ == "__main__":
    module = find_module()
    print(module or "SoftHSM2 is not installed")
    sys.exit(module is None)
