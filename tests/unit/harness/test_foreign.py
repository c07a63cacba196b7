"""What is taken from foreign JSON, and what is left out."""

from collections.abc import Callable
from typing import Any

import pytest

from evalmark.harness import foreign
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric
from evalmark.harness.units import unit_of


@pytest.mark.parametrize(
    ("take", "value", "taken"),
    [
        (foreign.text, "mmlu", "mmlu"),
        (foreign.text, "", None),
        (foreign.text, "  ", None),
        (foreign.text, "two\nlines", None),
        (foreign.text, "\ud800", None),
        (foreign.text, "x" * 301, None),
        (foreign.text, 5, None),
        (foreign.number, 0.5, 0.5),
        (foreign.number, 3, 3.0),
        (foreign.number, True, None),
        (foreign.number, "0.5", None),
        (foreign.number, float("inf"), None),
        (foreign.number, 10**400, None),
        (foreign.count, 20, 20),
        (foreign.count, 20.0, 20),
        (foreign.count, 20.5, None),
        (foreign.count, -1, None),
        (foreign.count, 1e12, None),
        (foreign.count, None, None),
        (foreign.commit, "0" * 40, "0" * 40),
        (foreign.commit, "main", None),
        (foreign.commit, 40, None),
        (foreign.moment, 1795716674.45, "2026-11-26T18:11:14Z"),
        (foreign.moment, -5, None),
        (foreign.moment, 1e300, None),
        (foreign.moment, "now", None),
        (foreign.iso, "2026-01-15", "2026-01-15"),
        (foreign.iso, "2026-01-15T10:00:00Z", "2026-01-15T10:00:00Z"),
        (foreign.iso, "2026-13-15", None),
        (foreign.iso, "yesterday", None),
        (foreign.iso, 2026, None),
        (foreign.dataset_id, "openai/gsm8k", "openai/gsm8k"),
        (foreign.dataset_id, "gsm8k", "gsm8k"),
        (foreign.dataset_id, "json", None),
        (foreign.dataset_id, "./here", None),
        (foreign.dataset_id, "load.py", None),
        (foreign.dataset_id, None, None),
        (foreign.items, [1, 2], [1, 2]),
        (foreign.items, {"a": 1}, ()),
        (foreign.mapping, {"a": 1}, {"a": 1}),
        (foreign.mapping, [1], {}),
    ],
)
def test_what_is_taken(take: Callable[[Any], Any], value: Any, taken: Any) -> None:
    assert take(value) == taken


def test_lists__have_an_end() -> None:
    assert len(foreign.items([0] * 5000)) == foreign.MOST_ITEMS
    assert len(foreign.metrics_in({str(index): 1 for index in range(5000)})) == foreign.MOST_METRICS
    with pytest.raises(NotReadable, match="lists over 2000 things"):
        foreign.entries({str(index): 1 for index in range(5000)})


def test_metrics__of_names_that_can_be_shown_and_numbers() -> None:
    values: dict[str, Any] = {
        "acc,none": 0.5,
        "acc_stderr,none": 0.1,
        "ter,none": 120,
        "a\nb": 1,
        "alias": "x",
        "no": None,
        "bleu": 3,
        "bleu_stderr": "N/A",
    }

    assert foreign.metrics_in(values, {"ter"}) == (
        Metric(name="acc,none", value=0.5, unit="fraction", stderr=0.1),
        Metric(name="ter,none", value=120, unit="percent", lower_is_better=True),
        Metric(name="bleu", value=3, unit="percent"),
    )


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("acc", 0.5, "fraction"),
        ("acc", 50, None),
        ("pass@1", 0.5, "fraction"),
        ("pass_at_1", 0.5, "fraction"),
        ("exact_match@5", 0.5, "fraction"),
        ("maj@8:k=2", 0.5, "fraction"),
        ("bleu", 0.5, "percent"),
        ("ndcg", 0.5, None),
    ],
)
def test_unit__is_known_by_the_name(name: str, value: float, unit: str | None) -> None:
    assert unit_of(name, value) == unit


def test_datasets__what_they_share() -> None:
    one, other = DatasetUsed(id="acme/sums", config="small"), DatasetUsed(id="acme/sums", config="large")

    assert foreign.shared_dataset([one, other]) == DatasetUsed(id="acme/sums")
    assert foreign.shared_dataset([]) == DatasetUsed()


@pytest.mark.parametrize(
    ("task", "shots", "system", "words"),
    [
        ("gsm8k", 0, None, ()),
        ("gsm8k", None, "  ", ()),
        ("gsm8k_cot", 8, None, ("8-shot", "chain-of-thought")),
        ("cotton", 5, "Be brief.\n", ("5-shot", "With system prompt")),
    ],
)
def test_setup__in_usual_words(task: str, shots: int | None, system: Any, words: tuple[str, ...]) -> None:
    assert foreign.asked(task, shots, system=system) == words


@pytest.mark.parametrize(
    ("samples", "planned", "limit", "faults"),
    [
        (20, 20, 5, ()),
        (5, 20, None, ("5 of 20 samples",)),
        (5, None, 5.0, ("a limit of 5 samples",)),
        (None, 20, 0.1, ("a limit of 0.1 samples",)),
        (None, None, None, ()),
    ],
)
def test_fault__of_a_run_over_less(
    samples: int | None, planned: int | None, limit: Any, faults: tuple[str, ...]
) -> None:
    assert foreign.cut_short(samples, planned, limit) == faults
