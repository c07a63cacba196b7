"""Boards at scale: importing, collecting and asking a million claims, beside pandas and plain DuckDB SQL.

    python -m benchmarks.board [CLAIMS]

Makes stores of 10^4, 10^5 and 10^6 claims (or CLAIMS and two smaller ones) and prints what was promised beside what was
measured: import from Parquet within 20 s a million claims, 5,000 entries/s from YAML files, every question within 50 ms
at the median, memory within 1 GB, growth linear or better, a board's page within 300 kB.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pandas as pd

from benchmarks.synthetic import make_store
from evalmark.adapters.duck import DuckRecords
from evalmark.adapters.duck.parquet import export_store
from evalmark.flows.boards import EVERYTHING, board_page
from evalmark.query import BoardFilter, Condition, Page
from evalmark.record import ClaimRecord, DisputeRecord, EventRecord, ModelRecord, TaskRecord
from evalmark.web.site.pages import Site

IMPORT_SECONDS, ENTRIES_A_SECOND, QUERY_MS, MEMORY_MB, PAGE_KB = 20, 5_000, 50, 1_000, 300
ASKED = 40
PAGE = Page(0, 100)
ENTRY = """\
- dataset:
    id: bench/board-{board}
    task_id: task-{task}
    revision: "0123456789abcdef0123456789abcdef01234567"
  value: {value}
  date: "2026-01-01"
  source:
    url: https://example.org/{model}
    name: Model card
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to our store, and the same one to plain SQL and to pandas if they have one."""

    name: str
    ours: Callable[[], object]
    sql: Callable[[], object] | None = None
    pandas: Callable[[], object] | None = None


def main() -> None:
    """Measure, and print."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="evalmark-bench-") as folder:
        sizes = [most // 100, most // 10, most]
        imports = [_imported(Path(folder), size) for size in sizes]
        _collected(Path(folder))
        medians = [_asked(Path(folder) / f"{size}.duckdb", Path(folder) / f"{size}", size) for size in sizes]
        _grown(sizes, imports, medians)
        _page(Path(folder) / f"{most}.duckdb")


def _imported(folder: Path, claims: int) -> float:
    store, out = folder / "made.duckdb", folder / str(claims)
    make_store(store, claims, max(claims // 10, 100))
    export_store(store, out)
    store.unlink()
    seconds, memory = _child("evalmark", "store", "import", str(out), "--store", str(folder / f"{claims}.duckdb"))
    promise = IMPORT_SECONDS * claims / 1_000_000
    promised = f"{seconds / promise:.2f} × the promise"
    print(f"import {claims:>9,} claims from Parquet: {seconds:6.1f} s ({promised}), {memory:.0f} MB")
    return seconds


def _collected(folder: Path, repos: int = 1500, boards: int = 5, entries: int = 10) -> None:
    for repo in range(repos):
        results = folder / "repos" / f"m{repo}" / ".eval_results"
        results.mkdir(parents=True)
        for board in range(boards):
            rows = (
                ENTRY.format(board=board, task=task, value=20 + (repo * 7 + task * 13) % 70, model=repo)
                for task in range(entries)
            )
            (results / f"board-{board}.yaml").write_text("".join(rows))
    targets = [f"{folder}/repos/m{repo}=owner/m{repo}" for repo in range(repos)]
    command = ("evalmark", "sync", "--no-leaderboards", "--quiet", "--store", str(folder / "yaml.duckdb"), *targets)
    seconds, memory = _child(*command)
    rate = repos * boards * entries / seconds
    promised = f"{rate / ENTRIES_A_SECOND:.2f} × the promise"
    print(f"collect {repos * boards * entries:,} entries from YAML: {rate:,.0f} a second ({promised}), {memory:.0f} MB")


def _child(*command: str) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a command, without a network."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    begun = time.perf_counter()
    here = {"HF_ENDPOINT": "http://127.0.0.1:9", "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code, *command], env=here, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, int(done.stdout) / 1000


def _asked(store: Path, parquet: Path, claims: int) -> dict[str, float]:
    records = DuckRecords(store)
    print(f"\n{claims:,} claims: median of {ASKED} questions in ms, promised {QUERY_MS}; others take × as long")
    medians = {}
    for question in _questions(records, store, parquet):
        ours = _median(question.ours)
        peers = (("SQL", question.sql), ("pandas", question.pandas))
        others = [f"{name} {_median(other) / ours:.1f} ×" for name, other in peers if other is not None]
        medians[question.name] = ours
        print(f"  {question.name:<42} {ours:7.1f}   {', '.join(others)}")
    records.close()
    return medians


def _questions(records: DuckRecords, store: Path, parquet: Path) -> list[Question]:
    draw = Random(7)
    tasks = records.find(TaskRecord, (), ("-claims",))
    models = [row.model for row in records.find(ModelRecord, (), ("model",), Page(0, 5000))]
    ids = [row.id for row in records.find(ClaimRecord, (), ("place", "id"), Page(0, 1000))]
    plain = duckdb.connect(str(store), read_only=True)
    columns = ["model", "dataset_id", "task_id", "score", "verdict"]
    frame = pd.read_parquet(parquet / "data/claims.parquet", columns=columns)

    def board(wanted: BoardFilter, page: Page = PAGE, task: TaskRecord | None = None) -> Callable[[], object]:
        return lambda: board_page(records, task or draw.choice(tasks), wanted, page)

    def of_model(kind: type[ClaimRecord] | type[EventRecord], order: tuple[str, ...]) -> Callable[[], object]:
        return lambda: records.find(kind, (Condition("model", "=", draw.choice(models)),), order)

    def sql(query: str) -> Callable[[], object]:
        def ask() -> object:
            task = draw.choice(tasks)
            return plain.execute(query, [task.dataset_id, task.task_id]).fetchall()

        return ask

    def first_of_frame() -> object:
        task = draw.choice(tasks)
        return frame[(frame.dataset_id == task.dataset_id) & (frame.task_id == task.task_id)].nlargest(100, "score")

    top = "SELECT * FROM claims WHERE dataset_id = ? AND task_id = ? ORDER BY score DESC LIMIT 100"
    newest = 'SELECT * FROM events WHERE dataset_id = ? AND task_id = ? ORDER BY "at" DESC LIMIT 100'
    return [
        Question("board, first page", board(EVERYTHING), sql(top), first_of_frame),
        Question("board, page 7", board(EVERYTHING, Page(600, 100))),
        Question("board, only verified", board(BoardFilter(verified=True))),
        Question("board, best of each model", board(BoardFilter(best=True))),
        Question("board, from a rung, since a day, by size", board(BoardFilter(min_rung="sampled", smallest=10**7))),
        Question("largest board, first page", board(EVERYTHING, PAGE, tasks[0])),
        Question("largest board, best of each model", board(BoardFilter(best=True), PAGE, tasks[0])),
        Question(
            "model, all claims", of_model(ClaimRecord, ("dataset_id", "place")), None,
            lambda: frame[frame.model == draw.choice(models)],
        ),
        Question("model, history", of_model(EventRecord, ("at", "id"))),
        Question(
            "benchmark, newest 100 events",
            lambda: records.find(
                EventRecord, _of(draw.choice(tasks)), ("-at", "id"), PAGE
            ),
            sql(newest),
        ),
        Question("claim, its events", lambda: records.find(EventRecord, (Condition("claim", "=", draw.choice(ids)),))),
        Question("conflicts, first 100", lambda: records.find(DisputeRecord, (), ("kind", "-difference"), PAGE)),
    ]  # fmt: skip


def _of(task: TaskRecord) -> tuple[Condition, ...]:
    return Condition("dataset_id", "=", task.dataset_id), Condition("task_id", "=", task.task_id)


def _median(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _grown(sizes: Sequence[int], imports: Sequence[float], medians: Sequence[dict[str, float]]) -> None:
    print(f"\nfrom {sizes[0]:,} to {sizes[-1]:,} claims, {sizes[-1] // sizes[0]} times as many:")
    print(f"  import takes {imports[-1] / imports[0]:.0f} times as long")
    worst = max(medians[0], key=lambda name: medians[-1][name] / medians[0][name])
    print(f"  of the questions, {worst!r} grows most: {medians[-1][worst] / medians[0][worst]:.1f} times")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"  peak memory of this process, pandas included: {memory:.0f} MB")


def _page(store: Path) -> None:
    records = DuckRecords(store)
    task = records.find(TaskRecord, (), ("-claims",))[0]
    answer = Site(records).answer(f"/boards/{task.dataset_id}/{task.task_id}/", {})
    size = len(answer.body) / 1000 if answer else float("nan")
    print(f"\npage of the largest board: {size:.0f} kB ({size / PAGE_KB:.2f} × the promise)")


if __name__ == "__main__":
    main()
