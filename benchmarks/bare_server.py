"""What Flask and one durable insert cost on this machine: the floor of a custody act.

``python -m benchmarks.bare_server FILE PORT`` serves it as the registry is served.
"""

import os
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, redirect, request
from gunicorn.app.base import BaseApplication
from werkzeug.wrappers import Response

_THREADS = 8


def create_app(file: Path) -> Flask:
    """One route, which inserts what is posted and waits until it is on the disk."""
    app = Flask(__name__)
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(file, timeout=30, isolation_level=None)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
        return local.connection

    connection().execute(
        "CREATE TABLE IF NOT EXISTS act (id INTEGER PRIMARY KEY, code TEXT, kind TEXT)"
    )

    @app.post("/<code>/act")
    def act(code: str) -> Response:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute(
            "INSERT INTO act (code, kind) VALUES (?, ?)", (code, request.form["reason"])
        )
        connection().execute("COMMIT")
        return redirect(f"/{code}", code=303)

    return app


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, file: Path, port: int) -> None:
        self._file = file
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"127.0.0.1:{self._port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("workers", min(os.cpu_count() or 1, 4))
        self.cfg.set("threads", _THREADS)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Flask:
        return create_app(self._file)


if __name__ == "__main__":
    _Server(Path(sys.argv[1]), int(sys.argv[2])).run()
