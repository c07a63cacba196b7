"""Declarations as models. What each finding says is in the corpus."""

import time

import pytest

from evalmark.formats.declaration import Declaration, TaskDeclaration
from evalmark.formats.parse_declaration import parse_declaration

TEXT = """\
unit = "percent"
tolerance = 0.01

[tasks.diamond]
unit = "fraction"
noise = 0.1

[tasks."MathArena/aime_2026"]
direction = "lower-is-better"
"""


def declaration(text: str) -> Declaration:
    parsed = parse_declaration(".evalmark.toml", text.encode())
    assert parsed.findings == ()
    assert parsed.declaration is not None
    return parsed.declaration


@pytest.mark.parametrize(
    ("task_id", "expected"),
    [
        ("diamond", TaskDeclaration(unit="fraction", tolerance=0.01, noise=0.1)),
        ("MathArena/aime_2026", TaskDeclaration(unit="percent", direction="lower-is-better", tolerance=0.01)),
        ("another", TaskDeclaration(unit="percent", tolerance=0.01)),
        (None, TaskDeclaration(unit="percent", tolerance=0.01)),
    ],
)
def test_for_task__own_keys_go_over_those_of_the_file(task_id: str | None, expected: TaskDeclaration) -> None:
    assert declaration(TEXT).for_task(task_id) == expected


def test_for_task__nothing_declared() -> None:
    task = declaration("").for_task("diamond")

    assert (task.unit, task.direction, task.tolerance, task.noise) == (None, "higher-is-better", None, None)


def test_for_task__knows_what_was_said_in_so_many_words() -> None:
    assert declaration(TEXT).for_task("diamond").model_fields_set == {"unit", "tolerance", "noise"}


def test_for_task__direction_of_the_file_is_not_lost() -> None:
    text = 'direction = "lower-is-better"\n[tasks.a]\nnoise = 0.1\n'

    assert declaration(text).for_task("a").direction == "lower-is-better"


@pytest.mark.parametrize("text", ["tolerance = 1\nnoise = 0\n", "tolerance = 1e-9\nnoise = 0.25\n"])
def test_limits__are_allowed(text: str) -> None:
    assert declaration(text).tolerance


@pytest.mark.parametrize("text", ["[check]\nignore = ['x']\nunit = 3\n", "check = 5\n"])
def test_check__is_left_to_the_linter(text: str) -> None:
    assert declaration(text) == Declaration()


def test_error__leaves_no_declaration() -> None:
    parsed = parse_declaration(".evalmark.toml", b"unit = 'percent'\nunits = 1\n")

    assert parsed.declaration is None
    assert [(finding.rule, finding.place.line) for finding in parsed.findings] == [("unknown-key", 2)]


BOMBS = {
    "dotted key": "a." * 30_000 + "a = 1",
    "dotted key of quoted parts and blanks": "\"a b\" . 'c' .\t" * 4_000 + "a = 1",
    "dotted key of long parts": ("a" * 150 + ".") * 400 + "a = 1",
    "dotted table": "[" + "a." * 30_000 + "a]\nb = 1",
    "brackets": "a = " + "[" * 60_000,
    "braces": "a = " + "{a = " * 12_000,
    "one table many times": "[a]\n" * 10_000,
    "blanks": "a" + " " * 60_000,
    "word": "a" * 60_000,
    "quotes": '"' * 60_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_bomb__is_a_finding_at_once(text: str) -> None:
    start = time.perf_counter()

    parsed = parse_declaration(".evalmark.toml", text.encode())

    assert {finding.rule for finding in parsed.findings} <= {"toml-too-deep", "toml-syntax"}
    assert parsed.declaration is None
    assert time.perf_counter() - start < 5
