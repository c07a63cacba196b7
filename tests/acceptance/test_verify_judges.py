"""A task that a model grades, and claims with settings and variants that the benchmark declares."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.conftest import EVAL_YAML, Ran, World, adder
from tests.provider import Answer, Provider

Provide = Callable[[Answer], Provider]
JUDGE = "openai-api/local/judge"
GRADED = EVAL_YAML.replace("{name: match, args: {location: exact}}", "{name: model_graded_qa}")


def model_and_judge(wrong: frozenset[int]) -> Answer:
    """Answers sums, and grades answers to them."""
    add = adder(wrong)

    def answer(prompt: str) -> str:
        if "GRADE:" not in prompt:
            return add(prompt)
        lines = [
            line.split(": ", 1)[1] for line in prompt.splitlines() if line.startswith(("[Submission]", "[Criterion]"))
        ]
        return "GRADE: C" if len(set(lines)) == 1 else "GRADE: I"

    return answer


def verdict_of(ran: Ran) -> dict[str, Any]:
    """The only verdict of a run with --format=json."""
    verdict: dict[str, Any] = ran.report["verdicts"][0]
    return verdict


@pytest.fixture
def graded(world: World) -> World:
    """A benchmark of sixty sums whose scorer is a model."""
    world.ask(60)
    (world.benchmark / "eval.yaml").write_text(GRADED)
    declared = f'unit = "percent"\ntolerance = 0.05\nnoise = 0.0\njudges = ["{JUDGE}"]\n'
    (world.benchmark / ".evalmark.toml").write_text(declared)
    world.claim("75.0")
    return world


def test_judge__that_nobody_names_is_not_rerun(graded: World, provide: Provide) -> None:
    provider = provide(model_and_judge(frozenset()))

    verdict = verdict_of(graded.verify(provider, "--format=json"))

    assert verdict["verdict"] == "not-rerunnable"
    assert JUDGE in verdict["advice"]
    assert provider.seen == []


@pytest.mark.parametrize("grader", ["openai-api/local/other", "openai-api/local/adder", "self"])
def test_judge__that_the_benchmark_does_not_allow_is_not_asked(graded: World, provide: Provide, grader: str) -> None:
    provider = provide(model_and_judge(frozenset()))

    verdict = verdict_of(graded.verify(provider, f"--grader={grader}", "--format=json"))

    assert verdict["verdict"] == "not-rerunnable"
    assert provider.seen == []


@pytest.mark.slow
def test_judge__that_is_allowed_grades_and_its_own_noise_is_measured(graded: World, provide: Provide) -> None:
    provider = provide(model_and_judge(frozenset(range(15))))

    ran = graded.verify(
        provider, f"--grader={JUDGE}", "--pass-env=LOCAL_BASE_URL", "--format=json", LOCAL_BASE_URL=provider.url
    )

    verdict = verdict_of(ran)
    assert (verdict["verdict"], verdict["run"]["grader"]) == ("verified", JUDGE)
    assert not verdict["run"]["grader_is_model"]
    assert "that of the judge, who graded" in verdict["margin_from"]
    grades = [request for request in provider.seen if request["model"] == "judge"]
    answers = [request for request in provider.seen if request["model"] == "adder"]
    assert len(answers) == verdict["samples_used"]
    assert len(grades) == 2 * len(answers)


@pytest.mark.slow
def test_model__grades_itself_only_if_the_benchmark_says_so(graded: World, provide: Provide) -> None:
    declaration = graded.benchmark / ".evalmark.toml"
    declaration.write_text(declaration.read_text().replace(f'["{JUDGE}"]', '["self"]'))
    provider = provide(model_and_judge(frozenset(range(15))))

    ran = graded.verify(provider, "--grader=self")

    assert ran.code == 0
    assert "(the model under test itself)" in ran.out
    assert {request["model"] for request in provider.seen} == {"adder"}


@pytest.mark.slow
def test_settings_and_variants__are_those_that_the_benchmark_declares(world: World, provide: Provide) -> None:
    (world.benchmark / "eval.yaml").write_text(EVAL_YAML.replace(", args: {temperature: 0, max_tokens: 8}", ""))
    (world.benchmark / ".evalmark.toml").write_text(
        'unit = "percent"\nnoise = 0.0\n[settings]\ntemperature = 0.5\nmax_tokens = 9\n'
        '[variants."High temperature"]\nsettings = {temperature = 1.5}\n'
    )
    world.claims(
        "sums.yaml",
        "- dataset: {id: acme/sums, task_id: sums}\n  value: 100.0\n"
        "- dataset: {id: acme/sums, task_id: sums}\n  value: 50.0\n  notes: High temperature\n"
        "- dataset: {id: acme/sums, task_id: sums}\n  value: 100.0\n  notes: With tools\n",
    )
    provider = provide(adder())

    usual, hot, tools = world.verify(provider, "--format=json").report["verdicts"]

    assert (usual["verdict"], usual["run"]["settings_from"], usual["run"]["variant"]) == (
        "verified",
        "declaration",
        None,
    )
    assert (hot["verdict"], hot["run"]["variant"]) == ("mismatch", "High temperature")
    assert tools["verdict"] == "not-rerunnable"
    assert '[variants."With tools"]' in tools["advice"]
    asked = {
        (request["temperature"], request.get("max_tokens", request.get("max_completion_tokens")))
        for request in provider.seen
    }
    assert {temperature for temperature, _ in asked} == {0.5, 1.5}


@pytest.mark.slow
def test_secret__gives_the_same_order_whatever_was_drawn_before(world: World, provide: Provide) -> None:
    world.claim("100.0")
    secret = {"EVALMARK_SECRET": "only we know it"}
    world.verify(provide(adder()), "--budget=4", **secret)
    first = json.loads((world.out / "plan.json").read_text())["jobs"][0]

    (world.out / "plan.json").unlink()
    world.verify(provide(adder()), "--budget=4", **secret)

    assert json.loads((world.out / "plan.json").read_text())["jobs"][0]["shuffle_seed"] == first["shuffle_seed"]
    assert "only we know it" not in "".join(path.read_text(errors="replace") for path in world.out.rglob("*.json"))
