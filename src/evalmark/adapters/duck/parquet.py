"""The store as Parquet files, one a table, and back: for pandas, Polars, DuckDB and the Hub's own viewer.

Each file says by `evalmark_schema` in its metadata which version of `docs/store.md` it follows.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from evalmark.adapters.duck.opening import in_words, interruptible, open_store
from evalmark.adapters.duck.tables import NAMES, columns
from evalmark.adapters.duck.writing import StoreWriter
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.record import TABLES, VERSION, Record

SCHEMA_KEY: Final = "evalmark_schema"
MARK: Final = "evalmark-store.txt"
ORDERS: Final = {
    "claims": "dataset_id, task_id, place, id",
    "events": 'dataset_id, task_id, "at" NULLS FIRST, id',
    "tasks": "dataset_id, task_id",
    "models": "model, origin, repo",
    "verdicts": 'model, "at", id',
    "disputes": "model, kind, id",
    "hub_rows": "dataset_id, rank NULLS LAST, model, value",
    "findings": "origin, repo, path, line",
    "card_scores": "model, dataset_id, metric, value",
    "receipts": "model, path, id",
}
README: Final = """\
---
license: cc0-1.0
tags: [evalmark, leaderboard, evaluation]
configs:
{configs}
---
# Scores that models report, and what was found out about them

Made by [evalmark](https://github.com/evalmark/evalmark) from model repos and their pull requests. The columns are
described in [docs/store.md](https://github.com/evalmark/evalmark/blob/main/docs/store.md), version {version}.
"""


def export_store(store: Path, folder: Path) -> dict[str, int]:
    """Write all tables of a store below `folder`, which then holds the whole export; rows by table.

    A folder that is there is replaced if it is an export too. Raises `UsageProblem`, `CouldNotFinish`.
    """
    if folder.exists() and not (folder / MARK).is_file():
        raise UsageProblem(f"{folder} is there and is no export of a store", "name a folder that is not there yet")
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "data").mkdir(parents=True)
        counts = _write_all(store, draft / "data")
        (draft / MARK).write_text(f"schema {VERSION}\n", encoding="utf-8")
        (draft / "README.md").write_text(_readme(), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    except OSError as error:
        raise CouldNotFinish(f"{folder} could not be written: {error.strerror}", "check space and rights") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return counts


def import_into(writer: StoreWriter, folder: Path) -> dict[str, int]:
    """Put the tables of an export in the place of all that is in the store; rows by table. Nothing is published.

    Raises `UsageProblem` for what is no export, one of a newer version, or one with other columns.
    """
    data = folder / "data" if (folder / "data").is_dir() else folder
    files = {kind: data / f"{table}.parquet" for table, kind in TABLES.items()}
    missing = [file.name for file in files.values() if not file.is_file()]
    if missing:
        raise UsageProblem(f"{folder} has no {', '.join(missing)}", "give a folder that `evalmark store export` made")
    for kind, file in files.items():
        _check(writer, kind, file)
    return {NAMES[kind]: _read(writer, kind, file) for kind, file in files.items()}


def _write_all(store: Path, data: Path) -> dict[str, int]:
    counts = {}
    with in_words(store), open_store(store, read_only=True, sealed=False) as connection:
        for table, kind in TABLES.items():
            names = ", ".join(f'"{name}"' for name in columns(kind))
            how = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{SCHEMA_KEY}: '{VERSION}'}}"
            target = str(data / f"{table}.parquet").replace("'", "''")
            rows = f"SELECT {names} FROM {table} ORDER BY {ORDERS[table]}"  # noqa: S608 - names are ours
            counts[table] = int(connection.execute(f"COPY ({rows}) TO '{target}' ({how})").fetchall()[0][0])
    return counts


def _readme() -> str:
    return README.format(configs="\n".join(_configs()), version=VERSION)


def _configs() -> Iterator[str]:
    """One config a table, so that the Hub's viewer and `datasets` know them apart."""
    for table in TABLES:
        first = "\n  default: true" if table == "claims" else ""
        yield f"- config_name: {table}\n  data_files: data/{table}.parquet{first}"


def _check(writer: StoreWriter, kind: type[Record], file: Path) -> None:
    with _as_parquet(file):
        told = writer.connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(file)]).fetchall()
        described = writer.connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
    version = {bytes(key).decode(): bytes(value).decode() for key, value in told}.get(SCHEMA_KEY, "")
    if not version.isdigit():
        raise UsageProblem(f"{file} does not say which schema it follows", "give what `evalmark store export` made")
    if int(version) > VERSION:
        raise UsageProblem(
            f"{file} was written by a newer evalmark (schema {version}; this one knows {VERSION})",
            "update evalmark: pip install --upgrade evalmark",
        )
    found = {str(row[0]): str(row[1]) for row in described}
    if found != columns(kind):
        odd = sorted({name for name, _ in set(found.items()) ^ set(columns(kind).items())})
        raise UsageProblem(
            f"{file} has other columns than schema {VERSION}: {', '.join(odd)[:300]}",
            "give what `evalmark store export` made, unchanged",
        )


def _read(writer: StoreWriter, kind: type[Record], file: Path) -> int:
    table = NAMES[kind]
    with _as_parquet(file):
        writer.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
        read = "SELECT * FROM read_parquet(?)"
        done = writer.connection.execute(f"INSERT INTO {table} BY NAME {read}", [str(file)]).fetchall()
    return int(done[0][0])


@contextlib.contextmanager
def _as_parquet(file: Path) -> Iterator[None]:
    try:
        with interruptible():
            yield
    except duckdb.Error as error:
        said = (str(error).strip().splitlines() or [""])[0][:300]
        raise UsageProblem(f"{file} cannot be read as Parquet: {said}", "make the export again") from error
