"""Results files, beside what `huggingface_hub` reads: it accepts nearly anything that has the keys.

What it accepts and the specification allows, we accept. What it accepts wrongly has a finding by name; the list is
from running huggingface_hub 2.4.0.
"""

from datetime import date as day
from typing import Any

import pytest
import yaml
from huggingface_hub import EvalResultEntry, eval_result_entries_to_yaml, parse_eval_result_entries
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.finding import Severity
from evalmark.flows.check import check
from evalmark.formats.scalars import resolve
from tests.corpus.cases import TODAY, VALID, case_name, files_of

PATH = ".eval_results/scores.yaml"
HEAD = "- dataset: {id: cais/hle, task_id: hle}\n"
SHA = "633f5ee89ea8ad4522a9f850766b73f62147ffdd"


def accepted_by_hub(text: str) -> bool:
    try:
        return bool(parse_eval_result_entries(yaml.safe_load(text)))
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        return False


def rules(text: str, worst: Severity = Severity.INFO) -> set[str]:
    levels = list(Severity)[: list(Severity).index(worst) + 1]
    return {finding.rule for finding in check({PATH: text.encode()}, TODAY) if finding.severity in levels}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"{HEAD}  value: 20.9\n  date: 2026-01-15\n", "date-not-quoted"),
        (f"{HEAD}  value: '20.9%'\n", "value-not-a-number"),
        (f"{HEAD}  value: null\n", "value-not-a-number"),
        (f"{HEAD}  value: yes\n", "value-not-a-number"),
        (f"{HEAD}  value: .nan\n", "value-not-a-number"),
        (f"{HEAD}  value: 20,9\n", "value-not-a-number"),
        (f"{HEAD}  value: 190:20:30\n", "value-not-a-number"),
        (f"{HEAD}  value: 7250\n", "value-implausible"),
        (f"{HEAD}  value: 012\n", "yaml-versions-differ"),
        (f"{HEAD}  value: 1e3\n", "yaml-versions-differ"),
        ("- dataset: {id: HLE, task_id: hle}\n  value: 20.9\n", "dataset-id-form"),
        (f"{HEAD}  value: 20.9\n  verify_token: a.b.c\n", "unknown-key"),
        ("- dataset: {id: cais/hle, task_id: hle, revision: 1234567}\n  value: 20.9\n", "revision-form"),
        (f"{HEAD}  value: 20.9\n{HEAD}  value: 20.9\n", "entry-twice"),
        (f"{HEAD}  value: 20.9\n  value: 25.1\n", "yaml-duplicate-key"),
        (f"{HEAD}  value: 20.9\n  notes: [tools]\n", "field-type"),
    ],
)
def test_accepted_wrongly_by_the_hub__has_a_finding(text: str, rule: str) -> None:
    assert accepted_by_hub(text)
    assert rule in rules(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("- dataset: {id: cais/hle}\n  value: 20.9\n", "task-id-missing"),
        (f"{HEAD}  metrics: [{{value: 20.9}}]\n", "value-missing"),
        ("scores\n", "results-not-a-list"),
        ("", "results-empty"),
        (f"{HEAD}  value: 20.9\n  source: {{name: Logs}}\n", "source-url-missing"),
        (f"{HEAD}  value: 20.9\n  notes: =\n", "yaml-versions-differ"),
    ],
)
def test_refused_by_the_hub_without_a_reason__has_a_finding(text: str, rule: str) -> None:
    assert not accepted_by_hub(text)
    assert rule in rules(text)


@pytest.mark.parametrize("case", VALID, ids=case_name)
def test_valid_case__is_read_by_the_hub_too(case: Any) -> None:
    results = [text for path, text in files_of(case).items() if path.startswith(".eval_results/")]

    assert all(accepted_by_hub(text.decode()) for text in results)


NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9]{0,10}\Z")
DATES = st.dates(day(2020, 1, 1), TODAY).map(day.isoformat)
# PyYAML writes the text `0e0` without quotes, and the Hub reads a number: a wrong file, and no fault of ours.
TEXTS = st.text(max_size=30).filter(lambda text: isinstance(resolve(text), str))
ENTRIES = st.builds(
    EvalResultEntry,
    dataset_id=st.builds("{}/{}".format, NAMES, NAMES),
    task_id=st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z"),
    value=st.one_of(st.floats(0, 100), st.integers(0, 100)),
    dataset_revision=st.sampled_from([None, SHA]),
    verify_token=st.sampled_from([None, "a.b.c"]),
    date=st.one_of(st.none(), DATES, DATES.map("{}T10:30:00Z".format)),
    source_url=NAMES.map("https://example.org/{}".format),
    source_name=st.one_of(st.none(), TEXTS),
    source_user=st.one_of(st.none(), NAMES),
    source_org=st.one_of(st.none(), NAMES),
    notes=st.one_of(st.none(), TEXTS),
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=3, unique_by=lambda entry: (entry.dataset_id, entry.task_id)))
def test_written_by_the_hub__has_no_error(entries: list[EvalResultEntry]) -> None:
    text = yaml.safe_dump(eval_result_entries_to_yaml(entries))

    assert accepted_by_hub(text)
    assert rules(text, Severity.ERROR) == set()
