"""The commands in a step's log, read as GitHub's runner reads them: every line of standard output may be one."""

import re
from dataclasses import dataclass, field

from tests.action.refusal import Refused

KNOWN = ("debug", "notice", "warning", "error", "group", "endgroup", "echo", "add-mask", "stop-commands")
FORBIDDEN = ("set-env", "add-path", "set-output", "save-state", "add-matcher", "remove-matcher")
"""Changes what later steps do or see; nothing of ours has a use for them, so one in the log came from somebody else."""
ANNOTATIONS = ("notice", "warning", "error")
MOST_ANNOTATIONS = 10
SHORTEST_TOKEN = 16
NEW = re.compile(r"\s*::([^\s:]+)(?: (.*?))?::(.*)", re.DOTALL)
OLD = re.compile(r".*?##\[([^\s\]]+)(?: ([^\]]*))?\](.*)", re.DOTALL)
DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


@dataclass(frozen=True)
class Annotation:
    """A notice, warning or error at a place."""

    kind: str
    message: str
    place: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What the commands of a step amount to."""

    annotations: tuple[Annotation, ...]
    masks: tuple[str, ...]


def parse_log(log: str) -> Said:
    """Obey `stop-commands`; refuse what is forbidden and too many annotations of one kind."""
    annotations: list[Annotation] = []
    masks: list[str] = []
    for name, place, data in _commands(log):
        if name == "add-mask":
            masks.append(data)
        if name in ANNOTATIONS:
            annotations.append(Annotation(name, data, place))
    for kind in ANNOTATIONS:
        count = sum(each.kind == kind for each in annotations)
        if count > MOST_ANNOTATIONS:
            raise Refused(f"{count} annotations of the kind {kind}, but GitHub shows 10 a step")
    return Said(tuple(annotations), tuple(masks))


def _commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    found: list[tuple[str, dict[str, str], str]] = []
    stopped = ""
    for line in re.split(r"\r\n|\r|\n", log):
        match = NEW.fullmatch(line) or OLD.fullmatch(line)
        name = match[1].lower() if match else ""
        if stopped:
            stopped = "" if match and match[1] == stopped else stopped
        elif match and name == "stop-commands":
            stopped = _token(match[3])
        elif match and name in KNOWN + FORBIDDEN:
            found.append((_allowed(name), _properties(match[2] or ""), _unescaped(match[3], DATA)))
    if stopped:
        raise Refused("commands were stopped and never started again")
    return found


def _allowed(name: str) -> str:
    if name in FORBIDDEN:
        raise Refused(f"the command {name} in the log")
    return name


def _token(token: str) -> str:
    if len(token) < SHORTEST_TOKEN:
        raise Refused(f"commands are stopped with a token that can be guessed: {token!r}")
    return token


def _properties(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split(",") if "=" in each)
    return {name.strip(): _unescaped(value, PROPERTY) for name, _, value in pairs}


def _unescaped(text: str, codes: tuple[tuple[str, str], ...]) -> str:
    for code, character in codes:
        text = text.replace(code, character)
    return text
