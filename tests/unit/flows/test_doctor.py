"""Doctor: the claims of a model repo and the tasks of a benchmark, line by line."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from evalmark.authoring.readiness import Line, State
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.flows.doctor import Claims, claim_lines, cost_line, key_lines
from evalmark.flows.doctor_benchmark import OFFICIAL, Columns, Repo, Rows, benchmark_lines
from evalmark.flows.verify import claimed_in
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.settings import TokensPerSample
from evalmark.ports import BenchmarkFiles

COMMIT = "c" * 40
NOW = datetime(2026, 11, 26, tzinfo=UTC)
KEY = "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SUMS = """\
name: Sums
description: Adds two numbers.
evaluation_framework: inspect-ai
tasks:
  - id: sums
    field_spec: {input: question, target: answer}
    solvers:
      - {name: generate, args: {temperature: 0}}
    scorers:
      - {name: match}
"""
LOOSE = SUMS.replace(", args: {temperature: 0}", "")
AGENTS = "name: A\ndescription: B\nevaluation_framework: swe-bench\ntasks:\n  - id: sums\n"
SOURCE = "  source:\n    url: https://example.org/log.eval\n"


class Benchmarks:
    """Benchmarks by name."""

    def __init__(self, files: Mapping[str, tuple[str, str]]) -> None:
        self._files = files

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        if ref.dataset_id == "acme/away":
            return BenchmarkMissing("out of reach", "try later", surely=False)
        if ref.dataset_id not in self._files:
            return BenchmarkMissing("there is none", "check its name", surely=True)
        eval_yaml, declared = self._files[ref.dataset_id]
        return BenchmarkFiles(COMMIT, eval_yaml.encode(), declared.encode())


def entries(
    dataset: str = "acme/sums", task: str = "sums", more: str = SOURCE, times: int = 1
) -> tuple[LocatedEntry, ...]:
    one = f"- dataset:\n    id: {dataset}\n    task_id: {task}\n  value: 75.0\n{more}"
    return claimed_in({f".eval_results/{number}.yaml": one.encode() for number in range(times)}).entries


def eight(_dataset: str, _revision: str, config: str, split: str) -> int:
    assert (config, split) == ("default", "test")
    return 8


def lines_of(claims: tuple[LocatedEntry, ...], eval_yaml: str = SUMS, declared: str = "") -> list[Line]:
    return list(claim_lines(Claims("acme/adder", claims), Benchmarks({"acme/sums": (eval_yaml, declared)}), eight))


def found(lines: list[Line], about: str) -> list[tuple[State, str]]:
    return [(line.state, line.what) for line in lines if line.about == about]


def test_claim_lines__no_score_is_to_be_fixed() -> None:
    assert [line.state for line in lines_of(())] == ["fix"]


def test_claim_lines__nothing_is_looked_up_without_benchmarks() -> None:
    lines = list(claim_lines(Claims("acme/adder", entries()), None, eight))

    assert found(lines, "benchmarks") == [("unknown", "not looked up: acme/sums")]


def test_claim_lines__what_can_be_rerun_and_what_it_takes() -> None:
    lines = lines_of(entries(times=2), declared="tokens_per_sample = {input = 10, output = 2}")

    assert found(lines, "acme/sums · sums") == [
        ("ok", "2 scores can be rerun"),
        ("ok", "8 samples: all take about 80 tokens in and 16 out; a verification ends sooner where fewer decide"),
    ]
    assert found(lines, "source") == [("ok", "each of 2 scores links its source")]


def test_claim_lines__settings_that_nobody_says() -> None:
    lines = lines_of(entries(), LOOSE)

    assert ("note", "how the model samples is not said, so a difference would be inconclusive") in found(
        lines, "acme/sums · sums"
    )


@pytest.mark.parametrize(
    ("claims", "eval_yaml", "state", "said"),
    [
        pytest.param(entries(task="sum"), SUMS, "fix", "defines no task `sum`", id="task"),
        pytest.param(entries("acme/none"), SUMS, "fix", "there is none", id="benchmark"),
        pytest.param(entries("acme/away"), SUMS, "unknown", "out of reach", id="network"),
        pytest.param(entries(), AGENTS, "note", "is run with swe-bench", id="framework"),
    ],
)
def test_claim_lines__what_cannot_be_rerun(
    claims: tuple[LocatedEntry, ...], eval_yaml: str, state: State, said: str
) -> None:
    (line,) = [line for line in lines_of(claims, eval_yaml) if "cannot be rerun" in line.what]

    assert line.state == state
    assert said in line.what


def test_claim_lines__a_source_that_is_missing() -> None:
    (line,) = found(lines_of(entries(more="")), "source")

    assert line == ("note", ".eval_results/0.yaml:1:3: the score links no log or other source")


@pytest.mark.parametrize(("receipts", "states"), [(None, []), (0, ["note"]), (2, ["ok"])])
def test_claim_lines__receipts(receipts: int | None, states: list[State]) -> None:
    lines = list(claim_lines(Claims("acme/adder", entries(), receipts), None, eight))

    assert [line.state for line in lines if line.about == "receipts"] == states


@pytest.mark.parametrize(
    ("total", "epochs", "each", "state", "said"),
    [
        ("no network", 1, None, "unknown", "not known how many samples there are: no network"),
        (1000, 4, None, "note", "1,000 samples × 4 epochs to run"),
        (1000, 4, TokensPerSample(input=10, output=1), "ok", "about 40,000 tokens in and 4,000 out"),
    ],
)
def test_cost_line(total: int | str, epochs: int, each: TokensPerSample | None, state: State, said: str) -> None:
    line = cost_line("x", total, epochs, each)

    assert line.state == state
    assert said in line.what


def declaration(text: str) -> Declaration | None:
    return parse_declaration(".evalmark.toml", text.encode()).declaration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("note", "no key is trusted, so no receipt of a verification is believed")]),
        ("unit =", []),
        (f'[[keys]]\nkey = "{KEY}"\nname = "acme"', [("ok", "acme is trusted")]),
        (
            f'[[keys]]\nkey = "{KEY}"\nname = "acme"\nuntil = "2026-01-31"',
            [("note", "the key acme was trusted until 2026-01-31")],
        ),
        (
            f'[[keys]]\nkey = "{KEY}"\nname = "acme"\nrevoked = "2026-01-31"',
            [("note", "the key acme was revoked on 2026-01-31")],
        ),
    ],
)
def test_key_lines(text: str, expected: list[tuple[State, str]]) -> None:
    assert found(list(key_lines(declaration(text), NOW)), "keys") == expected


CARD = b"---\nlicense: mit\nconfigs:\n  - config_name: default\n    data_files: test.csv\n---\n"


def repo(
    eval_yaml: str = SUMS, declared: str = "", card: bytes | None = CARD, tags: frozenset[str] | None = None
) -> Repo:
    benchmark = parse_benchmark("eval.yaml", eval_yaml.encode()).benchmark
    return Repo("acme/sums", benchmark, declaration(declared) or Declaration(), card, tags)


def rows(answer: Columns | str) -> Rows:
    def of(config: str, split: str) -> Columns | str:
        assert (config, split) == ("default", "test")
        return answer

    return of


GOOD = rows(Columns(("question", "answer"), 8))


def test_benchmark_lines__one_that_is_ready() -> None:
    lines = list(
        benchmark_lines(
            repo(declared='unit = "percent"\ntokens_per_sample = {input = 10, output = 2}', tags=frozenset({OFFICIAL})),
            GOOD,
        )
    )

    assert [line.state for line in lines] == ["ok"] * 4
    assert [line.about for line in lines] == ["README.md", "task sums", "task sums", "shortlist"]


@pytest.mark.parametrize(
    ("described", "loaded", "state", "said"),
    [
        pytest.param(repo(card=None), GOOD, "note", "does not say which file is which split", id="no card"),
        pytest.param(repo(card=b"---\nconfigs: []\n---\n"), GOOD, "note", "names no licence", id="no licence"),
        pytest.param(
            repo(card=b"---\nconfigs:\n  - data_files: https://example.org/x.csv\n---\n"),
            None,
            "fix",
            "takes rows from `https://example.org/x.csv`",
            id="rows from elsewhere",
        ),
        pytest.param(repo(), None, "unknown", "its rows were not loaded", id="no rows"),
        pytest.param(repo(), rows("no such split"), "fix", "default / test does not load: no such split", id="split"),
        pytest.param(repo(), rows(Columns(("question",), 8)), "fix", "there is no column `answer`", id="column"),
        pytest.param(repo(), GOOD, "note", "whether scores are written 0.5 or 50 is not said", id="unit"),
        pytest.param(repo(), GOOD, "unknown", "the Hub was not asked", id="not asked"),
        pytest.param(repo(tags=frozenset()), GOOD, "note", "it is not on the shortlist", id="shortlist"),
        pytest.param(repo(LOOSE), GOOD, "note", "how a model samples is not said", id="settings"),
        pytest.param(repo(AGENTS), GOOD, "note", "cannot be rerun: evalmark reruns Inspect tasks", id="framework"),
        pytest.param(repo(SUMS.replace("id: sums", "id: a/b")), GOOD, "fix", "cannot be rerun", id="slash"),
        pytest.param(
            repo(SUMS.replace("name: match", "name: model_graded_qa")), GOOD, "note", "must name the judge", id="judge"
        ),
        pytest.param(
            repo(SUMS.replace("  - id: sums\n    field", "  - field")),
            GOOD,
            "ok",
            "anybody can rerun it",
            id="without id",
        ),
    ],
)
def test_benchmark_lines__one_thing_each(described: Repo, loaded: Rows | None, state: State, said: str) -> None:
    lines = [line for line in benchmark_lines(described, loaded) if said in line.what]

    assert [line.state for line in lines] == [state]


def test_benchmark_lines__a_broken_one_has_no_tasks() -> None:
    assert [line.about for line in benchmark_lines(repo("tasks: 1"), None)] == ["README.md", "shortlist"]


def test_benchmark_lines__every_column_that_inspect_reads() -> None:
    spec = "{input: q, target: 'literal:A', choices: [a, b], metadata: [m]}"
    lines = benchmark_lines(repo(SUMS.replace("{input: question, target: answer}", spec)), rows(Columns((), 1)))
    lost = [line.what for line in lines if line.state == "fix"]

    assert lost == [f"there is no column `{name}`" for name in ("q", "a", "b", "m")]
    one = benchmark_lines(repo(SUMS.replace("target: answer", "target: answer, choices: c")), rows(Columns((), 1)))
    assert "there is no column `c`" in [line.what for line in one]
