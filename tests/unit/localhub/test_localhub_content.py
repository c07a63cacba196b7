"""Bytes that cannot be read to their end are an error, never silently fewer bytes."""

from pathlib import Path

import pytest

from evalmark.errors import CouldNotFinish
from evalmark.localhub.content import FileOnDisk, LargeBlob
from tests.contract.localhub_fixtures import git, init


def test_large_blob__that_is_missing(tmp_path: Path) -> None:
    git_dir = init(tmp_path / "repo") / ".git"
    with pytest.raises(CouldNotFinish, match="git cat-file"):
        list(LargeBlob(git_dir, "0" * 40, 5).chunks(0, 5))


def test_large_blob__is_read_from_any_place(tmp_path: Path) -> None:
    git_dir = init(tmp_path / "repo") / ".git"
    (tmp_path / "x").write_bytes(b"0123456789" * 60_000)
    oid = git(git_dir, "hash-object", "-w", str(tmp_path / "x"))
    assert b"".join(LargeBlob(git_dir, oid, 600_000).chunks(599_995, 600_000)) == b"56789"


def test_file_on_disk__that_became_shorter(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    with pytest.raises(CouldNotFinish, match="became shorter"):
        list(FileOnDisk(tmp_path / "x", 5).chunks(0, 5))
