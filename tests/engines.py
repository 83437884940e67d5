"""Engines that outlive the test that made them.

An engine remembers every statement that it has compiled.  A new one for each
test compiles the same hundreds of statements again, which takes longer than
asking them, so an address that one test after another uses keeps its engines;
their connections end with the test.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.engine import make_url

from registry.persistence import db

_resting: dict[str, list[sa.Engine]] = defaultdict(list)


@contextmanager
def kept(*urls: str) -> Iterator[None]:
    """Give the applications made inside, for these addresses, engines that have worked before.

    Two applications never share one: each asks on connections of its own.
    """
    lent: list[tuple[str, sa.Engine]] = []
    make = db._make_engine

    def take(key: str | None, options: dict[str, Any], app: Any) -> sa.Engine:
        url = make_url(options["url"]).render_as_string(hide_password=False)
        if url not in urls:
            return make(key, options, app)
        engine = _resting[url].pop() if _resting[url] else make(key, options, app)
        lent.append((url, engine))
        return engine

    with mock.patch.object(db, "_make_engine", take):
        yield
    orm.close_all_sessions()
    for url, engine in lent:
        engine.dispose()
        _resting[url].append(engine)
