"""The lock file of `evalmark check`: what the Hub said on a day, for machines and hooks without a network."""

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from evalmark.artifact import Frozen, dumps, loads
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ResultsFile
from evalmark.ports import BenchmarkFiles, Benchmarks, Claims

KIND = "lock/1"
LARGEST_LOCK = 16 << 20


class LockedBenchmark(Frozen):
    """A benchmark's two files at a commit."""

    dataset_id: str = Field(description="The benchmark's dataset repo, `owner/name`.")
    asked: str | None = Field(description="The revision that an entry names; null for main.")
    commit: str | None = Field(description="The commit it stood for; null if it is surely not there.")
    eval_yaml: str = Field(default="", description="The text of eval.yaml.")
    declaration: str | None = Field(default=None, description="The text of .evalmark.toml, if there is one.")
    reason: str = Field(default="", description="Why it is not there.")
    advice: str = Field(default="", description="What to do about it.")


class LockedRow(Frozen):
    """One score of a leaderboard."""

    model: str
    value: float


class LockedBoard(Frozen):
    """A benchmark's leaderboard."""

    dataset_id: str
    rows: tuple[LockedRow, ...]


class Lock(Frozen):
    """What was looked up, and when."""

    written: date = Field(description="The day on which the Hub said so.")
    benchmarks: tuple[LockedBenchmark, ...]
    boards: tuple[LockedBoard, ...]


class LockedHub:
    """Answers from a lock file as the Hub would have on that day; of claims in other places it knows nothing."""

    def __init__(self, lock: Lock, path: Path) -> None:
        self._lock = lock
        self._path = path
        self._benchmarks = {BenchmarkRef(each.dataset_id, each.asked): each for each in lock.benchmarks}

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """What the lock holds; what it does not hold is out of reach."""
        locked = self._benchmarks.get(ref)
        if locked is None:
            where = f"`{ref.dataset_id}`" + (f" at `{ref.revision}`" if ref.revision else "")
            return BenchmarkMissing(
                f"the benchmark {where} is not in {self._path}, written on {self._lock.written}",
                f"run: evalmark check --online --lock {self._path}",
                surely=False,
            )
        if locked.commit is None:
            return BenchmarkMissing(locked.reason, locked.advice, surely=True)
        declaration = locked.declaration.encode() if locked.declaration is not None else None
        return BenchmarkFiles(locked.commit, locked.eval_yaml.encode(), declaration)

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """The rows of that day."""
        boards = (board for board in self._lock.boards if board.dataset_id == dataset_id)
        return tuple(BoardRow(row.model, row.value) for board in boards for row in board.rows)

    def results_files(self, _model: str) -> tuple[ResultsFile, ...]:
        """None: what others claim changes from hour to hour."""
        return ()


class Recorder:
    """Passes questions on to a Hub, and remembers its answers for a lock file."""

    def __init__(self, benchmarks: Benchmarks, claims: Claims) -> None:
        self._hub = benchmarks
        self._claims = claims
        self._benchmarks: list[LockedBenchmark] = []
        self._boards: list[LockedBoard] = []

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """As the Hub answers. That it is out of reach is not remembered."""
        answer = self._hub.benchmark(ref)
        if isinstance(answer, BenchmarkFiles):
            self._benchmarks.append(_locked(ref, answer))
        elif answer.surely:
            self._benchmarks.append(
                LockedBenchmark(
                    dataset_id=ref.dataset_id,
                    asked=ref.revision,
                    commit=None,
                    reason=answer.reason,
                    advice=answer.advice,
                )
            )
        return answer

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """As the Hub answers."""
        rows = self._claims.board(dataset_id)
        locked = tuple(LockedRow(model=row.model, value=row.value) for row in rows)
        self._boards.append(LockedBoard(dataset_id=dataset_id, rows=locked))
        return rows

    def results_files(self, model: str) -> tuple[ResultsFile, ...]:
        """As the Hub answers; not remembered."""
        return self._claims.results_files(model)

    def lock(self, today: date) -> str:
        """The lock file's text: the answers so far."""
        benchmarks = sorted(self._benchmarks, key=lambda each: (each.dataset_id, each.asked or ""))
        boards = sorted(self._boards, key=lambda each: each.dataset_id)
        lock = Lock(written=today, benchmarks=tuple(benchmarks), boards=tuple(boards))
        return dumps(KIND, lock.model_dump(mode="json"))


def read_lock(path: Path) -> LockedHub:
    """Read a lock file. Raises `UsageProblem` if it is not one, `CouldNotFinish` if it cannot be read."""
    advice = f"write it with: evalmark check --online --lock {path}"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_LOCK + 1)
    except FileNotFoundError as error:
        raise UsageProblem(f"there is no lock file {path}", advice) from error
    except OSError as error:
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "check its rights") from error
    if len(content) > LARGEST_LOCK:
        raise UsageProblem(f"{path} is over {LARGEST_LOCK >> 20} MiB, so it is no lock file", advice)
    try:
        return LockedHub(Lock.model_validate(loads(KIND, content.decode())), path)
    except (ValidationError, ValueError) as error:
        raise UsageProblem(f"{path} is no lock file of this version of evalmark", advice) from error


def _locked(ref: BenchmarkRef, files: BenchmarkFiles) -> LockedBenchmark:
    declaration = files.declaration.decode(errors="replace") if files.declaration is not None else None
    return LockedBenchmark(
        dataset_id=ref.dataset_id,
        asked=ref.revision,
        commit=files.revision,
        eval_yaml=files.eval_yaml.decode(errors="replace"),
        declaration=declaration,
    )
