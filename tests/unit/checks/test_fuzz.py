"""A small part of `tests/fuzz_check.py`, and the bombs that it does not come upon."""

import time

import pytest

from evalmark.flows.check import check
from tests.corpus.cases import TODAY
from tests.fuzz_check import mutated_files, run

PATHS = [".eval_results/a.yaml", "eval.yaml", ".evalmark.toml"]
HEAD = b"- dataset: {id: cais/hle, task_id: hle}\n  value: "
BOMBS = {
    "five hundred levels": b"[" * 500 + b"]" * 500,
    "five hundred levels of a block": b"".join(b" " * depth + b"a:\n" for depth in range(300)),
    "a flow map of 1.3 MB": b"{" + b"a, " * 433_000 + b"}",
    "a flow map of 60 kB": b"{" + b", ".join(b"k%d" % number for number in range(8_000)) + b"}",
    "laughs": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (98 + n, 98 + n, 97 + n, 97 + n) for n in range(20)),
    "hexadecimal digits": HEAD + b"0x" + b"f" * 60_000,
    "decimal digits": HEAD + b"9" * 60_000,
    "digits of base sixty": HEAD + b"1" + b":1" * 30_000,
    "underscores": HEAD + b"1" + b"_" * 60_000,
    "a long note": HEAD + b"1\n  notes: " + b"(" * 60_000,
    "a long address": HEAD + b"1\n  source: {url: 'https://" + b"a." * 30_000 + b"'}",
    "a long date": HEAD + b"1\n  date: " + b"2026-" * 12_000,
    "a long judge": b"tasks: [{field_spec: {}, solvers: [{args: {model: " + b"a-2024" * 10_000 + b"}}]}]",
    "many keys": b"".join(b"k%d: 1\n" % number for number in range(6_000)),
    "many misspelt keys": HEAD + b"1\n" + b"".join(b"  note%d: 1\n" % number for number in range(4_000)),
    "many entries": (HEAD + b"1\n") * 200,
    "a dotted key": b"a." * 30_000 + b"a = 1",
}


# CPU time with coverage on a shared core: a tenth of a second without. What it must catch takes minutes.
PATIENCE_SECONDS = 4.0


def test_mutated_files__give_findings_or_none_and_quickly() -> None:
    report = run(2_000, seed=20_261_124)

    assert (report.failures, report.unregistered) == ([], set())
    assert report.count == 2_000
    assert len(report.rules) > 60
    assert report.slowest[0] < PATIENCE_SECONDS


def test_mutated_files__are_the_same_for_the_same_seed() -> None:
    assert list(mutated_files(20, seed=1)) == list(mutated_files(20, seed=1))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb__is_answered_soon(bomb: str, path: str) -> None:
    start = time.process_time()

    check({path: BOMBS[bomb]}, TODAY)

    assert time.process_time() - start < PATIENCE_SECONDS
