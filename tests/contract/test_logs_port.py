"""What every `Logs` must do: the fake in tests/fakes.py, and the reader of Inspect's logs."""

import json
from pathlib import Path

import pytest

from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces
from evalmark.errors import UsageProblem
from evalmark.logged import LogsRead, NoSampleSet, Unreadable
from evalmark.ports import Logs
from tests.fakes import FakeLogs
from tests.logs import wanted

BROKEN = Unreadable(file="a.eval", reason="the file is empty", advice="give the log that Inspect itself wrote")
NOT_LOADED = wanted(not_loaded="refused for safety")


@pytest.fixture(params=["fake", "real"])
def logs(request: pytest.FixtureRequest, tmp_path: Path) -> Logs:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.eval").touch()
    if request.param == "real":
        return InspectLogs(LogPlaces(tmp_path, lambda _: "http://127.0.0.1:9", {"PATH": "/usr/bin"}, _address))
    sets = {NOT_LOADED.task: NoSampleSet(reason="refused for safety")}
    read = LogsRead(logs=(BROKEN,), sample_sets=sets)
    return FakeLogs({str(tmp_path / "logs"): read, "https://hub/logs": read})


def _address(url: str) -> Path:
    raise UsageProblem(f"{url} holds no log", json.dumps(url))


def test_read__tells_what_cannot_be_read_and_why_a_benchmark_was_not_loaded(logs: Logs, tmp_path: Path) -> None:
    read = logs.read(str(tmp_path / "logs"), (NOT_LOADED,))

    assert read.logs == (BROKEN,)
    assert read.sample_sets == {NOT_LOADED.task: NoSampleSet(reason="refused for safety")}


@pytest.mark.parametrize("source", ["absent", "https://hub/absent"])
def test_read__of_a_place_that_is_none_is_raised(logs: Logs, source: str) -> None:
    with pytest.raises(UsageProblem):
        logs.read(source, ())
