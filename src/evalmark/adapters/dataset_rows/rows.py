"""Ask a child what a dataset holds: its configs, their splits, and the columns of one with its first rows."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Final, cast

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, TypeAdapter, ValidationError

from evalmark.artifact import Frozen
from evalmark.authoring.columns import Column, Kind
from evalmark.errors import CouldNotFinish
from evalmark.report.escape import plain

CHILD: Final = "evalmark.adapters.dataset_rows.child"
SECONDS: Final = 300.0
LARGEST_REPLY: Final = 64 << 20
ROWS: Final = 200
# What a program needs to start and to trust certificates. No secret has these names.
NEEDED: Final = (
    "CURL_CA_BUNDLE", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR",
    "SSL_CERT_FILE", "TMPDIR", "TZ",
)  # fmt: skip

_Text = Annotated[StrictStr, Field(max_length=1000)]
_Value = _Text | StrictBool | StrictInt | StrictFloat | tuple[_Text, ...] | None


class _Column(Frozen):
    name: _Text
    kind: Kind
    labels: tuple[_Text, ...]
    values: tuple[_Value, ...]


class _Split(Frozen):
    columns: tuple[_Column, ...]
    total: int | None
    only_data_uris: bool


_NAMES: Final = TypeAdapter(tuple[_Text, ...])
_FILES: Final = TypeAdapter(dict[_Text, tuple[_Text, ...]])


@dataclass(frozen=True, slots=True)
class Split:
    """Columns with their first values; how many rows, if that was soon known; whether all pictures lie in the rows."""

    columns: tuple[Column, ...]
    total: int | None
    only_data_uris: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset at a commit, and the Hub that holds it. `cache` keeps downloads; the child gets its names only."""

    dataset_id: str
    revision: str
    endpoint: str
    cache: Path
    parent_env: Mapping[str, str]


class DatasetRows:
    """All questions raise `CouldNotFinish` for what `datasets` cannot read."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child

    def configs(self) -> tuple[str, ...]:
        """The names of its configs."""
        return self._names({}, "the dataset")

    def splits(self, config: str) -> tuple[str, ...]:
        """The names of a config's splits."""
        return self._names({"config": config}, f"the config {config}")

    def files(self, config: str) -> dict[str, tuple[str, ...]]:
        """The files of each split, by their path in the repo."""
        what = f"the config {config}"
        try:
            return _FILES.validate_python(self._ask({"config": config, "files": True}, what).get("files"))
        except ValidationError as error:
            raise _unreadable(what, "its files are not what files can be") from error

    def split(self, config: str, split: str) -> Split:
        """What one split holds."""
        what = f"the split {split} of {config}"
        reply = self._ask({"config": config, "split": split, "rows": ROWS}, what)
        try:
            told = _Split.model_validate(reply)
        except ValidationError as error:
            raise _unreadable(what, "its rows are not what rows can be") from error
        columns = tuple(Column(each.name, each.kind, each.values, each.labels) for each in told.columns)
        return Split(columns, told.total, told.only_data_uris)

    def _names(self, question: dict[str, Any], what: str) -> tuple[str, ...]:
        try:
            return _NAMES.validate_python(self._ask(question, what).get("names"))
        except ValidationError as error:
            raise _unreadable(what, "its names are not what names can be") from error

    def _ask(self, question: dict[str, Any], what: str) -> dict[str, Any]:
        with contextlib.suppress(OSError):  # one that is gone is told of below
            commands = cast("IO[bytes]", self._child.stdin)
            commands.write(f"{json.dumps(question)}\n".encode())
            commands.flush()
        try:
            reply = json.loads(self._line(what))
        except ValueError:
            raise _unreadable(what, "the process that read it ended, most likely for want of memory") from None
        if "trouble" in reply:
            raise _unreadable(what, reply["trouble"])
        return dict(reply)

    def _line(self, what: str) -> bytes:
        pipe = cast("IO[bytes]", self._child.stdout).fileno()
        line, deadline = b"", time.monotonic() + SECONDS
        while not line.endswith(b"\n") and len(line) < LARGEST_REPLY:
            if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise _unreadable(what, f"reading it takes more than {SECONDS:.0f} seconds")
            more = os.read(pipe, 1 << 16)
            if not more:
                break
            line += more
        return line


@contextlib.contextmanager
def opened(source: Source) -> Iterator[DatasetRows]:
    """Start the child; it is gone when the context ends, however it ends."""
    with tempfile.TemporaryDirectory(prefix="evalmark-rows-") as folder:
        work = Path(folder)
        (work / "start").mkdir()
        child = subprocess.Popen(
            [sys.executable, "-I", "-m", CHILD, source.dataset_id, source.revision],
            cwd=work / "start",
            env=_environment(source, work),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield DatasetRows(child)
        finally:
            _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            cast("IO[bytes]", pipe).close()


def _environment(source: Source, work: Path) -> dict[str, str]:
    allowed = {name: source.parent_env[name] for name in NEEDED if name in source.parent_env}
    return allowed | {
        "HOME": str(work),
        "HF_HOME": str(source.cache),
        "HF_ENDPOINT": source.endpoint,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_XET": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _unreadable(what: str, why: str) -> CouldNotFinish:
    return CouldNotFinish(
        f"{plain(what)} cannot be loaded: {plain(why, 400)}",
        "see that `datasets` can: rows in csv, json, jsonl or parquet, and in README.md which file is which split",
    )
