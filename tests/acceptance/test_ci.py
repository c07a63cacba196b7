"""`evalmark ci` on a real pull request of a GitHub on this machine, with a real rerun: what its reader gets."""

import json
from collections.abc import Callable, Iterator

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.action_world import BENCHMARK, READ, REPOSITORY, RESULTS, WRITE, ActionWorld, entry
from tests.acceptance.conftest import World, adder
from tests.github.fake import FakeGitHub
from tests.provider import Answer, Provider

WRONG = frozenset({1, 3})


@pytest.fixture
def action(world: World, provide: Callable[[Answer], Provider]) -> Iterator[ActionWorld]:
    """The adder scores 75 %, with tools and without."""
    with (world.benchmark / ".evalmark.toml").open("a") as declaration:
        declaration.write('[variants."With tools"]\n')
    with FakeGitHub() as github, LocalHub({RepoId("datasets", BENCHMARK): world.benchmark}) as hub:
        yield ActionWorld(world, github, hub, provide(adder(WRONG)))


# ── the whole way ───────────────────────────────────────────────────────────────────────────


def test_verify__a_true_and_a_false_claim_become_one_comment_and_a_status(action: ActionWorld) -> None:
    action.propose({RESULTS: (entry("75.0") + entry("95.0", more="  notes: With tools\n")).encode()})

    rerun, report = action.verify()

    assert rerun.code == 0, rerun.log
    assert report.code == 1, report.log
    (comment,) = action.comments
    assert comment.startswith(f"<!-- evalmark:sticky:v1:default sha={action.head} run=100 attempt=1 -->\n")
    assert "### evalmark: 1 mismatch, 1 verified" in comment
    assert "<code>−20.0</code>" in comment
    (status,) = action.repo.statuses[action.head]
    assert (status.context, status.state) == ("evalmark / verify", "failure")
    assert status.description == "1 mismatch, 1 verified (16 samples)"
    assert report.outputs["verdict"] == "mismatch"
    assert json.loads(report.outputs["counts"]) == {"mismatch": 1, "verified": 1}
    assert report.outputs["head-sha"] == action.head
    assert (report.outputs["entries"], report.outputs["exit-code"]) == ("2", "1")
    assert report.outputs["comment-url"].endswith(report.outputs["comment-id"])
    assert "1 mismatch, 1 verified" in report.summary
