"""Answers on the Hub: by hand, by watching, and with the rerun on Jobs. The Hub is embedded, all else is real."""

import signal
import threading
from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import CommitOperationAdd, DiscussionComment, HfApi

from tests.acceptance.action_world import entry
from tests.acceptance.conftest import COMMAND, Ran, World, adder
from tests.acceptance.hub_world import BENCHMARK, MODEL, RESULTS, HubWorld, hub_of
from tests.provider import Answer, Provider


@pytest.fixture
def there(world: World, provide: Callable[[Answer], Provider]) -> Iterator[HubWorld]:
    """A model that claims nothing yet, and scores 75 %."""
    with hub_of(world, provide(adder(frozenset({1, 3})))) as made:
        yield made


def contributor(there: HubWorld) -> HfApi:
    return HfApi(endpoint=there.hub.url, token="hf_contributor")


def propose(there: HubWorld, value: str, number: int | None = None, path: str = RESULTS) -> int:
    """Open a pull request, or amend one."""
    operation = CommitOperationAdd(path, entry(value).encode())
    api = contributor(there)
    if number is not None:
        api.create_commit(MODEL, [operation], commit_message="Amend", revision=f"refs/pr/{number}")
        return number
    made = api.create_commit(MODEL, [operation], commit_message="Add a score", create_pr=True)
    assert made.pr_num is not None
    return made.pr_num


def comments(there: HubWorld, number: int) -> list[DiscussionComment]:
    """All but the description."""
    events = contributor(there).get_discussion_details(MODEL, number).events
    return [event for event in events if isinstance(event, DiscussionComment)][1:]


# ── by hand ─────────────────────────────────────────────────────────────────────────────────


def test_comment__an_inflated_score_and_then_the_true_one_are_one_comment_with_two_events(there: HubWorld) -> None:
    number = propose(there, "95.0")
    first = there.verify(f"{MODEL}#{number}", "--comment")
    propose(there, "75.0", number)
    second = there.verify(f"{MODEL}#{number}", "--comment")

    assert (first.code, second.code) == (1, 0), first.err + second.err
    (comment,) = comments(there, number)
    assert "### evalmark: 1 verified" in comment.content
    assert comment.number_of_edits == 1


def test_comment__a_hub_that_stumbles_gets_one_all_the_same(there: HubWorld) -> None:
    number = propose(there, "75.0")
    faults = there.hub.state.extras["faults"]
    faults.status(429, "GET", "/discussions/", retry_after="1")
    faults.status(500, "GET", "/tree/")
    faults.lose_reply("POST", "/comment")
    ran = there.verify(f"{MODEL}#{number}", "--comment")

    assert ran.code == 0, ran.err
    assert len(comments(there, number)) == 1


# ── watching ────────────────────────────────────────────────────────────────────────────────


def watch(there: HubWorld, *more: str) -> Ran:
    return there.run("watch", MODEL, *there.served(), f"--allow={BENCHMARK}", "--out=report", *more)


def test_watch__answers_what_is_new_and_only_that(there: HubWorld) -> None:
    number = propose(there, "95.0")
    ran = watch(there)
    assert ran.code == 0, ran.err
    assert f"{MODEL}#{number} at" in ran.err
    (comment,) = comments(there, number)
    assert "1 mismatch" in comment.content

    asked = len(there.provider.seen)
    assert watch(there).code == 0
    assert len(there.provider.seen) == asked


def test_watch__without_its_memory_does_not_do_it_all_again(there: HubWorld) -> None:
    number = propose(there, "95.0")
    watch(there)
    asked = len(there.provider.seen)
    (there.world.out / "watch.json").unlink()
    watch(there)

    assert len(there.provider.seen) == asked
    assert len(comments(there, number)) == 1


def test_watch__says_nothing_where_no_score_is_brought(there: HubWorld) -> None:
    operation = CommitOperationAdd("README.md", b"better words")
    number = contributor(there).create_commit(MODEL, [operation], commit_message="Words", create_pr=True).pr_num or 0
    watch(there)

    assert comments(there, number) == []
    assert there.provider.seen == []


def test_watch__runs_no_benchmark_that_is_not_allowed(there: HubWorld) -> None:
    number = propose(there, "75.0")
    there.run("watch", MODEL, *there.served(), "--out=report")

    assert there.provider.seen == []
    assert "not among the benchmarks" in comments(there, number)[0].content


def test_watch__dry_run_writes_nothing(there: HubWorld) -> None:
    number = propose(there, "75.0")
    ran = watch(there, "--dry-run")

    assert "would write a comment" in ran.err
    assert comments(there, number) == []


def test_watch__one_that_fails_is_told_and_tried_again(there: HubWorld) -> None:
    number = propose(there, "75.0")
    there.hub.state.extras["faults"].status(500, "POST", "/comment", times=9)
    ran = watch(there)
    assert ran.code == 3
    assert f"{MODEL}#{number}:" in ran.err

    there.hub.state.extras["faults"].clear()
    watch(there)
    assert len(comments(there, number)) == 1


def test_watch__of_an_owner_again_and_again_until_it_is_stopped(there: HubWorld) -> None:
    number = propose(there, "75.0")
    arguments = ("watch", "--author=acme", "--every=0.02", *there.served(), f"--allow={BENCHMARK}", "--out=report")
    with there.world.start(*arguments, HF_ENDPOINT=there.hub.url, HF_TOKEN="hf_owner") as watcher:
        pause = threading.Event()
        while not comments(there, number):
            pause.wait(0.1)
        asked = len(there.hub.requests)
        while len(there.hub.requests) < asked + 6:  # it looks again
            pause.wait(0.1)
        watcher.send_signal(signal.SIGTERM)
        watcher.communicate(timeout=20)

    assert watcher.returncode == 3
    assert len(comments(there, number)) == 1


def test_watch__of_nothing_says_what_to_name(there: HubWorld) -> None:
    assert "name some, or --author, or --on-board" in there.run("watch", "--dry-run").err


def test_watch__without_a_token_says_what_to_do(there: HubWorld) -> None:
    ran = there.run("watch", MODEL, "--out=report", HF_TOKEN="")

    assert ran.code == 2
    assert "HF_TOKEN" in ran.err


# ── on Jobs ─────────────────────────────────────────────────────────────────────────────────


def jobs_options(there: HubWorld) -> tuple[str, ...]:
    return ("--runner=jobs", "--job-namespace=local", f"--job-command={COMMAND}", "--pass-env=LOCAL_API_KEY")


def test_jobs__the_same_verdict_from_a_machine_elsewhere(there: HubWorld) -> None:
    number = propose(there, "75.0")
    ran = there.verify(f"{MODEL}#{number}", *jobs_options(there), "--format=json", "--comment", CANARY="ours")

    assert ran.code == 0, ran.err
    assert ran.report["verdicts"][0]["verdict"] == "verified"
    assert len(comments(there, number)) == 1
    (job,) = contributor(there).list_jobs(namespace="local")
    assert job.secrets == {"LOCAL_API_KEY": "***"}
    assert "HF_TOKEN" not in {**(job.environment or {}), **(job.secrets or {})}


@pytest.mark.slow
def test_jobs__a_client_that_was_killed_goes_on_with_the_same_job(there: HubWorld) -> None:
    release = threading.Event()
    asked = threading.Event()
    answer = there.provider.answer

    def slowly(question: str) -> str:
        asked.set()
        release.wait(60)
        return answer(question)

    there.provider.answer = slowly
    number = propose(there, "75.0")
    target = f"{MODEL}#{number}"
    arguments = ("verify", target, *there.served(), "--out=report", *jobs_options(there))
    with there.world.start(*arguments, HF_ENDPOINT=there.hub.url, HF_TOKEN="hf_owner") as client:
        assert asked.wait(60)
        client.send_signal(signal.SIGKILL)
    release.set()
    ran = there.verify(target, *jobs_options(there))

    assert ran.code == 0, ran.err
    assert "goes on:" in ran.err
    assert len(list(contributor(there).list_jobs(namespace="local"))) == 1


@pytest.mark.slow
def test_jobs__an_interrupt_ends_the_job(there: HubWorld) -> None:
    asked = threading.Event()

    def wait(question: str) -> str:
        asked.set()
        threading.Event().wait(30)
        return question

    there.provider.answer = wait
    number = propose(there, "75.0")
    arguments = ("verify", f"{MODEL}#{number}", *there.served(), "--out=report", *jobs_options(there))
    with there.world.start(*arguments, HF_ENDPOINT=there.hub.url, HF_TOKEN="hf_owner") as client:
        assert asked.wait(60)
        client.send_signal(signal.SIGINT)
        client.wait(60)
    (job,) = contributor(there).list_jobs(namespace="local")

    assert client.returncode == 3
    assert job.status.stage == "CANCELED"


# ── in a Job that a webhook starts ──────────────────────────────────────────────────────────


def test_webhook_job__answers_the_pull_request_that_it_is_about(there: HubWorld) -> None:
    """The command of `hooks/job`, with this machine's evalmark in the place of a downloaded one."""
    api = contributor(there)
    command = [COMMAND, "watch", "--from-webhook", f"--allow={BENCHMARK}", *there.served()]
    secrets = {"HF_TOKEN": "hf_bot", "LOCAL_API_KEY": "key"}
    source = api.run_job(image="any", command=command, secrets=secrets, namespace="local")
    first = api.wait_for_job(job_id=source.id, namespace="local", timeout=60)
    assert first.status.stage == "COMPLETED"

    api.create_webhook(job_id=source.id, watched=[{"type": "model", "name": MODEL}], domains=["repo"], secrets=secrets)
    number = propose(there, "95.0")
    pause = threading.Event()
    while len(jobs := list(api.list_jobs(namespace="local"))) < 2:
        pause.wait(0.1)
    api.wait_for_job(job_id=jobs[0].id, namespace="local", timeout=90)

    assert "1 mismatch" in comments(there, number)[0].content
