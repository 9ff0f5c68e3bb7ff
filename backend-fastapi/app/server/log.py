"""JSON lines, with the field names of the auth server's pino: one tool reads both.

Never logged: bodies, headers, raw URLs, messages of unexpected errors; so no token, cookie, password or mail address.
"""

import logging
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

SILENT = 100
_LEVELS = {"trace": 5, "debug": 10, "info": 20, "warn": 30, "error": 40, "fatal": 50, "silent": SILENT}
_PINO_NAMES = {"warning": "warn", "critical": "fatal", "exception": "error", "notset": "trace"}
_MAX_FRAMES = 12
_MAX_CAUSES = 4
_COMPACT = (",", ":")


def configure_logging(level: str, stream: TextIO) -> None:
    """For structlog and for the standard library's loggers: uvicorn's, ours, everybody's."""
    min_level = _LEVELS[level]
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, _pino_fields]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(separators=_COMPACT)],
        wrapper_class=structlog.make_filtering_bound_logger(min_level),
        # Not Print…: to an unbuffered stream print writes a line and its end apart, and another worker in between.
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder(allow=[]), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(separators=_COMPACT),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(min_level)
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"  # request_log.py writes those lines


def describe_error(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """What of an error may be logged: its type, where it was raised, and a database's code. Messages quote values."""
    described: dict[str, Any] = {"type": type(error).__qualname__}
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(sqlstate, str):
        described["code"] = sqlstate
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    if frames:
        described["stack"] = "\n".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    cause = error.__cause__ or error.__context__
    if cause is not None and depth < _MAX_CAUSES:
        described["cause"] = describe_error(cause, depth + 1)
    return described


def _pino_fields(_logger: object, method: str, event: EventDict) -> EventDict:
    level = str(event.pop("level", method))
    line: EventDict = {
        "level": _PINO_NAMES.get(level, level),
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "service": "backend",
    }
    message = event.pop("event", "")
    exc_info: structlog.types.ExcInfo | None = event.pop("exc_info", None)
    line.update(event)
    if exc_info is not None:
        line["err"] = describe_error(exc_info[1])
    line["msg"] = message
    return line
