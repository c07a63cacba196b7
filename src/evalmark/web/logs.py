"""Structured logs, one JSON object a line on standard error, in which no secret stands, whoever logs it."""

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TextIO, TypeAlias

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Form: TypeAlias = Literal["json", "text"]
REMOVED: Final = "[removed]"
SHORTEST_SECRET: Final = 6
SECRET_NAME: Final = re.compile(r"secret|token|passw|authorization|api[-_]?key|cookie|credential", re.IGNORECASE)
DEEPEST: Final = 6


def secrets_in(environment: Mapping[str, str], named: Iterable[str]) -> tuple[str, ...]:
    """The values that must never be seen: of variables that are named like secrets, and of those in `named`."""
    chosen = set(named)
    values = {
        value
        for name, value in environment.items()
        if name in chosen or SECRET_NAME.search(name) or name.upper().endswith("KEY")
    }
    return tuple(sorted((value for value in values if len(value) >= SHORTEST_SECRET), key=len, reverse=True))


class Redaction:
    """A processor that drops what is named like a secret, and overwrites the values of the known ones anywhere."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """As structlog calls it."""
        clean = self.of(dict(event))
        return clean if isinstance(clean, dict) else {}

    def of(self, value: object, depth: int = 0) -> object:
        """The same without secrets. What is nested deeper than anybody nests is text."""
        if isinstance(value, str):
            return self.text(value)
        if depth < DEEPEST and isinstance(value, Mapping):
            kept = {str(key): each for key, each in value.items() if not SECRET_NAME.search(str(key))}
            return {self.text(key): self.of(each, depth + 1) for key, each in kept.items()}
        if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
            return [self.of(each, depth + 1) for each in value]
        return value if value is None or isinstance(value, (bool, int, float)) else self.text(str(value))

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, REMOVED)
        return text


def configure(secrets: Iterable[str], form: Form, out: TextIO = sys.stderr) -> None:
    """Send our logs and those of all libraries to `out`. Redaction is the last step before the text is made."""
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=True, default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[drop, Redaction(secrets), last])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpx2", "httpcore", "huggingface_hub", "huey", "uvicorn.access", "filelock"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def logger(name: str) -> Any:
    """A logger to call with an event and its facts."""
    return structlog.get_logger(f"evalmark.{name}")
