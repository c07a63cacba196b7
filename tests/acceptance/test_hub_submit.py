"""Scores proposed to a model on the Hub: opened once, gone on with, withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users
from tests.acceptance.action_world import entry
from tests.acceptance.conftest import Ran, World
from tests.acceptance.hub_world import BENCHMARK, MODEL, RESULTS

USERS = Users(tokens={"hf_ada": Token(Person("ada")), "hf_eve": Token(Person("eve")), "hf_acme": Token(Person("acme"))})


class Desk:
    """A contributor's folder, and the Hub."""

    def __init__(self, world: World, hub: LocalHub) -> None:
        self.world, self.hub = world, hub
        self.api = HfApi(endpoint=hub.url, token="hf_ada")

    def write(self, value: str, path: str = RESULTS) -> None:
        target = self.world.folder / "mine" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(entry(value))

    def submit(self, *more: str, who: str = "ada") -> Ran:
        arguments = ("submit", "mine", f"--repo={MODEL}", *more)
        return self.world.run(*arguments, HF_ENDPOINT=self.hub.url, HF_TOKEN=f"hf_{who}" if who else "")

    def pull_requests(self) -> list[tuple[int, str, str]]:
        """(number, status, author), oldest first."""
        return [(each.num, str(each.status), each.author) for each in self.api.get_repo_discussions(MODEL)][::-1]

    def content(self, number: int) -> str:
        file = self.api.hf_hub_download(MODEL, RESULTS, revision=f"refs/pr/{number}", cache_dir=self.world.cache)
        return Path(file).read_text()


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    (world.model / "README.md").write_text("an adder")
    repos = {RepoId("models", MODEL): world.model, RepoId("datasets", BENCHMARK): world.benchmark}
    with LocalHub(repos, users=USERS) as hub:
        made = Desk(world, hub)
        made.write("75.0")
        yield made


def test_submit__opens_a_pull_request_and_does_it_once(desk: Desk) -> None:
    first, second = desk.submit(), desk.submit()

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert first.out == f"opened {desk.hub.url}/{MODEL}/discussions/1\n"
    assert "brings these very files" in second.out
    assert desk.pull_requests() == [(1, "open", "ada")]
    assert desk.content(1) == entry("75.0")
    assert desk.api.get_discussion_details(MODEL, 1).title == "Add evaluation results: acme/sums"


def test_submit__another_score_goes_on_with_the_open_one(desk: Desk) -> None:
    desk.submit()
    desk.write("74.0")
    ran = desk.submit()

    assert ran.out == f"amended {desk.hub.url}/{MODEL}/discussions/1\n"
    assert desk.content(1) == entry("74.0")


def test_submit__somebody_else_s_pull_request_is_not_gone_on_with(desk: Desk) -> None:
    desk.submit(who="eve")
    desk.write("74.0")
    ran = desk.submit("--contradict")

    assert ran.code == 0, ran.err
    assert desk.pull_requests() == [(1, "open", "eve"), (2, "open", "ada")]


def test_submit__what_main_has_is_not_proposed(desk: Desk) -> None:
    desk.submit()
    HfApi(endpoint=desk.hub.url, token="hf_acme").merge_pull_request(MODEL, 1)
    ran = desk.submit()

    assert f"main of {MODEL} has these very files" in ran.out


def test_submit__an_answer_that_was_lost_opens_no_second_one(desk: Desk) -> None:
    desk.hub.state.extras["faults"].lose_reply("POST", "/commit/")
    ran = desk.submit()

    assert ran.code == 0, ran.err
    assert desk.pull_requests() == [(1, "open", "ada")]


def test_submit__files_with_errors_are_told_and_not_proposed(desk: Desk) -> None:
    desk.write("'75 %'")
    ran = desk.submit()

    assert ran.code == 1
    assert "value-not-a-number" in ran.err
    assert desk.pull_requests() == []


def test_withdraw__closes_it_and_says_why(desk: Desk) -> None:
    desk.submit()
    ran = desk.submit("--withdraw=1", "--comment=A mistake of mine.")

    assert ran.code == 0, ran.err
    assert desk.pull_requests() == [(1, "closed", "ada")]
    words = [getattr(event, "content", "") for event in desk.api.get_discussion_details(MODEL, 1).events]
    assert "A mistake of mine." in words


def test_dry_run__does_nothing(desk: Desk) -> None:
    ran = desk.submit("--dry-run")

    assert ran.out == f"would bring {RESULTS} by a new pull request on {MODEL}\n"
    writes = [served.target for served in desk.hub.requests if served.method not in ("GET", "HEAD")]
    assert [target for target in writes if "/paths-info/" not in target] == []


@pytest.mark.parametrize(
    ("who", "more", "said"),
    [
        ("", (), "HF_TOKEN"),
        ("ada", ("--repo=acme/nothing",), "there is no such repo"),
        ("eve", ("--withdraw=1",), "does not allow it"),
    ],
)
def test_usage__is_said_in_one_sentence(desk: Desk, who: str, more: tuple[str, ...], said: str) -> None:
    desk.submit()
    ran = desk.submit(*more, who=who)

    assert ran.code in (2, 3)
    assert said in ran.err
    assert "Traceback" not in ran.err
