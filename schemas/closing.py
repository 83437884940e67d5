"""Scans among which the command to close may be."""

from collections.abc import Mapping
from typing import Any

from marshmallow import pre_load

from registry.vocab.scanning import CLOSE_COMMANDS
from schemas.base import Shape
from schemas.fields import Flag, ScanCodes


class ClosableScans(Shape):
    """Tubes, or the command to close, or both."""

    codes = ScanCodes()
    close = Flag()

    @pre_load
    def hear_close(self, data: Any, **_: Any) -> Any:
        """Take the command out of the codes."""
        if not isinstance(data, Mapping) or not isinstance(data.get("codes"), str):
            return data
        lines = data["codes"].splitlines()
        codes = [line for line in lines if line.strip().upper() not in CLOSE_COMMANDS]
        heard = {"close": "yes"} if len(codes) < len(lines) else {}
        return {**data, "codes": "\n".join(codes), **heard}
