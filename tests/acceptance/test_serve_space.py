"""hooks/space: what can be known of the Space without building it."""

import argparse
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalmark.cli import serve

ROOT = Path(__file__).resolve().parents[2]
SPACE = ROOT / "hooks" / "space"
DOCKERFILE = (SPACE / "Dockerfile").read_text()
LINES = [line for line in DOCKERFILE.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
NONE = argparse.Namespace(options_after_dashes=[])


def instructions(name: str) -> list[str]:
    """What stands behind each instruction of that name."""
    return [line.partition(" ")[2].strip() for line in LINES if line.startswith(f"{name} ")]


@pytest.fixture
def args() -> argparse.Namespace:
    """The command, read by the command's own parser."""
    (command,) = instructions("CMD")
    words: list[str] = json.loads(command)
    assert words[:2] == ["evalmark", "serve"]
    parser = argparse.ArgumentParser(exit_on_error=False)
    serve.add_arguments(parser)
    return parser.parse_args(words[2:], NONE)


@pytest.fixture
def front() -> dict[str, Any]:
    """The front matter of the Space."""
    (_, matter, _) = (SPACE / "README.md").read_text().split("---\n", 2)
    body: dict[str, Any] = yaml.safe_load(matter)
    return body


def test_dockerfile__its_instructions_are_known() -> None:
    known = {"FROM", "ARG", "RUN", "ENV", "USER", "WORKDIR", "ADD", "EXPOSE", "HEALTHCHECK", "CMD"}

    assert {line.split()[0] for line in LINES} == known
    assert instructions("FROM") == ["python:3.11-slim"]


def test_command__is_one_that_evalmark_takes(args: argparse.Namespace, front: dict[str, Any]) -> None:
    assert (args.host, args.data.as_posix(), args.dry_run) == ("0.0.0.0", "/data", False)
    assert str(args.port) == instructions("EXPOSE")[0] == str(front["app_port"])
    assert args.allow
    assert args.per_day


def test_health__asks_what_there_is(args: argparse.Namespace) -> None:
    (check,) = instructions("HEALTHCHECK")
    words = json.loads(check.partition("CMD")[2])

    assert words[:2] == ["python", "-c"]
    compile(words[2], "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{args.port}/healthz" in words[2]


def test_user__is_not_root_when_it_installs_and_runs() -> None:
    names = [line.split()[0] for line in LINES]

    assert instructions("USER") == ["user"]
    assert names.index("USER") < names.index("ADD")
    assert "USER" not in names[names.index("ADD") :]


def test_install__from_files_that_exist_with_digests() -> None:
    install = next(run for run in instructions("RUN") if "pip install" in run)
    found = re.search(r"--require-hashes -r evalmark/(\S+)", install)

    assert found is not None
    assert "--hash=sha256:" in (ROOT / found[1]).read_text()
    for step in install.split("&&"):
        shlex.split(step)


def test_commit__is_the_one_of_the_workflows() -> None:
    pinned = re.search(r"ARG EVALMARK=([0-9a-f]{40})", DOCKERFILE)
    workflow = re.search(
        r"evalmark/evalmark@([0-9a-f]{40})", (ROOT / "hooks/workflows/evalmark-verify.yml").read_text()
    )

    assert pinned is not None
    assert workflow is not None
    assert pinned[1] == workflow[1]


def test_secrets__none_stands_in_the_files() -> None:
    for file in SPACE.iterdir():
        assert not re.search(r"hf_[A-Za-z0-9]{10}|_(TOKEN|SECRET|KEY)=", file.read_text())


def test_front_matter__is_that_of_a_docker_space(front: dict[str, Any]) -> None:
    assert (front["sdk"], front["license"]) == ("docker", "apache-2.0")
    assert len(front["short_description"]) <= 60
