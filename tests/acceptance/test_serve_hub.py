"""`evalmark serve` as it is installed, between an embedded Hub that calls it and a model's provider."""

import argparse
import contextlib
import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, DiscussionComment, HfApi

from evalmark.cli import serve
from evalmark.errors import UsageProblem
from evalmark.localhub import Person, Token, Users
from tests.acceptance.action_world import entry
from tests.acceptance.conftest import COMMAND, World, adder
from tests.acceptance.hub_world import BENCHMARK, MODEL, RESULTS, HubWorld, hub_of
from tests.acceptance.test_serve import Client, all_text
from tests.provider import Answer, Provider
from tests.waiting import until

BOT, OWNER, CONTRIBUTOR = "hf_canary_of_the_bot", "hf_canary_of_acme", "hf_canary_of_eve"
SECRET = "the-webhooks-canary-secret"
USERS = Users(
    tokens={
        BOT: Token(Person("evalmark-bot")),
        OWNER: Token(Person("acme")),
        CONTRIBUTOR: Token(Person("eve")),
    }
)


@dataclass
class Served:
    """The running command."""

    process: "subprocess.Popen[bytes]"
    client: Client
    log: Path

    def events(self, name: str) -> list[dict[str, Any]]:
        """What it has logged under a name."""
        whole = [line for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [event for event in map(json.loads, whole) if event["event"] == name]


@dataclass
class Street:
    """A model that claims nothing yet and scores 75 %, on a Hub with three people."""

    hub_world: HubWorld
    model: str = MODEL

    def api(self, token: str = CONTRIBUTOR) -> HfApi:
        """Somebody's client."""
        return HfApi(endpoint=self.hub_world.hub.url, token=token)

    def propose(self, value: str, number: int | None = None) -> int:
        """Open a pull request, or amend one."""
        operation = CommitOperationAdd(RESULTS, entry(value).encode())
        if number is not None:
            self.api().create_commit(MODEL, [operation], commit_message="Amend", revision=f"refs/pr/{number}")
            return number
        return self.api().create_commit(MODEL, [operation], commit_message="Add", create_pr=True).pr_num or 0

    def comments(self, number: int, word: str = "### evalmark: ") -> list[DiscussionComment]:
        """The bot's comments that have a word."""
        events = self.api().get_discussion_details(self.model, number).events
        comments = [event for event in events if isinstance(event, DiscussionComment)]
        return [each for each in comments if each.author == "evalmark-bot" and word in each.content]

    def arguments(self, *more: str) -> list[str]:
        """Of the command."""
        return ["serve", "--port=0", f"--allow={BENCHMARK}", "--data=data", *self.hub_world.served(), *more]

    def environment(self) -> dict[str, str]:
        """Of the command."""
        where = {"HF_ENDPOINT": self.hub_world.hub.url, "HF_TOKEN": BOT, "EVALMARK_WEBHOOK_SECRET": SECRET}
        return self.hub_world.world.environment(**where)

    @contextmanager
    def serving(self, *more: str) -> Iterator[Served]:
        """Start it, and wait until it says where."""
        log = self.hub_world.world.folder / "serve.log"
        log.write_text("")
        with log.open("ab") as out:
            process = subprocess.Popen(
                [COMMAND, *self.arguments(*more)], cwd=self.hub_world.world.folder, env=self.environment(), stderr=out
            )
            made = Served(process, Client(0), log)
            try:
                until(lambda: made.events("serving") or process.poll() is not None, 60)
                assert process.poll() is None, log.read_text()
                made.client.port = made.events("serving")[0]["port"]
                yield made
            finally:
                process.kill()
                process.wait()

    def hook(self, served: Served) -> None:
        """Make the webhook as a user does."""
        url = f"http://127.0.0.1:{served.client.port}"
        ran = self.hub_world.run("serve", f"--create-webhook={url}", f"--repos={self.model}", **self.environment())
        assert ran.code == 0, ran.err
        assert f"calls {url}/webhooks/hub for {self.model}" in ran.out


def processes_in(folder: Path) -> list[str]:
    """The command lines of processes that work in a folder or below it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            where, command = (process / "cwd").readlink(), (process / "cmdline").read_bytes()
            if where.is_relative_to(folder) and b"evalmark" in command:
                found.append(command.replace(b"\0", b" ").decode())
    return found


@pytest.fixture
def street(world: World, provide: Callable[[Answer], Provider]) -> Iterator[Street]:
    """Nothing is served yet."""
    with hub_of(world, provide(adder(frozenset({1, 3}))), USERS) as made:
        yield Street(made)


@pytest.mark.slow
def test_dry_run__the_log_has_the_comment_and_the_hub_has_none(street: Street) -> None:
    with street.serving("--dry-run") as served:
        street.hook(served)
        number = street.propose("95.0")
        until(lambda: served.events("ends"), 60)
        until(lambda: len(served.events("ends")) == 2, 20)  # of the branch, and of the pull request
        end, again = served.events("ends")

        assert (end["outcome"], end["said"]) == ("done", "1 mismatch; answered")
        assert again["outcome"] == "nothing-new"
        assert any("### evalmark: 1 mismatch" in event["line"] for event in served.events("says"))
        assert street.comments(number, "") == []
        assert 'evalmark_verdicts_total{verdict="mismatch"} 1.0' in served.client.ask("GET", "/metrics")[1]
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0


@pytest.mark.slow
def test_bot__from_an_inflated_score_to_the_true_one(street: Street) -> None:
    with street.serving() as served:
        street.hook(served)
        number = street.propose("95.0")
        until(lambda: street.comments(number), 60)
        assert "1 mismatch" in street.comments(number)[0].content

        street.propose("75.0", number)
        until(lambda: "1 verified" in street.comments(number)[0].content, 60)
        (comment,) = street.comments(number)
        assert comment.number_of_edits == 1

        street.api().comment_discussion(MODEL, number, "/explain")
        until(lambda: 'command="explain",outcome="not-allowed"' in served.client.ask("GET", "/metrics")[1])
        street.api(OWNER).comment_discussion(MODEL, number, "/explain")
        until(lambda: street.comments(number, "evalmark explains: 1 verified"))
        asked = len(street.hub_world.provider.seen)
        street.api(OWNER).comment_discussion(MODEL, number, "/verify")
        until(lambda: len(served.events("begins")) == 3, 60)
        until(lambda: len([end for end in served.events("ends") if end["outcome"] == "done"]) == 3, 60)

        assert len(street.hub_world.provider.seen) == asked  # the samples of this commit have run
        assert len(street.comments(number)) == 1
        answers = [served.client.ask("GET", path)[1] for path in ("/", "/healthz", "/metrics")]
    data = all_text(street.hub_world.world.folder / "data")
    said = served.log.read_bytes() + "".join(answers).encode()
    for secret in (BOT, SECRET, "the-models-own-key"):
        assert secret.encode() not in said, secret
        assert secret.encode() not in data, secret


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_killed__in_the_middle_of_a_rerun(street: Street, sign: signal.Signals) -> None:
    """The model's process goes with it, and what had run is not run again."""
    gate, answer = threading.Event(), street.hub_world.provider.answer

    def slow(question: str) -> str:
        if len(street.hub_world.provider.seen) > 3:
            gate.wait(60)
        return answer(question)

    street.hub_world.provider.answer = slow
    with street.serving() as served:
        street.hook(served)
        number = street.propose("95.0")
        until(lambda: len(street.hub_world.provider.seen) > 3, 60)
        assert len(processes_in(street.hub_world.world.folder)) >= 3
        port = served.client.port
        served.process.send_signal(sign)
        assert served.process.wait(30) == (0 if sign == signal.SIGTERM else -sign)
        until(lambda: not processes_in(street.hub_world.world.folder))
        gate.set()
    with street.serving(f"--port={port}") as served:
        until(lambda: street.comments(number), 60)
        until(lambda: served.events("ends"), 60)
        deliveries = street.hub_world.hub.state.extras["webhooks"].deliveries
        for delivery in tuple(deliveries):
            street.hub_world.hub.state.extras["webhooks"].deliver_again(delivery)
        until(lambda: len(served.events("webhook")) >= 2)

    (comment,) = street.comments(number)
    assert ("1 mismatch" in comment.content, comment.number_of_edits) == (True, 0)
    questions = [seen["messages"][-1]["content"] for seen in street.hub_world.provider.seen]
    assert len(questions) <= 8 + 2


@pytest.mark.slow
def test_create_webhook__one_that_is_there_is_not_made_again(street: Street) -> None:
    def make(*more: str) -> tuple[int, str]:
        ran = street.hub_world.run("serve", "--create-webhook=http://localhost:1", *more, **street.environment())
        return ran.code, ran.out + ran.err

    assert make("--repos", MODEL, "eve")[0] == 0
    code, said = make("--repos", MODEL)
    assert (code, "is there already" in said) == (0, True)
    (hook,) = street.api(BOT).list_webhooks()
    assert [(item.type, item.name) for item in hook.watched] == [("model", MODEL), ("user", "eve")]
    assert SECRET not in said


REPOS = "--repos=acme"


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        pytest.param([], {"EVALMARK_WEBHOOK_SECRET": ""}, "EVALMARK_WEBHOOK_SECRET", id="no secret"),
        pytest.param([], {"EVALMARK_WEBHOOK_SECRET": "short"}, "16 or more", id="a short secret"),
        pytest.param([], {"EVALMARK_WEBHOOK_SECRET": "ü" * 20}, "16 or more", id="a secret that no header takes"),
        pytest.param([], {"HF_TOKEN": ""}, "no Hub token", id="no token"),
        pytest.param(["--worker-only"], {}, "meets on Redis", id="a worker alone"),
        pytest.param(["--repos", "a b"], {}, "no owner and no repo", id="no repo"),
        pytest.param(["--budget=7cows"], {}, "is no budget", id="a budget"),
        pytest.param(["--pass-env=HF_TOKEN"], {}, "does not get", id="a token for the model"),
        pytest.param(["--create-webhook=http://acme.example", REPOS], {}, "in the clear", id="http"),
        pytest.param(["--create-webhook=https://acme.example"], {}, "must know what to watch", id="nothing to watch"),
        pytest.param(["--create-webhook=acme", REPOS], {}, "not an address", id="no address"),
        pytest.param(["--create-webhook=https://a/?secret=x", REPOS], {}, "not an address", id="a secret in it"),
    ],
)
def test_usage__is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"HF_TOKEN": BOT, "EVALMARK_WEBHOOK_SECRET": SECRET, **environment}.items():
        monkeypatch.setenv(name, value)
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    args = parser.parse_args(arguments, argparse.Namespace(options_after_dashes=[]))
    with pytest.raises(UsageProblem, match=said) as raised:
        serve.run(args)

    assert SECRET not in f"{raised.value.message} {raised.value.advice}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "token", "code", "said"),
    [
        pytest.param([], "hf_of_nobody", 3, "does not allow it", id="a wrong token"),
        pytest.param(["--host=999.1.1.1"], BOT, 2, "cannot be listened at", id="an address"),
        pytest.param(["--data=/dev/null/x"], BOT, 2, "cannot hold the queue", id="a folder"),
    ],
)
def test_start__that_fails_is_one_sentence(
    street: Street, arguments: list[str], token: str, code: int, said: str
) -> None:
    ran = street.hub_world.run(*street.arguments(*arguments), **{**street.environment(), "HF_TOKEN": token})

    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert "Traceback" not in ran.err
    assert SECRET not in ran.out + ran.err


@pytest.mark.slow
def test_usage__two_in_one_folder(street: Street) -> None:
    with street.serving():
        ran = street.hub_world.run(*street.arguments(), **street.environment())

    assert (ran.code, "another evalmark serve works in data" in ran.err) == (2, True)
