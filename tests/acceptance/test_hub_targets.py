"""Models and pull requests on the Hub, by name: what `check` and `verify` read, and what they would answer."""

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.action_world import entry
from tests.acceptance.conftest import World, adder
from tests.acceptance.hub_world import MODEL, RESULTS, HubWorld, hub_of
from tests.provider import Answer, Provider


@pytest.fixture
def there(world: World, provide: Callable[[Answer], Provider]) -> Iterator[HubWorld]:
    """Main claims nothing yet; the model scores 75 %."""
    with hub_of(world, provide(adder(frozenset({1, 3})))) as made:
        yield made


def test_verify__all_claims_of_main(there: HubWorld) -> None:
    sha = there.commit({RESULTS: entry("75.0")})

    ran = there.verify(MODEL, "--format=json")

    assert ran.code == 0, ran.err
    (verdict,) = ran.report["verdicts"]
    assert (verdict["verdict"], verdict["claim"]["model_revision"]) == ("verified", sha)


def test_verify__a_revision(there: HubWorld) -> None:
    old = there.commit({RESULTS: entry("95.0")})
    there.commit({RESULTS: entry("75.0")})

    ran = there.verify(f"{MODEL}@{old}", "--format=json")

    assert (ran.code, ran.report["verdicts"][0]["claim"]["digits"]) == (1, "95.0")


def test_verify__only_what_a_pull_request_claims_anew(there: HubWorld) -> None:
    there.commit({RESULTS: entry("75.0")})
    head = there.propose({".eval_results/more.yaml": entry("95.0", more="  notes: Chain of thought\n")})

    ran = there.verify(f"{MODEL}#1", "--format=json")

    (verdict,) = ran.report["verdicts"]
    assert (verdict["claim"]["digits"], verdict["claim"]["model_revision"]) == ("95.0", head)


def test_dry_run__prints_the_comment_and_writes_nothing(there: HubWorld) -> None:
    head = there.propose({RESULTS: entry("95.0")})

    ran = there.verify(f"{MODEL}#1", "--dry-run")

    assert ran.code == 1
    assert f"would write a comment on pull request 1:\n[//]: # (evalmark:sticky:v1:default sha={head}" in ran.err
    assert "### evalmark: 1 mismatch" in ran.err
    written = [served for served in there.hub.requests if served.method not in ("GET", "HEAD")]
    assert [served.target for served in written if "paths-info" not in served.target] == []


def test_verify__a_pull_request_without_a_score_runs_nothing(there: HubWorld) -> None:
    there.propose({"README.md": "better words"})

    ran = there.verify(f"{MODEL}#1", "--dry-run")

    assert ran.code == 0
    assert there.provider.seen == []
    assert "would write" not in ran.err


def test_check__the_files_of_a_pull_request(there: HubWorld) -> None:
    there.propose({RESULTS: entry("'95 %'")})

    assert there.run("check", MODEL).code == 2  # main reports nothing
    ran = there.run("check", f"{MODEL}#1")
    assert (ran.code, ran.out.splitlines()[0][:34]) == (1, ".eval_results/sums.yaml:4:10: erro")


def test_check__a_second_time_without_the_hub_but_its_cache(there: HubWorld) -> None:
    """What was read at a commit is there."""
    sha = there.commit({RESULTS: entry("'95 %'")})
    there.run("check", f"{MODEL}@{sha}")
    asked = len(there.hub.requests)
    there.run("check", f"{MODEL}@{sha}")

    again = [served.target for served in there.hub.requests[asked:]]
    assert not [target for target in again if "/resolve/" in target]


def test_check__tells_what_the_hub_refuses(there: HubWorld) -> None:
    there.commit({RESULTS: entry("'95 %'")})
    ran = there.run("check", MODEL)

    assert "hub-refuses" in ran.out
    assert "the Hub shows 0 scores" in ran.err


def test_check__without_a_network_what_was_read_before_counts(there: HubWorld) -> None:
    sha = there.commit({RESULTS: entry("75.0")})
    online = there.run("check", f"{MODEL}@{sha}")
    gone = there.run("check", f"{MODEL}@{sha}", HF_ENDPOINT="http://127.0.0.1:9")
    there.hub.state.extras["faults"].reset("*", "", times=1000)
    offline = there.run("check", f"{MODEL}@{sha}")

    assert (online.code, gone.code, offline.code) == (0, 3, 0), offline.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["verify", "acme/nothing"], 2, "there is no such repo"),
        (["verify", "acme/adder#7"], 2, "there is none"),
        (["verify", "acme/adder@nowhere"], 2, "no such revision"),
        (["verify", "acme/adder"], 2, "reports no scores"),
        (["verify", "acme/adder", "--comment"], 2, "nowhere to comment"),
        (["verify", "acme/adder", "--repo=acme/other"], 2, "leave it out"),
        (["verify", "acme/adder#1", "--runner=jobs"], 2, "--job-namespace"),
        (["check", "acme/adder", "--fix"], 2, "nothing is mended"),
        (["check", "acme/nothing"], 2, "there is no such repo"),
    ],
)
def test_usage__is_said_in_one_sentence(there: HubWorld, arguments: list[str], code: int, said: str) -> None:
    there.propose({RESULTS: entry("95.0")})
    ran = there.run(*arguments)

    assert ran.code == code, ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("target", [MODEL, f"{MODEL}#1"])
def test_allow__no_other_benchmark_runs_whatever_is_named(there: HubWorld, target: str) -> None:
    there.commit({RESULTS: entry("75.0")})
    there.propose({RESULTS: entry("95.0")})

    ran = there.verify(target, "--allow=acme/other", "--format=json")

    assert ran.report["verdicts"][0]["verdict"] == "not-rerunnable"
    assert there.provider.seen == []
