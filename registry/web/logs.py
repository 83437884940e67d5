"""One JSON line per request and per failure: what happened, never what was in it.

No query string, no form value, no message of an exception and no local
variable is ever written: each may hold what a person typed.
"""

import logging
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask.logging import default_handler

from registry.audit.service import request_id
from registry.web import guards

FILE = "registry.log"
_REQUEST_ID_BYTES = 9
_handlers: list[logging.Handler] = []

log = structlog.get_logger("registry.web")


def bare_traceback(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its class and the places it passed through."""
    cause = event.pop("exc_info", None)
    if cause is True:
        cause = sys.exc_info()
    if isinstance(cause, tuple):
        cause = cause[1]
    if isinstance(cause, BaseException):
        event["exception"] = type(cause).__qualname__
        event["stack"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
    return event


def install(app: Flask, logs_dir: Path) -> None:
    """Write to the log file, and warnings to the terminal too; number every request."""
    _write_to(logs_dir)
    app.logger.removeHandler(default_handler)
    app.before_request(_begin)
    app.after_request(_end)


def _write_to(logs_dir: Path) -> None:
    logs_dir.mkdir(parents=True, exist_ok=True)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        bare_traceback,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    root = logging.getLogger()
    for handler in _handlers:
        root.removeHandler(handler)
        handler.close()
    # Another program rotates the file; a watched one follows it.
    to_file = WatchedFileHandler(logs_dir / FILE, encoding="utf-8", delay=True)
    to_terminal = logging.StreamHandler()
    to_terminal.setLevel(logging.WARNING)
    _handlers[:] = [to_file, to_terminal]
    for handler in _handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    logging.getLogger("registry").setLevel(logging.INFO)
    # Its request lines hold addresses with their query strings.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def _begin() -> None:
    g.request_started = time.perf_counter()
    g.request_id = secrets.token_urlsafe(_REQUEST_ID_BYTES)
    request_id.set(g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint in guards.OPEN_ENDPOINTS:
        return response
    actor = g.get("actor")
    log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((time.perf_counter() - g.request_started) * 1000, 1),
        account=actor.id if actor else None,
        request_id=g.request_id,
    )
    return response
