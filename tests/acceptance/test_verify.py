"""`evalmark verify` as a user runs it: the installed command, a real rerun by Inspect, a provider over HTTP."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log
from jsonschema import Draft202012Validator

from tests.acceptance.conftest import SAMPLES, World, adder
from tests.provider import Answer, Provider

ROOT = Path(__file__).resolve().parents[2]
Provide = Callable[[Answer], Provider]


def test_verify__true_and_inflated_claim_share_one_rerun(world: World, provide: Provide) -> None:
    world.claim("75.0")
    world.claim("100.0", name="sums_inflated.yaml")
    provider = provide(adder(wrong=frozenset({1, 2})))

    ran = world.verify(provider, "--format=json")

    assert ran.code == 1
    by_value = {verdict["claim"]["value"]: verdict for verdict in ran.report["verdicts"]}
    assert by_value[75.0]["verdict"] == "verified"
    assert by_value[100.0]["verdict"] == "mismatch"
    assert by_value[100.0]["measured"] == 75.0
    assert by_value[100.0]["difference"] == -25.0
    assert by_value[100.0]["interval"] == [75.0, 75.0]
    assert by_value[100.0]["rung"] == "full"
    assert by_value[100.0]["claim"]["file"] == ".eval_results/sums_inflated.yaml"
    assert by_value[100.0]["claim"]["line"] == 4
    assert len(provider.seen) == SAMPLES
    for name in ("plan", "outcome", "verdict"):
        schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text())
        Draft202012Validator(schema).validate(json.loads((world.out / f"{name}.json").read_text()))


@pytest.mark.slow
def test_verify__keeps_a_log_that_inspect_reads_and_says_who_was_served(world: World, provide: Provide) -> None:
    world.claim("100.0")

    ran = world.verify(provide(adder()))

    assert ran.code == 0
    verdict = json.loads((world.out / "verdict.json").read_text())["verdicts"][0]
    (kept,) = verdict["run"]["logs"]
    log = read_eval_log(str(world.out / kept["path"]))
    assert {sample.output.completion for sample in log.samples or []} == {str(2 * n) for n in range(SAMPLES)}
    statement = "identity not proved: served as openai-api/local/adder"
    assert verdict["run"]["identity"] == {"proved": False, "statement": statement}
    assert statement in ran.out
    assert statement in (world.out / "comment.md").read_text()


@pytest.mark.slow
def test_verify__changed_answer_key_changes_the_score(world: World, provide: Provide) -> None:
    world.claim("100.0")
    data = world.benchmark / "data" / "test.jsonl"
    data.write_text(data.read_text().replace('"answer": "4"', '"answer": "5"'))

    ran = world.verify(provide(adder()), "--format=json")

    assert ran.report["verdicts"][0]["measured"] == 87.5


@pytest.mark.slow
def test_verify__passes_and_records_generation_options(world: World, provide: Provide) -> None:
    world.claim("100.0")
    provider = provide(adder())

    ran = world.verify(provider, "--format=json", "--", "--top-p", "0.5")

    assert {request["top_p"] for request in provider.seen} == {0.5}
    assert {request["temperature"] for request in provider.seen} == {0.0}
    assert ran.report["verdicts"][0]["run"]["generation"] == {"top_p": 0.5}


@pytest.mark.slow
def test_verify__same_order_for_the_same_claims_and_another_for_another_nonce(world: World, provide: Provide) -> None:
    world.claim("100.0")

    def drawn(*more: str) -> list[str]:
        provider = provide(adder())
        world.verify(provider, "--samples=4", *more)
        return [request["messages"][-1]["content"] for request in provider.seen]

    first = drawn()

    assert len(first) == 4
    assert drawn() == first
    assert drawn("--nonce=another") != first
