"""`evalmark localhub serve` as a user starts it."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.contract.localhub_fixtures import write

SCORE = "- dataset: {id: org/bench, task_id: tiny}\n  value: 57.0\n"


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """The address that the command prints."""
    command = [sys.executable, "-m", "evalmark", "localhub", "serve", str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"models/org/model/config.json": "{}\n", "users.toml": '[people.ada]\ntoken = "hf_ada"\n'})
    return tmp_path


def test_serve__keeps_what_it_got_and_shows_it_read_only(folder: Path) -> None:
    with served(folder) as url:
        api = HfApi(endpoint=url, token="hf_any")
        api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", create_pr=True)
    with served(folder, "--read-only") as url:
        api = HfApi(endpoint=url, token="hf_any")
        assert [found.num for found in api.get_repo_discussions("org/model")] == [1]
        with pytest.raises(HfHubHTTPError, match="read-only"):
            api.comment_discussion("org/model", 1, "hello")
    assert sorted(path.name for path in (folder / "models/org/model").iterdir()) == ["config.json"]


def test_serve__read_only_makes_no_state(folder: Path) -> None:
    with served(folder, "--read-only") as url:
        assert HfApi(endpoint=url, token=False).list_repo_files("org/model") == ["config.json"]
    assert not (folder / ".localhub").exists()


def test_serve__with_users(folder: Path) -> None:
    with served(folder, "--users", str(folder / "users.toml")) as url:
        assert HfApi(endpoint=url, token="hf_ada").whoami()["name"] == "ada"
        with pytest.raises(HfHubHTTPError, match="Invalid user token"):
            HfApi(endpoint=url, token="hf_any").whoami()


def test_hf_upload__opens_a_pull_request(folder: Path, tmp_path: Path) -> None:
    write(tmp_path, {"home/a.yaml": SCORE})
    program = str(Path(sysconfig.get_path("scripts")) / "hf")
    with served(folder) as url:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "HF_ENDPOINT": url,
            "HF_TOKEN": "hf_any",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        }
        command = [program, "upload", "org/model", "a.yaml", ".eval_results/a.yaml", "--create-pr"]
        done = subprocess.run(
            command, cwd=tmp_path / "home", env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        details = HfApi(endpoint=url, token=False).get_discussion_details("org/model", 1)
    assert done.returncode == 0, done.stderr
    assert "+  value: 57.0" in (details.diff or "")
