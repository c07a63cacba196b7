"""`evalmark judge` as a user runs it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import COMMAND, Ran
from tests.builders import ones


def judge(*arguments: str, given: str = "") -> Ran:
    command = [COMMAND, "judge", *arguments]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def lines(scores: list[float | None]) -> str:
    return "".join(f"{json.dumps(score)}\n" for score in scores)


def test_judge__a_file_of_scores(tmp_path: Path) -> None:
    (tmp_path / "scores").write_text(lines(ones(57)))

    ran = judge("--claim=57.0", "--unit=percent", "--total=100", f"--outcomes={tmp_path}/scores", "--format=json")

    assert ran.code == 0
    assert (ran.report["kind"], ran.report["verdict"]) == ("scores-verdict/1", "verified")
    assert ran.report["samples_used"] == ran.report["decided_after"] <= 100


def test_judge__mismatch_from_standard_input_exits_1() -> None:
    ran = judge("--claim=90", "--total=1000", "--outcomes=-", "--delta=0.02", given=lines(ones(20, 200, lost=2)))

    assert ran.code == 1
    assert ran.out.startswith("✘ mismatch: the rerun is worse than claimed")
    assert "default" not in ran.out


def test_judge__fail_on_never() -> None:
    assert judge("--claim=90", "--total=100", "--outcomes=-", "--fail-on=never", given=lines(ones(20))).code == 0


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["--claim=x", "--total=10"], "", "`--claim x` is not a number"),
        (["--claim=nan", "--total=10"], "", "`--claim nan` is not a number"),
        (["--claim=1", "--total=0"], "", "`--total 0` is out of range"),
        (["--claim=1", "--total=10", "--delta=2"], "", "`--delta 2` is out of range"),
        (["--claim=1", "--total=10", "--noise=0.3"], "", "`--noise 0.3` is out of range"),
        (["--claim=1", "--total=10", "--rerun-epochs=0"], "", "`--rerun-epochs 0` is out of range"),
        (["--claim=1", "--total=2"], "1\n1\n1\n", "holds 3 scores, and --total says 2 samples"),
        (["--claim=1", "--total=2"], "1\nyes\n", "standard input:2: `yes` is not a score"),
        (["--claim=1", "--total=2"], "NaN\n", "standard input:1: `NaN` is not a score"),
        (["--claim=1", "--total=2"], "true\n", "standard input:1: `true` is not a score"),
        (["--claim=1", "--total=2"], "1.01\n", "standard input:1: `1.01` is not a score"),
        (["--claim=1", "--total=2"], "[" * 100_000, "standard input:1: `[[[["),
    ],
)
def test_judge__what_is_wrong_in_one_sentence(arguments: list[str], given: str, message: str) -> None:
    ran = judge(*arguments, "--outcomes=-", given=given)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_judge__a_file_that_is_not_there() -> None:
    ran = judge("--claim=1", "--total=2", "--outcomes=absent")

    assert ran.code == 3
    assert "cannot read absent" in ran.err
