"""Scores proposed with their logs, and never twice: an author, the embedded Hub, the installed command."""

import json
import signal
import time

import pytest

from evalmark.localhub import RepoId
from tests.acceptance.author_world import BENCHMARK, MODEL, RESULTS, SCORE, AuthorWorld
from tests.acceptance.conftest import COMMAND, World
from tests.acceptance.terminal import Terminal

LOGS = "ada/adder-eval-logs"


def description(author: AuthorWorld, number: int = 1) -> str:
    (first, *_) = author.api().get_discussion_details(MODEL, number).events
    return str(getattr(first, "content", ""))


def test_log__is_uploaded_linked_and_found_again_by_verify(author: AuthorWorld) -> None:
    author.add()
    ran = author.submit("--log=whole", "--yes")

    assert ran.code == 0, ran.err
    (path,) = [name for name in author.api().list_repo_files(LOGS, repo_type="dataset") if name.endswith(".eval")]
    url = f"{author.hub.url}/datasets/{LOGS}/blob/main/{path}"
    assert f"    url: {url}\n    name: Evaluation log\n    user: ada\n" in author.content(1)
    assert author.entry() == author.content(1)
    options = ("--model=openai-api/local/x", "--accept-served-model", "--no-rerun", "--log=source", "--format=json")
    verdict = json.loads(author.run("verify", f"{MODEL}#1", *options).out)["verdicts"][0]
    assert (verdict["rung"], verdict["log"]["state"]) == ("rescored", "consistent")


def test_description__tells_a_maintainer_what_how_and_how_to_verify(author: AuthorWorld) -> None:
    author.add()
    author.submit("--log=whole", "--yes", "--description=Run on our own machine.")

    said = description(author)
    assert said.startswith("Run on our own machine.\n\n| benchmark | task | score |")
    assert f"| <code>{BENCHMARK}</code> | <code>sums</code> | {SCORE} | usual | not reported |" in said
    assert "on the model <code>told/quiz</code>; 100 samples; benchmark at <code>" in said
    assert "checked by the submitter: <code>consistent</code> by the rung <code>rescored</code>" in said
    assert f"evalmark verify {MODEL}#N --allow {BENCHMARK}" in said


def test_description__is_that_of_the_newest_scores(author: AuthorWorld) -> None:
    author.write("50.0")
    author.submit("--yes")
    author.write("51.0")
    ran = author.submit("--yes")

    assert "amended" in ran.out, ran.err
    assert "| 51.0 | usual |" in description(author)


def test_log__that_supports_no_new_score_is_refused_before_anything_is_sent(author: AuthorWorld) -> None:
    author.write("50.0")
    ran = author.submit("--log=whole", "--yes")

    assert ran.code == 2
    assert "shows accuracy = 0.12, which is no score that is new here" in ran.err
    assert author.pull_requests() == []
    assert RepoId("datasets", LOGS) not in author.hub.repos


def test_log__of_no_use_beside_one_of_use_is_told(author: AuthorWorld) -> None:
    author.write(SCORE)
    (author.folder / "logs").mkdir()
    for name in ("whole", "part"):
        (file,) = (author.folder / name).iterdir()
        file.rename(author.folder / "logs" / f"{name}.eval")
    (author.folder / "logs" / "torn.eval").write_bytes(b"PK")
    torn = author.submit("--log=logs/torn.eval", "--yes")
    ran = author.submit("--log=logs", "--yes")
    author.merge(1)
    later = author.submit("--log=logs", "--yes")

    assert (torn.code, ran.code, later.code) == (2, 0, 0), ran.err + later.err
    assert "not used: part.eval, task sums, shows accuracy = 0.6" in ran.err
    assert "not used: torn.eval" in ran.err
    assert "nothing to do" in later.out


def test_log__that_is_on_the_web_is_linked(author: AuthorWorld) -> None:
    author.write(SCORE)
    author.submit("--log-url=https://example.org/run.eval", "--yes")

    assert "    url: https://example.org/run.eval\n" in author.content(1)


def test_log__is_shown_in_a_space(author: AuthorWorld) -> None:
    author.write(SCORE)
    ran = author.submit("--log=whole", "--log-space=ada/adder-logs", "--yes")

    assert ran.code == 0, ran.err
    assert "index.html" in author.api().list_repo_files("ada/adder-logs", repo_type="space")
    assert f"looked at in {author.hub.url}/spaces/ada/adder-logs." in description(author)


def test_log__of_an_organisation_names_it(author: AuthorWorld) -> None:
    author.write(SCORE)
    ran = author.run("submit", "mine", f"--repo={MODEL}", "--log=whole", "--log-repo=acme/logs", "--yes", who="acme")

    assert ran.code == 0, ran.err
    assert "    user: acme\n" in author.content(1)


# ── never twice ──────────────────────────────────────────────────────────────────────────────


def test_twice__main_has_it_in_another_file(author: AuthorWorld) -> None:
    author.write(SCORE, path=".eval_results/other.yaml")
    author.submit("--yes")
    author.merge(1)
    (author.mine / ".eval_results" / "other.yaml").unlink()
    author.write(SCORE)
    ran = author.submit("--yes")

    assert ran.code == 0, ran.err
    assert "nothing to do: all of it is reported already" in ran.out
    assert "is reported already, in main" in ran.err
    assert len(author.pull_requests()) == 1


@pytest.mark.parametrize(
    ("who", "value", "more"),
    [
        ("ada", "12.0", ""),
        ("eve", "12.0", ""),
        ("eve", "0.1204", ""),
        ("eve", "12.0", "  notes: no tools\n"),
    ],
    ids=["one's own", "somebody else's", "another unit and rounding", "another spelling of the variant"],
)
def test_twice__an_open_pull_request_has_it(author: AuthorWorld, who: str, value: str, more: str) -> None:
    author.write(value, more, ".eval_results/theirs.yaml")
    author.submit("--yes", who=who)
    (author.mine / ".eval_results" / "theirs.yaml").unlink()
    author.write(SCORE)
    ran = author.submit("--yes")

    assert ran.code == 0, ran.err
    assert len(author.pull_requests()) == 1


def test_twice__the_rest_of_a_file_is_proposed_without_what_is_there(author: AuthorWorld) -> None:
    author.write(SCORE)
    author.submit("--yes", who="eve")
    author.write(SCORE)
    with (author.mine / RESULTS).open("a") as file:
        file.write(f"- dataset: {{id: {BENCHMARK}, task_id: sums}}\n  value: 30.0\n  notes: With tools\n")
    ran = author.submit("--yes")

    assert ran.code == 0, ran.err
    assert "left out: acme/sums · sums = 12.0 is reported already, in pull request 1" in ran.err
    assert "value: 12.0" not in author.content(2)
    assert "value: 30.0" in author.content(2)


def test_contradiction__is_proposed_only_if_meant_and_the_description_says_it(author: AuthorWorld) -> None:
    author.write("60.0")
    author.submit("--yes", who="eve")
    author.write(SCORE)
    refused = author.submit("--yes", "--dry-run")
    done = author.submit("--contradict")

    assert (refused.code, done.code) == (2, 0), done.err
    assert "acme/sums · sums is 12.0 here, and 60.0 in pull request 1" in refused.err
    assert "| 60.0 in pull request 1 |" in description(author, 2)


@pytest.mark.parametrize("value", [SCORE, "12"])
def test_closed_by_a_maintainer__is_proposed_again_only_if_meant(author: AuthorWorld, value: str) -> None:
    author.add()
    author.submit("--yes")
    author.api("acme").change_discussion_status(MODEL, 1, "closed", comment="We measured 9.")
    author.write(value)
    refused = author.submit("--yes")
    meant, once_more = author.submit("--again"), author.submit()

    assert (refused.code, meant.code, once_more.code) == (2, 0, 0), meant.err
    assert f"acme closed your pull request 1, which brought acme/sums · sums = {value}" in refused.err
    assert "--again" in refused.err
    assert author.pull_requests() == [(1, "closed", "ada"), (2, "open", "ada")]


def test_closed_by_oneself__is_no_refusal(author: AuthorWorld) -> None:
    author.write(SCORE)
    author.submit()
    author.submit("--withdraw=1")
    ran = author.submit()

    assert ran.code == 0, ran.err
    assert author.pull_requests() == [(1, "closed", "ada"), (2, "open", "ada")]


# ── killed, and run again ────────────────────────────────────────────────────────────────────


def writes(author: AuthorWorld) -> int:
    return sum("/commit/" in each.target or "repos/create" in each.target for each in author.hub.requests)


@pytest.mark.parametrize("after", range(4))
def test_killed__at_any_point_and_run_again_leaves_one_pull_request(author: AuthorWorld, after: int) -> None:
    """The writes are: make the dataset, put the log, open the pull request; 0 is before any of them."""
    author.add()
    before = len(author.hub.requests)
    arguments = ("submit", "mine", f"--repo={MODEL}", "--log=whole", "--yes")
    process = author.world.start(*arguments, HF_ENDPOINT=author.hub.url, HF_TOKEN="hf_ada")
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if len(author.hub.requests) > before and writes(author) >= after:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    process.communicate(timeout=60)

    ran = author.submit("--log=whole", "--yes")
    again = author.submit("--log=whole", "--yes")

    assert (ran.code, again.code) == (0, 0), ran.err + again.err
    assert author.pull_requests() == [(1, "open", "ada")]
    assert author.content(1) == author.entry()
    logs = [name for name in author.api().list_repo_files(LOGS, repo_type="dataset") if name.endswith(".eval")]
    assert len(logs) == 1


# ── at a terminal ────────────────────────────────────────────────────────────────────────────


def test_terminal__says_what_it_would_do_and_asks(author: AuthorWorld) -> None:
    author.add()
    command = (COMMAND, "submit", "mine", "--repo", MODEL, "--log", "whole")
    terminal = Terminal(command, author.folder, author.environment())
    terminal.wait_for(f"would bring {RESULTS} by a new pull request on {MODEL}")
    assert author.pull_requests() == []
    terminal.answer("Do it [Y/n]:")

    assert terminal.end() == 0
    assert author.pull_requests() == [(1, "open", "ada")]


def test_terminal__a_no_sends_nothing_and_keeps_the_files(author: AuthorWorld) -> None:
    author.add()
    before = author.entry()
    command = (COMMAND, "submit", "mine", "--repo", MODEL, "--log", "whole")
    terminal = Terminal(command, author.folder, author.environment())
    terminal.answer("Do it [Y/n]:", "n")

    assert terminal.end() == 0
    assert (author.entry(), author.pull_requests(), writes(author)) == (before, [], 0)


# ── many models ──────────────────────────────────────────────────────────────────────────────


def test_batch__goes_on_past_trouble_and_later_does_what_is_left(author: AuthorWorld) -> None:
    author.write(SCORE)
    lines = [
        {"repo": MODEL, "folder": "mine", "logs": ["whole"]},
        {"repo": "acme/gone", "folder": "mine"},
        {"repo": MODEL, "folder": "nowhere"},
    ]
    batch = author.folder / "batch.jsonl"
    batch.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    first, second = (author.run("submit", f"--batch={batch.name}") for _ in range(2))

    assert (first.code, second.code) == (3, 3), first.err
    assert f"{MODEL}: opened {author.hub.url}/{MODEL}/discussions/1\n" in first.out
    assert first.out.endswith("2 failed, 1 opened\n")
    assert "1 of 3 are done already" in second.err
    assert second.out.endswith("2 failed\n")
    assert author.pull_requests() == [(1, "open", "ada")]
    report = [json.loads(line) for line in (author.folder / "batch.jsonl.report.jsonl").read_text().splitlines()]
    assert [line["state"] for line in report] == ["opened", "failed", "failed", "failed", "failed"]


def test_batch__on_a_terminal_says_first_what_it_would_do(author: AuthorWorld) -> None:
    author.write(SCORE)
    (author.folder / "batch.jsonl").write_text(json.dumps({"repo": MODEL, "folder": "mine"}))
    report = author.folder / "batch.jsonl.report.jsonl"
    report.write_text('{"repo": "torn')
    terminal = Terminal((COMMAND, "submit", "--batch", "batch.jsonl"), author.folder, author.environment())
    terminal.wait_for(f"{MODEL}: would bring {RESULTS} by a new pull request on {MODEL}")
    assert author.pull_requests() == []
    terminal.answer("Do it for 1 model [Y/n]:")

    assert terminal.end() == 0
    assert [json.loads(line)["state"] for line in report.read_text().splitlines()] == ["opened"]


def test_batch__follows_no_link_to_a_report(author: AuthorWorld) -> None:
    author.write(SCORE)
    (author.folder / "batch.jsonl").write_text(json.dumps({"repo": MODEL, "folder": "mine"}))
    (author.folder / "batch.jsonl.report.jsonl").symlink_to(author.folder / "elsewhere")
    ran = author.run("submit", "--batch=batch.jsonl")

    assert ran.code == 2
    assert "is a link, which is not followed" in ran.err
    assert not (author.folder / "elsewhere").exists()


@pytest.mark.parametrize(
    ("text", "said"), [("x", "line 1 is not JSON"), ("", "it has no lines"), ('{"repo": "a/b"}', "folder")]
)
def test_batch__that_is_none_is_said(author: AuthorWorld, text: str, said: str) -> None:
    (author.folder / "batch.jsonl").write_text(text)
    ran = author.run("submit", "--batch=batch.jsonl")

    assert ran.code == 2
    assert said in ran.err


# ── a repo on GitHub ─────────────────────────────────────────────────────────────────────────


def git(world: World, *arguments: str) -> str:
    from tests.acceptance.score_world import GitRepo

    return GitRepo(world.folder / "mine").git(*arguments)


@pytest.fixture
def checkout(author: AuthorWorld) -> AuthorWorld:
    """The author's folder is a clone of a repo that anybody can push to."""
    git(author.world, "init", "-q", "--bare", "-b", "main", "../origin.git")
    git(author.world, "init", "-q", "-b", "main")
    git(author.world, "remote", "add", "origin", "../origin.git")
    for name, value in (("user.name", "ada"), ("user.email", "ada@example.org")):
        git(author.world, "config", name, value)
    (author.mine / "README.md").write_text("an adder")
    git(author.world, "add", "-A")
    git(author.world, "commit", "-q", "-m", "first")
    git(author.world, "push", "-q", "origin", "main")
    return author


def test_branch__is_pushed_once_and_gone_on_with_and_the_work_tree_stays(checkout: AuthorWorld) -> None:
    checkout.write(SCORE)
    first, second = checkout.submit("--branch"), checkout.submit("--branch")
    checkout.write("13.0")
    third = checkout.submit("--branch")

    assert (first.code, second.code, third.code) == (0, 0, 0), first.err + third.err
    assert first.out == third.out == "pushed the branch evalmark/scores\n"
    assert second.out == "nothing to do: the branch evalmark/scores has these very files\n"
    git(checkout.world, "fetch", "-q")
    assert git(checkout.world, "show", f"origin/evalmark/scores:{RESULTS}") == checkout.entry().strip()
    assert git(checkout.world, "rev-list", "--count", "origin/main..origin/evalmark/scores") == "2"
    assert git(checkout.world, "status", "--short") == "?? .eval_results/"
    assert git(checkout.world, "branch", "--list") == "* main"


def test_branch__begins_anew_when_main_has_it_all_or_it_was_deleted(checkout: AuthorWorld) -> None:
    checkout.write(SCORE)
    checkout.submit("--branch")
    git(checkout.world, "push", "-q", "origin", ":evalmark/scores")
    git(checkout.world, "update-ref", "refs/remotes/origin/evalmark/scores", git(checkout.world, "rev-parse", "HEAD"))
    deleted = checkout.submit("--branch", "--log-url=https://example.org/run.eval")
    git(checkout.world, "fetch", "-q")
    git(checkout.world, "push", "-q", "origin", "origin/evalmark/scores:main")
    git(checkout.world, "fetch", "-q")
    checkout.write("30.0", "  notes: With tools\n", ".eval_results/sums_with_tools.yaml")
    merged = checkout.submit("--branch")

    assert deleted.out == merged.out == "pushed the branch evalmark/scores\n", deleted.err + merged.err
    git(checkout.world, "fetch", "-q")
    for branch in ("main", "evalmark/scores"):
        assert "url: https://example.org/run.eval" in git(checkout.world, "show", f"origin/{branch}:{RESULTS}")
    assert git(checkout.world, "rev-list", "--count", "origin/main..origin/evalmark/scores") == "1"


def test_branch__goes_on_from_main_after_a_squash(checkout: AuthorWorld) -> None:
    checkout.write(SCORE)
    checkout.submit("--branch")
    git(checkout.world, "add", "-A")
    git(checkout.world, "commit", "-q", "-m", "squashed")
    (checkout.mine / "README.md").write_text("an adder that moved on")
    git(checkout.world, "commit", "-q", "-a", "-m", "something else")
    git(checkout.world, "push", "-q", "origin", "main")
    checkout.write("30.0", "  notes: With tools\n", ".eval_results/sums_with_tools.yaml")
    ran = checkout.submit("--branch")

    assert ran.out == "pushed the branch evalmark/scores\n", ran.err
    git(checkout.world, "fetch", "-q")
    changed = git(checkout.world, "diff", "--name-only", "origin/main", "origin/evalmark/scores")
    assert changed == ".eval_results/sums_with_tools.yaml"


def test_branch__what_main_has_is_not_proposed(checkout: AuthorWorld) -> None:
    checkout.write(SCORE)
    git(checkout.world, "add", "-A")
    git(checkout.world, "commit", "-q", "-m", "a score")
    git(checkout.world, "push", "-q", "origin", "main")
    ran = checkout.submit("--branch")

    assert (ran.code, ran.out) == (0, "nothing to do: all of it is reported already\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--branch=../x",), "is no name for a branch"),
        (("--branch", "--log=whole"), "--branch uploads no logs"),
        (("--log-url=a.b",), "is no address"),
    ],
)
def test_branch__usage_is_said(checkout: AuthorWorld, options: tuple[str, ...], said: str) -> None:
    checkout.write(SCORE)
    ran = checkout.submit(*options)

    assert ran.code == 2
    assert said in ran.err


def test_branch__needs_a_checkout_with_a_remote(author: AuthorWorld) -> None:
    author.write(SCORE)
    outside = author.submit("--branch")
    git(author.world, "init", "-q")
    alone = author.submit("--branch")

    assert (outside.code, alone.code) == (2, 2)
    assert "is in no git checkout" in outside.err
    assert "has no remote `origin`" in alone.err
