"""From a finished evaluation to an entry: real Inspect logs, a benchmark on the embedded Hub, the installed command."""

import json
from typing import Any

import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from tests.acceptance.author_world import BENCHMARK, MODEL, RESULTS, SCORE, AuthorWorld
from tests.acceptance.conftest import COMMAND
from tests.acceptance.terminal import Terminal


def test_add__writes_the_entry_and_shows_it(author: AuthorWorld) -> None:
    ran = author.add()

    assert ran.code == 0, ran.err
    revision = author.api().dataset_info(BENCHMARK).sha
    date = read_eval_log(str(next((author.folder / "whole").iterdir())), header_only=True).eval.created[:10]
    assert author.entry() == (
        f'- dataset:\n    id: {BENCHMARK}\n    task_id: sums\n    revision: "{revision}"\n'
        f'  value: {SCORE}\n  date: "{date}"\n'
    )
    assert f"+  value: {SCORE}\n" in ran.out
    assert f"Next, to propose it on the Hub: evalmark submit mine --repo {MODEL} --log whole" in ran.out


def test_add__then_check_is_clean_and_the_log_verifies_to_rescored(author: AuthorWorld) -> None:
    author.add()

    assert author.run("check", "mine", "--online", "--strict").code == 0
    options = ("--model=openai-api/local/x", "--accept-served-model", "--no-rerun", "--log=whole", "--format=json")
    ran = author.run("verify", "mine", f"--repo={MODEL}", *options)
    verdict: dict[str, Any] = json.loads(ran.out)["verdicts"][0]
    assert (verdict["rung"], verdict["log"]["state"]) == ("rescored", "consistent")


def test_add__a_second_time_changes_nothing(author: AuthorWorld) -> None:
    author.add()
    before = author.entry()
    ran = author.add()

    assert ran.code == 0
    assert "nothing to do, the score is reported already" in ran.out
    assert author.entry() == before


def test_add__changes_a_score_of_the_same_set_up_and_keeps_the_rest_of_the_file(author: AuthorWorld) -> None:
    author.write("11.0", "# measured by hand\n  notes: no tools  # usual\n")
    ran = author.add()

    assert ran.code == 0, ran.err
    assert f"  value: {SCORE}\n" in author.entry()
    assert "# measured by hand\n  notes: no tools  # usual\n" in author.entry()


def test_add__a_part_of_the_samples_is_refused_and_said_if_wanted(author: AuthorWorld) -> None:
    part = ("add", "part", "--model-repo=mine", f"--repo={MODEL}", "--same-model")
    refused, yes, allowed = author.run(*part), author.run(*part, "--yes"), author.run(*part, "--allow-partial")

    assert (refused.code, yes.code, allowed.code) == (2, 2, 0)
    assert "is no whole run: 20 of 100 samples" in refused.err
    assert 'notes: "20 of 100 samples"' in author.entry(".eval_results/sums_20_of_100_samples.yaml")


def test_add__a_failed_run_has_no_score(author: AuthorWorld) -> None:
    (file,) = (author.folder / "whole").iterdir()
    log = read_eval_log(str(file))
    log.status, log.results = "error", None
    write_eval_log(log, str(file))
    ran = author.add()

    assert ran.code == 2
    assert "ended with the status `error`" in ran.err
    assert not (author.mine / ".eval_results").exists()


def test_add__another_model_s_log_is_refused(author: AuthorWorld) -> None:
    ran = author.run("add", "whole", "--model-repo=mine", f"--repo={MODEL}")

    assert ran.code == 2
    assert f"is about the model told/quiz, and not about {MODEL}" in ran.err


def test_add__yes_is_not_about_another_model_s_log(author: AuthorWorld) -> None:
    ran = author.run("add", "whole", "--model-repo=mine", f"--repo={MODEL}", "--yes")

    assert ran.code == 2
    assert not (author.mine / ".eval_results").exists()


def test_add__for_a_repo_on_the_hub_starts_from_its_main(author: AuthorWorld) -> None:
    author.write("3.0", "  notes: With tools\n", ".eval_results/sums_with_tools.yaml")
    author.submit("--yes")
    author.merge(1)
    ran = author.run("add", "whole", f"--model-repo={MODEL}", "--same-model", "--notes=With tools")

    assert ran.code == 0, ran.err
    assert "-  value: 3.0\n" in ran.out
    assert f"  value: {SCORE}\n" in (author.folder / "adder" / ".eval_results" / "sums_with_tools.yaml").read_text()


def test_add__submits_in_the_same_command(author: AuthorWorld) -> None:
    ran = author.add("--submit", "--yes")

    assert ran.code == 0, ran.err
    assert author.pull_requests() == [(1, "open", "ada")]
    assert "/datasets/ada/adder-eval-logs/blob/main/adder/" in author.content(1)


def test_add__says_that_it_cannot_submit_before_it_writes(author: AuthorWorld) -> None:
    nameless = author.run("add", "whole", "--model-repo=mine", "--same-model", "--submit", "--yes")
    tokenless = author.run("add", "whole", "--model-repo=mine", f"--repo={MODEL}", "--submit", "--yes", who="")

    assert (nameless.code, tokenless.code) == (2, 2)
    assert "write --repo owner/name" in nameless.err
    assert "HF_TOKEN" in tokenless.err
    assert not (author.mine / ".eval_results").exists()


def test_add__without_the_hub_takes_what_it_is_told(author: AuthorWorld) -> None:
    ran = author.add("--offline", f"--benchmark={BENCHMARK}=benchmark")
    alone = author.run("add", "whole", "--model-repo=mine", f"--repo={MODEL}", "--same-model", "--offline")

    assert (ran.code, alone.code) == (0, 0), ran.err + alone.err
    assert f"  value: {SCORE}\n" in author.entry()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--task-id=hard",), "has no task `hard`"),
        (("--metric=f1",), "has no metric `f1` of that one name\n    it has: accuracy"),
        (("--benchmark-id=acme/nothing",), "acme/nothing"),
        (("--only=other",), "there are: sums"),
        (("--revision=v1",), "`--revision v1` is no commit"),
        (("--source-url=a.b",), "`--source-url a.b` is no address"),
        (("--source-name=Log",), "give it with --source-url"),
        (("--date=soon",), "`--date soon` is no day"),
    ],
)
def test_add__what_cannot_be_is_said_and_nothing_is_written(
    author: AuthorWorld, options: tuple[str, ...], said: str
) -> None:
    ran = author.add(*options)

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (author.mine / ".eval_results").exists()


def test_add__dry_run_writes_nothing(author: AuthorWorld) -> None:
    ran = author.add("--dry-run")

    assert (ran.code, "+  value: 12.0" in ran.out) == (0, True)
    assert not (author.mine / ".eval_results").exists()


@pytest.fixture
def terminal(author: AuthorWorld) -> Terminal:
    """`add` at a terminal, for a model whose name the log does not have."""
    command = (COMMAND, "add", "whole", "--model-repo", "mine", "--repo", MODEL)
    return Terminal(command, author.folder, author.environment())


def test_terminal__asks_what_is_not_known_and_before_it_writes(author: AuthorWorld, terminal: Terminal) -> None:
    terminal.answer(f"is about the model told/quiz. Is that {MODEL} [y/N]:", "y")
    terminal.answer(f"Write mine/{RESULTS} [Y/n]:")

    assert terminal.end() == 0
    assert f"value: {SCORE}" in author.entry()


def test_terminal__asks_about_a_model_once_and_which_of_two_scores_it_is(author: AuthorWorld) -> None:
    (file,) = (author.folder / "whole").iterdir()
    log = read_eval_log(str(file))
    assert log.results is not None
    log.results.scores[0].metrics["accuracy"].value = 0.5
    write_eval_log(log, str(author.folder / "again.eval"))
    command = (COMMAND, "add", "whole", "again.eval", "--model-repo", "mine", "--repo", MODEL)
    terminal = Terminal(command, author.folder, author.environment())
    terminal.answer("[y/N]:", "y")
    terminal.answer("would both be the score of acme/sums · sums. It is")
    terminal.answer("an answer is needed", "2")
    terminal.answer("[Y/n]:")

    assert terminal.end() == 0
    assert "value: 50.0" in author.entry()


def test_terminal__yes_takes_no_run_that_is_not_whole(author: AuthorWorld) -> None:
    command = (COMMAND, "add", "part", "--model-repo", "mine", "--repo", MODEL, "--same-model", "--yes")
    terminal = Terminal(command, author.folder, author.environment())

    assert terminal.end() == 2
    assert list(author.mine.rglob("*")) == []


def test_terminal__a_file_that_changes_meanwhile_is_left_as_it_is(author: AuthorWorld, terminal: Terminal) -> None:
    author.write("11.0")
    terminal.answer("[y/N]:", "y")
    terminal.wait_for("[Y/n]:")
    author.write("13.0")
    terminal.answer("[Y/n]:")

    assert terminal.end() == 2
    assert "was changed meanwhile" in terminal.screen
    assert "value: 13.0" in author.entry()


def test_terminal__ctrl_c_leaves_nothing_half_written(author: AuthorWorld, terminal: Terminal) -> None:
    terminal.answer("[y/N]:", "y")
    terminal.wait_for(f"Write mine/{RESULTS} [Y/n]:")
    terminal.press_ctrl_c()

    assert terminal.end() == 3
    assert "stopped" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert list(author.mine.rglob("*")) == []


def test_terminal__a_no_writes_nothing(author: AuthorWorld, terminal: Terminal) -> None:
    terminal.answer("[y/N]:", "y")
    terminal.answer("[Y/n]:", "n")

    assert terminal.end() == 3
    assert list(author.mine.rglob("*")) == []


def test_add__a_commit_that_the_benchmark_does_not_have_is_left_out(author: AuthorWorld) -> None:
    author.write("1.0")
    (file,) = (author.folder / "whole").iterdir()
    log = read_eval_log(str(file))
    log.eval.task = log.eval.task.rpartition("@")[0] + "@" + "0" * 40
    write_eval_log(log, str(file))
    ran = author.add()

    assert ran.code == 0, ran.err
    assert f"{BENCHMARK} has no commit {'0' * 40}" in ran.err
    assert "revision" not in author.entry()
