"""The tests: domain in ``unit``, pages in ``web`` and ``browser``, conventions in ``guards``."""
