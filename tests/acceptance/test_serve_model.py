"""The whole way on the Hub with a real small model: pull request, webhook, queue, rerun on the CPU, comment."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from huggingface_hub import CommitOperationAdd

from evalmark.localhub import LocalHub, RepoId
from scripts.demo import ROOT
from tests.acceptance.action_world import entry
from tests.acceptance.conftest import World, adder
from tests.acceptance.hub_world import HubWorld
from tests.acceptance.test_serve_hub import USERS, Street
from tests.provider import Answer, Provider
from tests.waiting import until

NAME, BENCHMARK, TASK = "demo/smollm2-135m-instruct", "demo/theory-of-mind", "theory_of_mind"
RESULTS = ".eval_results/theory_of_mind.yaml"
PATIENCE_SECONDS = 240
# Wide margins are decided after a few samples of a slow model; what is tested here is the way, not the statistics.
WIDE = 'unit = "percent"\ntolerance = 0.2\nnoise = 0.0\n'


@dataclass
class RealStreet(Street):
    """As `Street`, with the model of the demo, whose weights the repo lists by their digest."""

    model: str = NAME

    def arguments(self, *more: str) -> list[str]:
        weights = "--model=llamacpp/SmolLM2-135M-Instruct.Q4_1.gguf"
        return ["serve", "--port=0", f"--allow={BENCHMARK}", "--data=data", weights, *more]

    def propose(self, value: str, number: int | None = None) -> int:
        """Open a pull request, or amend one."""
        operation = CommitOperationAdd(RESULTS, entry(value, BENCHMARK, TASK).encode())
        where = {"revision": f"refs/pr/{number}"} if number is not None else {"create_pr": True}
        made = self.api().create_commit(NAME, [operation], commit_message="A score", **where)
        return number or made.pr_num or 0


@pytest.fixture
def street(world: World, provide: Callable[[Answer], Provider]) -> Iterator[RealStreet]:
    """A model that claims nothing yet, and scores about 57 %."""
    made = HubWorld(world, LocalHub({}), provide(adder()))
    made.git("init", "-q", "-b", "main")
    for file in (ROOT / "examples/model").iterdir():
        if file.is_file():
            shutil.copy(file, world.model)
    made.commit({})
    benchmark = world.folder / "theory-of-mind"
    shutil.copytree(ROOT / "examples/benchmark", benchmark)
    with (benchmark / ".evalmark.toml").open("w") as declaration:
        declaration.write(WIDE)
    sources = {RepoId("models", NAME): world.model, RepoId("datasets", BENCHMARK): benchmark}
    with LocalHub(sources, users=USERS) as made.hub:
        yield RealStreet(made)


@pytest.mark.slow
def test_real_model__an_inflated_score_and_then_the_true_one_are_one_comment_with_two_events(
    street: RealStreet,
) -> None:
    with street.serving() as served:
        street.hook(served)
        number = street.propose("100.0")
        until(lambda: street.comments(number), PATIENCE_SECONDS)
        (first,) = street.comments(number)
        assert "1 mismatch" in first.content
        assert "identity not proved" not in first.content
        ran = re.search(r"<code>(\d+) of 100</code>", first.content)
        assert ran is not None
        assert int(ran[1]) <= 70  # a claim far too high ends early

        street.propose("57.0", number)
        until(lambda: "1 verified" in street.comments(number)[0].content, PATIENCE_SECONDS)

        (comment,) = street.comments(number)
        assert (comment.id, comment.number_of_edits) == (first.id, 1)
