"""What every `Records` must do: the one in memory and the DuckDB file; and what only a file can do."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from evalmark.adapters.duck import DuckRecords, writing
from evalmark.adapters.duck.opening import in_words, open_store
from evalmark.adapters.duck.parquet import export_store, import_into
from evalmark.board import Placement
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.flows.refresh import mend_ranks
from evalmark.ports import Records
from evalmark.query import Condition, Page, Where, of_board
from evalmark.record import TABLES, VERSION, ClaimRecord, DisputeRecord, EventRecord, Record, TaskRecord
from tests.records import DAY, HOSTILE, MemoryRecords, claim, small_world

WORLD = small_world()


def write(path: Path, world: dict[type[Record], tuple[Record, ...]]) -> Path:
    with writing(path) as writer:
        for kind, records in world.items():
            writer.add(kind, records)
        writer.finish()
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("store") / "scores.duckdb", WORLD)


@pytest.fixture(params=["memory", "duckdb"])
def records(request: pytest.FixtureRequest, store: Path) -> Records:
    return MemoryRecords(WORLD) if request.param == "memory" else DuckRecords(store)


@pytest.mark.parametrize("kind", TABLES.values(), ids=TABLES)
def test_find__gives_back_what_was_written(records: Records, kind: type[Record]) -> None:
    assert sorted(records.find(kind), key=repr) == sorted(WORLD.get(kind, ()), key=repr)


@pytest.mark.parametrize(
    "where",
    [
        of_board("acme/sums", "sums"),
        (Condition("verdict", "=", "verified"), Condition("stale", "is null")),
        (Condition("stale", "is not null"),),
        (Condition("strength", ">=", 4),),
        (Condition("changed_at", ">=", DAY),),
        (Condition("parameters", "<=", 1_000_000_000),),
        (Condition("model", "contains", "SUM"),),
        (Condition("model", "contains", "%"),),
        (Condition("pull_request", "in", (3, 4)),),
        (Condition("model", "in", ()),),
        (Condition("variant", "=", HOSTILE),),
    ],
    ids=str,
)
def test_find__what_meets_the_conditions(records: Records, where: Where) -> None:
    expected = MemoryRecords(WORLD).find(ClaimRecord, where)

    assert sorted(records.find(ClaimRecord, where), key=repr) == sorted(expected, key=repr)
    assert records.count(ClaimRecord, where) == len(expected)
    assert sorted(records.scored(where)) == sorted(MemoryRecords(WORLD).scored(where))


@pytest.mark.parametrize(
    "order",
    [("dataset_id", "place"), ("-changed_at", "id"), ("verified_at", "id"), ("-verified_at", "id"), ("-score", "id")],
    ids=str,
)
def test_find__in_order_with_nulls_last(records: Records, order: tuple[str, ...]) -> None:
    assert records.find(ClaimRecord, (), order) == MemoryRecords(WORLD).find(ClaimRecord, (), order)


@pytest.mark.parametrize("page", [Page(0, 3), Page(3, 3), Page(150, 50), Page(500, 10), Page(7)], ids=str)
def test_find__a_page(records: Records, page: Page) -> None:
    order = ("dataset_id", "place")

    assert records.find(ClaimRecord, (), order, page) == MemoryRecords(WORLD).find(ClaimRecord, (), order, page)


def test_find__refuses_a_column_that_there_is_not(store: Path) -> None:
    with pytest.raises(ValueError, match="no column"):
        DuckRecords(store).find(ClaimRecord, (Condition('id" OR 1=1 --', "=", "x"),))


def test_version__changes_with_the_content_and_readers_go_over(tmp_path: Path) -> None:
    path = write(tmp_path / "s.duckdb", {ClaimRecord: (claim(value=1.0),)})
    reader = DuckRecords(path)
    before = reader.version

    with writing(path) as writer:
        writer.replace(ClaimRecord, (), [claim(value=2.0)])
        assert [each.value for each in reader.find(ClaimRecord)] == [1.0]
        writer.publish()

    assert reader.version != before
    assert [each.value for each in reader.find(ClaimRecord)] == [2.0]


def test_writing__forgets_what_is_not_published(tmp_path: Path) -> None:
    path = write(tmp_path / "s.duckdb", {ClaimRecord: (claim(value=1.0),)})

    with writing(path) as writer:
        writer.replace(ClaimRecord, (), [])

    assert DuckRecords(path).count(ClaimRecord) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == [".s.duckdb.lock", "s.duckdb"]


def test_writing__only_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"

    with writing(path), pytest.raises(CouldNotFinish, match="another evalmark is writing"), writing(path):
        pass


def test_writing__place_moves_only_what_is_named(tmp_path: Path) -> None:
    one, other = claim(value=1.0), claim(value=2.0)
    path = write(tmp_path / "s.duckdb", {ClaimRecord: (one, other)})

    with writing(path) as writer:
        writer.place([Placement(one.id, 7, 3, tied=True)])
        writer.finish()

    assert set(DuckRecords(path).find(ClaimRecord)) == {replace(one, place=7, rank=3, tied=True), other}


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.6, 1.2])
def test_writing__killed_leaves_the_store_as_it_was(tmp_path: Path, seconds: float) -> None:
    path = write(tmp_path / "s.duckdb", {ClaimRecord: (claim(value=1.0),)})
    code = (
        "import sys; from pathlib import Path; from evalmark.adapters.duck import writing\n"
        "from evalmark.record import ClaimRecord; from tests.records import claim\n"
        "with writing(Path(sys.argv[1])) as writer:\n"
        "    print('begun', flush=True)\n"
        "    while True: writer.replace(ClaimRecord, (), [claim(value=float(n)) for n in range(2000)])\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)

    assert DuckRecords(path).find(ClaimRecord) == (claim(value=1.0),)
    write(path, {ClaimRecord: (claim(value=3.0),)})
    assert DuckRecords(path).count(ClaimRecord) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == [".s.duckdb.lock", "s.duckdb"]


def test_open__says_that_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="there is no store"):
        DuckRecords(tmp_path / "none.duckdb")


def test_open__says_that_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "s.duckdb").write_text("hello" * 10_000)

    with pytest.raises(UsageProblem, match="is not a store"):
        DuckRecords(tmp_path / "s.duckdb")


def test_open__says_that_a_duckdb_file_is_of_something_else(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        connection.execute("CREATE TABLE mine (x INT)")

    with pytest.raises(UsageProblem, match="of something else"):
        DuckRecords(tmp_path / "s.duckdb")


def test_open__refuses_a_store_of_a_newer_version(tmp_path: Path) -> None:
    path = write(tmp_path / "s.duckdb", {})
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(VERSION + 1)])

    with pytest.raises(UsageProblem, match="newer evalmark"):
        DuckRecords(path)
    with pytest.raises(UsageProblem, match="newer evalmark"), writing(path):
        pass


def test_a_signal_while_duckdb_works__is_raised_as_its_handler_raised_it(store: Path) -> None:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with open_store(store, read_only=True) as connection:
            connection.execute("SET threads = 1")  # a thread that waits for others does not look for signals
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt), in_words(store):
                connection.execute("SELECT count(*) FROM range(100000000000)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_reader_reaches_no_other_file(store: Path) -> None:
    reader = DuckRecords(store)

    with pytest.raises(CouldNotFinish, match="disabled by configuration"):
        reader._ask("SELECT * FROM read_text('/etc/hostname')", [])


def test_parquet__round_trip(store: Path, tmp_path: Path) -> None:
    counts = export_store(store, tmp_path / "out")
    with writing(tmp_path / "again.duckdb") as writer:
        assert import_into(writer, tmp_path / "out") == counts
        assert mend_ranks(writer) == 0
        writer.finish()

    one, other = DuckRecords(store), DuckRecords(tmp_path / "again.duckdb")
    for kind in TABLES.values():
        assert sorted(one.find(kind), key=repr) == sorted(other.find(kind), key=repr)


def test_parquet__an_export_twice_is_the_same_bytes(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out")
    first = {file.name: file.read_bytes() for file in (tmp_path / "out").rglob("*.parquet")}
    export_store(store, tmp_path / "out")

    assert {file.name: file.read_bytes() for file in (tmp_path / "out").rglob("*.parquet")} == first


def test_parquet__others_read_it(store: Path, tmp_path: Path) -> None:
    import datasets
    import pandas

    export_store(store, tmp_path / "out")

    frame = pandas.read_parquet(tmp_path / "out/data/claims.parquet")
    assert len(frame) == len(WORLD[ClaimRecord])
    assert str(frame["changed_at"].dtype).startswith("datetime64")
    loaded = datasets.load_dataset(str(tmp_path / "out"), "events", split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.num_rows == len(WORLD[EventRecord])


def test_parquet__ranks_that_somebody_changed_are_made_anew(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out")
    file = tmp_path / "out/data/claims.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE c AS SELECT * REPLACE (1::BIGINT AS rank, FALSE AS tied) FROM '{file}'")
        connection.execute(f"COPY c TO '{file}' (FORMAT parquet, KV_METADATA {{evalmark_schema: '1'}})")

    with writing(tmp_path / "again.duckdb") as writer:
        import_into(writer, tmp_path / "out")
        assert mend_ranks(writer) == 2
        writer.finish()

    expected = sorted(DuckRecords(store).find(ClaimRecord), key=repr)
    assert sorted(DuckRecords(tmp_path / "again.duckdb").find(ClaimRecord), key=repr) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("newer", "newer evalmark", id="a newer version"),
        pytest.param("unknown", "does not say which schema", id="no version"),
        pytest.param("columns", "other columns than schema 1: rank", id="other columns"),
        pytest.param("text", "cannot be read as Parquet", id="no Parquet"),
        pytest.param("missing", "has no claims.parquet", id="a table that is missing"),
    ],
)
def test_parquet__what_is_no_export_is_refused(store: Path, tmp_path: Path, change: str, message: str) -> None:
    export_store(store, tmp_path / "out")
    file = tmp_path / "out/data/claims.parquet"
    spoil(file, change)

    with writing(tmp_path / "again.duckdb") as writer, pytest.raises(UsageProblem, match=message):
        import_into(writer, tmp_path / "out")


def spoil(file: Path, change: str) -> None:
    if change in ("text", "missing"):
        file.write_text("hello") if change == "text" else file.unlink()
        return
    columns = "* EXCLUDE (rank)" if change == "columns" else "*"
    metadata = {"newer": "evalmark_schema: '99'", "columns": "evalmark_schema: '1'", "unknown": "other: '1'"}[change]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE c AS SELECT {columns} FROM '{file}'")
        connection.execute(f"COPY c TO '{file}' (FORMAT parquet, KV_METADATA {{{metadata}}})")


def test_export__replaces_only_an_export(store: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/precious.txt").write_text("mine")

    with pytest.raises(UsageProblem, match="is no export"):
        export_store(store, tmp_path / "mine")

    assert (tmp_path / "mine/precious.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", [TaskRecord, DisputeRecord])
def test_text_of_any_kind_comes_back_as_it_was(tmp_path: Path, kind: type[Record]) -> None:
    odd = [replace(row, task_id=text) for row in WORLD[kind][:1] for text in ("\0", "'; --", "\u202e", "é\n\t", "")]
    path = write(tmp_path / "s.duckdb", {kind: tuple(odd)})

    assert sorted(DuckRecords(path).find(kind), key=repr) == sorted(odd, key=repr)
