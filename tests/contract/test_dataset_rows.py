"""What a child tells of a dataset, through the embedded Hub and the real `datasets`."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from evalmark.adapters.dataset_rows import rows as adapter
from evalmark.adapters.dataset_rows.rows import DatasetRows, Source, opened
from evalmark.errors import CouldNotFinish
from evalmark.localhub import LocalHub, RepoId

pytestmark = pytest.mark.slow
REPO = RepoId("datasets", "ada/set")
PIXEL = "data:image/png;base64,iVBORw0KGgo="
Open = Callable[[], AbstractContextManager[DatasetRows]]


@pytest.fixture
def look(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Open the dataset in `tmp_path`, by a process that sees a token only if it is handed one."""

    @contextmanager
    def open_it() -> Iterator[DatasetRows]:
        cache = tmp_path_factory.mktemp("cache")
        with LocalHub({REPO: tmp_path}, read_only=True) as hub:
            environment = {**os.environ, "HF_TOKEN": "hf_secret"}
            with opened(Source("ada/set", hub.sha(REPO), hub.url, cache, environment)) as found:
                yield found

    return open_it


def write_lines(path: Path, *rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_rows__kinds_of_columns(tmp_path: Path, look: Open) -> None:
    row = {"q": "x" * 1000, "n": 3, "f": 0.5, "b": True, "c": ["a", "b"], "i": PIXEL, "o": {"deep": 1}, "none": None}
    write_lines(tmp_path / "test.jsonl", *[row] * 300)

    with look() as rows:
        assert rows.configs() == ("default",)
        assert rows.splits("default") == ("test",)
        assert rows.files("default") == {"test": ("test.jsonl",)}
        found = rows.split("default", "test")

    kinds = {column.name: column.kind for column in found.columns}
    assert kinds == {
        "q": "text", "n": "integer", "f": "number", "b": "boolean", "c": "texts", "i": "data-uri", "o": "other",
        "none": "other",
    }  # fmt: skip
    assert (found.total, found.only_data_uris) == (300, True)
    values = {column.name: column.values[0] for column in found.columns}
    assert values["q"] == "x" * 400
    assert (values["n"], values["c"], values["i"]) == (3, ("a", "b"), None)


def test_rows__a_picture_elsewhere_is_noticed_however_late(tmp_path: Path, look: Open) -> None:
    write_lines(tmp_path / "test.jsonl", *[{"q": "?", "i": PIXEL}] * 250, {"q": "?", "i": "/etc/passwd"})

    with look() as rows:
        assert not rows.split("default", "test").only_data_uris


def test_rows__classes_and_pictures_of_parquet(tmp_path: Path, look: Open) -> None:
    features = {
        "label": {"names": ["bad", "good"], "_type": "ClassLabel"},
        "photo": {"_type": "Image"},
        "choices": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"},
    }
    photo = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = pa.table(
        {
            "label": pa.array([0, 1]),
            "photo": pa.array([{"bytes": b"no picture", "path": None}] * 2, photo),
            "choices": pa.array([["a", "b"]] * 2),
        }
    ).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    (tmp_path / "data").mkdir()
    pq.write_table(table, tmp_path / "data/test-00000-of-00001.parquet")

    with look() as rows:
        found = rows.split("default", "test")

    assert [(column.kind, column.labels) for column in found.columns] == [
        ("integer", ("bad", "good")),
        ("image", ()),
        ("texts", ()),
    ]
    assert found.columns[0].values == (0, 1)


def test_rows__configs_of_the_card(tmp_path: Path, look: Open) -> None:
    write_lines(tmp_path / "a.jsonl", {"q": "1"})
    write_lines(tmp_path / "b.jsonl", {"q": "2"})
    configs = "".join(
        f"  - config_name: {name}\n    data_files:\n      - {{split: test, path: {name}.jsonl}}\n" for name in "ab"
    )
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n{configs}---\n")

    with look() as rows:
        assert rows.configs() == ("a", "b")
        assert rows.split("b", "test").columns[0].values == ("2",)


def test_rows__what_cannot_be_loaded_is_a_sentence_and_the_next_question_is_answered(
    tmp_path: Path, look: Open
) -> None:
    (tmp_path / "test.csv").write_text("q,a\n1,2\n")

    with look() as rows:
        with pytest.raises(CouldNotFinish, match=r"the split nope of default cannot be loaded: \w+"):
            rows.split("default", "nope")
        assert rows.splits("default") == ("test",)


def test_rows__code_of_the_dataset_never_runs_and_no_token_is_seen(tmp_path: Path, look: Open) -> None:
    witness = tmp_path.parent / f"{tmp_path.name}-witness"
    (tmp_path / "set.py").write_text(f"open({str(witness)!r}, 'w')\n")
    (tmp_path / "test.csv").write_text("q,a\n1,2\n")

    with look() as rows:
        environment = Path(f"/proc/{rows._child.pid}/environ").read_bytes()
        with pytest.raises(CouldNotFinish):
            rows.configs()

    assert not witness.exists()
    assert b"hf_secret" not in environment


def test_rows__a_child_that_dies_or_lingers_is_told_and_gone(
    tmp_path: Path, look: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test.csv").write_text("q,a\n1,2\n")

    with look() as rows:
        rows._child.kill()
        with pytest.raises(CouldNotFinish, match="the process that read it ended"):
            rows.configs()
    monkeypatch.setattr(adapter, "SECONDS", 0.01)
    with look() as rows, pytest.raises(CouldNotFinish, match="takes more than"):
        rows.configs()
    assert rows._child.poll() is not None
