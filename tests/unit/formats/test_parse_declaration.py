"""Declarations as models. What each finding says is in the corpus."""

import time

import pytest

from evalmark.formats.declaration import Declaration, TaskDeclaration, is_loose
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.settings import Settings, TokensPerSample, Variant

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


LAYERS = """\
clusters = "story"
judges = ["self"]
tokens_per_sample = {input = 1, output = 2}
trusted_keys = ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]

[settings]
temperature = 0
max_tokens = 64

[variants."w/ tools"]
task = "tools"

[variants.cot]
task = "slow"

[tasks.hard]
judges = []

[tasks.hard.settings]
max_tokens = 4096

[tasks.hard.variants."With tools"]
settings = {temperature = 1}
"""


def test_for_task__settings_and_variants_of_the_task_go_over_those_of_the_file() -> None:
    task = declaration(LAYERS).for_task("hard")

    assert task.settings == Settings(temperature=0, max_tokens=4096)
    assert task.variants == {
        "With tools": Variant(settings=Settings(temperature=1)),
        "chain-of-thought": Variant(task="slow"),
    }


def test_for_task__other_keys_are_taken_whole() -> None:
    task = declaration(LAYERS).for_task("hard")

    assert (task.clusters, task.judges) == ("story", ())
    assert task.tokens_per_sample == TokensPerSample(input=1, output=2)


def test_for_task__variants_have_their_usual_names() -> None:
    assert set(declaration(LAYERS).for_task("easy").variants) == {"With tools", "chain-of-thought"}


def test_for_task__what_only_the_task_says_is_kept() -> None:
    task = declaration("[tasks.hard.settings]\ntemperature = 1\n").for_task("hard")

    assert task.settings == Settings(temperature=1)


def test_trusted_keys__are_of_the_whole_file() -> None:
    assert len(declaration(LAYERS).trusted_keys) == 1
    assert "trusted_keys" not in TaskDeclaration.model_fields


@pytest.mark.parametrize(("tolerance", "loose"), [(None, False), (0.05, False), (0.0501, True), (1, True)])
def test_is_loose__above_five_points(tolerance: float | None, loose: bool) -> None:
    assert is_loose(TaskDeclaration(tolerance=tolerance)) is loose


def test_seed__is_told_once_with_its_reason() -> None:
    parsed = parse_declaration(".evalmark.toml", b"[settings]\nseed = 1\n")

    assert [finding.rule for finding in parsed.findings] == ["seed-shared"]
    assert parsed.declaration is None


def test_place__of_a_variant_that_only_has_a_table_below_is_that_table() -> None:
    parsed = parse_declaration(".evalmark.toml", b"\n[variants.default.settings]\ntemperature = 0\n")

    assert [(finding.rule, finding.place.line) for finding in parsed.findings] == [("variant-name", 2)]


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
