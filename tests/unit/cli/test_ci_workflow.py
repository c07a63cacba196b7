"""The runner's files and its log, which obeys whoever writes commands into it."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalmark.cli.ci.workflow import Workflow, read_workflow
from evalmark.errors import CouldNotFinish, UsageProblem

RUNNER = {"GITHUB_REPOSITORY": "acme/adder", "RUNNER_TEMP": "/tmp/runner", "GITHUB_RUN_ID": "42"}


def workflow(tmp_path: Path) -> Workflow:
    files = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    return read_workflow(RUNNER | files)


def test_workflow__links_to_its_own_run() -> None:
    assert read_workflow(RUNNER).run_url == "https://github.com/acme/adder/actions/runs/42"


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({"GITHUB_SERVER_URL": "https://ghe.acme.example"}, "https://ghe.acme.example/acme/adder/actions/runs/42"),
        ({"GITHUB_SERVER_URL": "javascript:alert(1)"}, ""),
        ({"GITHUB_SERVER_URL": 'https://x"><img'}, ""),
        ({"GITHUB_RUN_ID": "x"}, ""),
    ],
)
def test_workflow__a_link_is_made_of_checked_parts(changes: dict[str, str], url: str) -> None:
    assert read_workflow(RUNNER | changes).run_url == url


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "RUNNER_TEMP"])
def test_workflow__outside_of_one_is_told(missing: str) -> None:
    with pytest.raises(UsageProblem, match="no GitHub workflow"):
        read_workflow({name: value for name, value in RUNNER.items() if name != missing})


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\udcff"])
def test_workflow__an_event_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "event.json").write_text(text, errors="surrogateescape")
    with pytest.raises(CouldNotFinish, match="event"):
        read_workflow(RUNNER | {"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("ab\n<=_"), max_size=40).map(lambda text: f"{text}\nverdict=verified\nx<<y"))
def test_output__a_value_is_that_value_and_no_other_output(tmp_path: Path, value: str) -> None:
    """The attack: a newline in a value begins another output."""
    (tmp_path / "output").write_text("")
    workflow(tmp_path).set_output(counts=value)

    first, *rest = (tmp_path / "output").read_text().split("\n")
    end = first.removeprefix("counts<<")
    assert "\n".join(itertools.takewhile(lambda line: line != end, rest)) == value
    assert rest[-2:] == [end, ""]


def test_say__what_people_read_is_no_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow(tmp_path).say("::set-output name=verdict::verified\n ::add-mask::a\nx ##[error]y")

    lines = capsys.readouterr().out.splitlines()
    begins, ends = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", lines[0]), lines[-1]
    assert begins is not None
    assert ends == f"::{begins[1]}::"
    assert "##[" not in "".join(lines)


def test_say__the_word_that_ends_it_is_drawn_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        workflow(tmp_path).say("x")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] != lines[3]
