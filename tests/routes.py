"""Addresses whose builders are compiled once: hundreds of applications have the same two hundred.

Compiling them is nine tenths of putting an application up, and what is compiled
depends on the rule alone.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]

_compiled: dict[tuple[Any, ...], _Builder] = {}


class RememberedRule(Rule):
    """A rule that takes its builder from an equal rule of an earlier application."""

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, defaults, tuple(self._trace), append_unknown)
        if key not in _compiled:
            _compiled[key] = super()._compile_builder(append_unknown)
        return _compiled[key]
