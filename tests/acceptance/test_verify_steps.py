"""A rerun stops when it is decided, goes on where it stopped, and runs nothing twice: counted by the model's server."""

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import EVAL_YAML, World, adder
from tests.provider import Answer, Provider

Provide = Callable[[Answer], Provider]
SAMPLES = 200


def wrong_ones(share: float, of: int = SAMPLES) -> frozenset[int]:
    return frozenset(random.Random(3).sample(range(of), round(share * of)))


def first_verdict(world: World) -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads((world.out / "verdict.json").read_text())["verdicts"][0]
    return verdict


def asked(provider: Provider) -> Counter[str]:
    return Counter(request["messages"][-1]["content"] for request in provider.seen)


@pytest.fixture
def large(world: World) -> World:
    """A benchmark of 200 sums on which two samples in five are wrong in the tests below."""
    world.ask(SAMPLES)
    (world.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.05\nnoise = 0.0\n')
    return world


@pytest.mark.slow
def test_claim_far_too_high__ends_early(large: World, provide: Provide) -> None:
    large.claim("90.0")
    provider = provide(adder(wrong_ones(0.4)))

    ran = large.verify(provider)

    verdict = first_verdict(large)
    assert ran.code == 1
    assert (verdict["verdict"], verdict["rung"], verdict["run"]["ended"]) == ("mismatch", "sampled", "decided")
    assert len(provider.seen) == verdict["samples_used"] < SAMPLES / 2
    assert 50 <= verdict["decided_after"] <= verdict["samples_used"]
    assert verdict["p_value"] < 0.05
    assert "probably decided after" in ran.err
    assert "claimed 90.0: mismatch" in ran.err


@pytest.mark.slow
def test_honest_claim__whose_wrong_answers_are_slow_is_no_mismatch(large: World, provide: Provide) -> None:
    """With many workers the right answers come first: by completion order the claim would look far too low."""
    large.claim("60.0")
    wrong = wrong_ones(0.4)

    def answer(question: str) -> str:
        if int(question.split(maxsplit=1)[0]) in wrong:
            time.sleep(0.5)
        return adder(wrong)(question)

    large.verify(provide(answer), "--connections=50")

    assert first_verdict(large)["verdict"] == "verified"


@pytest.mark.slow
def test_kill__loses_no_sample_and_changes_no_verdict(large: World, provide: Provide) -> None:
    large.claim("60.0")
    wrong = wrong_ones(0.4)
    provider = provide(adder(wrong))
    whole = provide(adder(wrong))

    for stop in (20, 75):
        with large.start(*large.verify_arguments(provider, "--nonce=n", "--connections=2")) as process:
            while len(provider.seen) < stop and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
    large.verify(provider, "--nonce=n", "--connections=2")
    resumed = first_verdict(large)
    # Up to two samples were in flight at each kill; nobody knows their answers.
    twice = sum(count - 1 for count in asked(provider).values())
    (large.folder / "report").rename(large.folder / "report-of-the-killed")
    large.verify(whole, "--nonce=n", "--connections=2")
    uninterrupted = first_verdict(large)

    assert twice <= 2 * 2 + 2
    for name in ("verdict", "measured", "samples_used", "decided_after", "interval"):
        assert resumed[name] == uninterrupted[name]
    assert set(asked(provider)) == set(asked(whole))
    assert not list((large.folder / "report-of-the-killed").glob(".rerun-*"))


@pytest.mark.slow
def test_budget__is_kept_and_can_be_raised(large: World, provide: Provide) -> None:
    large.claim("60.0")
    provider = provide(adder(wrong_ones(0.4)))

    large.verify(provider, "--budget=60samples")
    poor = first_verdict(large)
    tokens = large.verify(provider, "--budget=800tokens")
    spent = first_verdict(large)
    large.verify(provider)

    assert (poor["verdict"], poor["samples_used"], poor["run"]["ended"]) == ("inconclusive", 60, "samples")
    assert "would, if the score stays where it is" in poor["advice"]
    assert (spent["verdict"], spent["run"]["ended"]) == ("inconclusive", "tokens")
    assert tokens.code == 3
    assert first_verdict(large)["verdict"] == "verified"
    assert max(asked(provider).values()) == 1


@pytest.mark.slow
def test_noise__is_measured_by_a_second_pass_if_it_leaves_the_answer_open(large: World, provide: Provide) -> None:
    large.ask(100)
    (large.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.02\n')
    large.claim("70.0")
    provider = provide(adder(wrong_ones(0.4, 100)))

    large.verify(provider)

    verdict = first_verdict(large)
    assert set(asked(provider).values()) == {2}
    assert (verdict["verdict"], verdict["samples_used"]) == ("mismatch", 100)
    assert "noise measured by a second pass over 100 samples" in verdict["margin_from"]


@pytest.mark.slow
def test_epochs__can_be_added_to_an_inconclusive_run(large: World, provide: Provide) -> None:
    large.ask(60)
    (large.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.02\nnoise = 0.2\n')
    large.claim("75.0")
    provider = provide(adder(wrong_ones(0.4, 60)))

    large.verify(provider)
    once = first_verdict(large)
    large.verify(provider, "--epochs=2")
    twice = first_verdict(large)

    assert (once["verdict"], once["run"]["passes"]) == ("inconclusive", 1)
    assert "--epochs" in once["advice"]
    assert (twice["run"]["passes"], set(asked(provider).values())) == (2, {2})
    assert twice["margin_mismatch"] < once["margin_mismatch"]


@pytest.mark.slow
def test_shape_of_gpqa__four_epochs_a_literal_answer_and_shuffled_choices(world: World, provide: Provide) -> None:
    """Inspect shuffles the choices anew at every load, and the right letter with them."""
    rows = [{"question": f"{n}?", "right": f"r{n}", "w1": f"a{n}", "w2": f"b{n}", "w3": f"c{n}"} for n in range(60)]
    (world.benchmark / "data" / "test.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (world.benchmark / "eval.yaml").write_text(
        EVAL_YAML.split("    field_spec:", maxsplit=1)[0]
        + "    field_spec: {input: question, target: 'literal:D', choices: [w1, w2, w3, right]}\n"
        "    epochs: 4\n    shuffle_choices: true\n"
        "    solvers: [{name: multiple_choice}]\n    scorers: [{name: choice}]\n"
    )
    (world.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.01\nnoise = 0.0\n')
    world.claim("100.0")

    def choose(prompt: str) -> str:
        """The letter before the text that begins with `r`."""
        right = next(line for line in prompt.splitlines() if ") r" in line)
        return f"ANSWER: {right[0]}"

    provider = provide(choose)
    world.verify(provider, "--connections=8")

    verdict = first_verdict(world)
    outcome = json.loads((world.out / "outcome.json").read_text())["outcomes"][0]["result"]
    assert (verdict["measured"], verdict["verdict"], outcome["epochs"]) == (100.0, "verified", 4)
    assert len({sample["key"] for sample in outcome["samples"]}) == len(outcome["samples"]) == 60
    assert len(provider.seen) == 240


@pytest.mark.slow
def test_report__shows_each_log_that_holds_a_part(large: World, provide: Provide) -> None:
    large.claim("90.0")

    large.verify(provide(adder(wrong_ones(0.4))))

    logs = first_verdict(large)["run"]["logs"]
    assert logs
    assert all((large.out / log["path"]).is_file() for log in logs)
    assert {Path(log["path"]).parts[0] for log in logs} == {"logs"}
