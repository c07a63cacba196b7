"""What a step wrote to the files that GitHub reads after it: outputs, summary, and the two that ours never touches."""

from collections.abc import Iterator
from pathlib import Path

from tests.action.refusal import Refused

FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")
FORBIDDEN = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")
LARGEST = 1024 * 1024


def prepare(folder: Path) -> dict[str, str]:
    """Make the files for one step, empty."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).touch()
    return {name: str(folder / name) for name in FILES}


def outputs_of(folder: Path) -> dict[str, str]:
    """The outputs of a step; refuses a write to a file that changes later steps."""
    for name in FORBIDDEN:
        if (folder / name).stat().st_size:
            raise Refused(f"wrote to {name}")
    return parse_outputs(_text(folder / "GITHUB_OUTPUT"))


def summary_of(folder: Path) -> str:
    """The summary of a step; over the limit GitHub drops all of it."""
    return _text(folder / "GITHUB_STEP_SUMMARY")


def parse_outputs(text: str) -> dict[str, str]:
    """Read `NAME=VALUE` lines and heredocs as GitHub's runner does, but refuse a name with two values."""
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, value = _heredoc(line, lines) if _is_heredoc(line) else _pair(line)
        if outputs.get(name, value) != value:
            raise Refused(f"the output {name} is written twice: {outputs[name]!r}, then {value!r}")
        outputs[name] = value
    return outputs


def _is_heredoc(line: str) -> bool:
    return "<<" in line and "=" not in line.partition("<<")[0]


def _pair(line: str) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not (equals and name):
        raise Refused(f"not an output: {line!r}")
    return name, value


def _heredoc(line: str, lines: Iterator[str]) -> tuple[str, str]:
    name, _, delimiter = line.partition("<<")
    if not (name and delimiter):
        raise Refused(f"not an output: {line!r}")
    value: list[str] = []
    for each in lines:
        if each == delimiter:
            return name, "\n".join(value)
        value.append(each)
    raise Refused(f"the output {name} does not end: no line {delimiter!r}")


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.name} is over 1 MiB")
    return path.read_bytes().decode("utf-8")
