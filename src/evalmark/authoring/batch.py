"""A batch of submissions: one JSON object a line, and a report with one line for each."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import Field, ValidationError

from evalmark.artifact import Frozen

REPO = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}$"
MOST_LINES = 10_000
State = Literal["opened", "amended", "nothing", "problems", "failed"]
FINISHED: frozenset[State] = frozenset({"opened", "amended", "nothing"})


class BatchLine(Frozen):
    """What one line asks for. Paths are relative to the batch's own file."""

    repo: str = Field(pattern=REPO, description="The model on the Hub.")
    folder: str = Field(min_length=1, description="It holds `.eval_results/*.yaml`.")
    logs: tuple[str, ...] = ()
    log_repo: str | None = Field(default=None, pattern=REPO)
    title: str | None = None
    description: str = ""
    contradict: bool = False
    again: bool = False

    def digest(self, files: Mapping[str, bytes]) -> str:
        """Names what is asked for, with the results files as they are: what was changed is done again."""
        told = hashlib.sha256(self.model_dump_json().encode())
        for path, content in sorted(files.items()):
            told.update(f"{path} {len(content)}\0".encode() + content)
        return told.hexdigest()


class BatchReport(Frozen):
    """What became of a line."""

    repo: str
    state: State
    says: str
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


def read_batch(text: str) -> tuple[BatchLine, ...]:
    """Read a batch; empty lines are left out. Raises `ValueError` with one sentence that names the line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError("it has no lines")
    if len(lines) > MOST_LINES:
        raise ValueError(f"it has over {MOST_LINES} lines")
    return tuple(_line(number, line) for number, line in lines)


def read_report(text: str) -> dict[str, BatchReport]:
    """What an earlier run says, the last word for each digest. What cannot be read was not finished."""
    return {report.digest: report for line in text.splitlines() if (report := _report(line)) is not None}


def left(batch: Iterable[tuple[BatchLine, str]], known: Mapping[str, BatchReport]) -> Iterator[BatchLine]:
    """The lines that are not done yet, of those given with their digests."""
    for line, digest in batch:
        report = known.get(digest)
        if report is None or report.state not in FINISHED:
            yield line


def _line(number: int, line: str) -> BatchLine:
    try:
        return BatchLine.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise ValueError(f"line {number}: {where}: {first['msg'].lower()}") from None
    except (ValueError, RecursionError):
        raise ValueError(f"line {number} is not JSON") from None


def _report(line: str) -> BatchReport | None:
    try:
        return BatchReport.model_validate_json(line)
    except ValidationError:
        return None
