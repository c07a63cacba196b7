"""leaderboard, history, blame, conflicts, card and store, as a user runs them."""

from pathlib import Path

import pytest

from evalmark.adapters.duck import writing
from tests.acceptance.conftest import World
from tests.acceptance.score_world import RESULTS, GitRepo, as_json
from tests.builders import entry_text
from tests.records import small_world


@pytest.fixture
def store(world: World) -> Path:
    path = world.folder / "evalmark.duckdb"
    with writing(path) as writer:
        for kind, records in small_world().items():
            writer.add(kind, records)
        writer.finish()
    return path


@pytest.mark.parametrize(
    ("options", "models"),
    [
        (("--verified",), ["acme/adder", "beta/sum-1b"]),
        (("--min-rung=full",), ["gamma/old", "acme/adder"]),
        (("--author=delta", "--best"), ["delta/said"]),
        (("--size=-1B", "--base-only"), ["beta/sum-1b"]),
        (("--search=GGUF",), ["beta/sum-1b-gguf"]),
        (("--verified", "--sort=model", "--per-page=1", "--page=2"), ["beta/sum-1b"]),
    ],
    ids=str,
)
def test_leaderboard__filters(world: World, store: Path, options: tuple[str, ...], models: list[str]) -> None:
    told = as_json(world.run("leaderboard", "acme/sums", "sums", *options, "--format=json"))

    assert [row["model"] for row in told["rows"]] == models


def test_leaderboard__all_tasks_and_a_lower_is_better_one(world: World, store: Path) -> None:
    ran = world.run("leaderboard", "acme/errors")

    assert "lower is better" in ran.out
    assert ran.out.index("beta/sum-1b") < ran.out.index("acme/adder")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acme/sumz",), "did you mean acme/sums?"),
        (("acme/sums", "nope"), "its boards are: sums"),
        (("acme/sums", "--min-rung=gold"), "`min_rung` must be one of syntax"),
        (("acme/sums", "--size=big"), "`size_min`"),
        (("acme/sums", "--since=yesterday"), "`since` must be"),
        (("acme/sums", "--store=none.duckdb"), "there is no store none.duckdb"),
    ],
)
def test_leaderboard__usage(world: World, store: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = world.run("leaderboard", *arguments)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (("acme/adder",), ["submitted", "merged", "amended", "amended", "verified"]),
        (("acme/adder", "--kind=merged", "--kind=verified"), ["merged", "verified"]),
        (("acme/adder", "--since=2026-11-02"), ["verified"]),
        (("acme/adder", "--most=1"), ["verified"]),
        (("zeta/boast",), ["submitted", "contradicted"]),
    ],
    ids=str,
)
def test_history__of_a_model(world: World, store: Path, arguments: tuple[str, ...], kinds: list[str]) -> None:
    assert [event["kind"] for event in as_json(world.run("history", *arguments, "--format=json"))] == kinds


def test_history__of_a_benchmark(world: World, store: Path) -> None:
    ran = world.run("history", "acme/sums", "--task=sums")

    assert ran.code == 0
    assert "pushed away since" in ran.out
    assert "contradicted" in ran.out


def test_history__says_what_it_does_not_know(world: World, store: Path) -> None:
    ran = world.run("history", "acme/addr")

    assert ran.code == 2
    assert "did you mean acme/adder?" in ran.err
    assert "`--kind x` is none" in world.run("history", "acme/adder", "--kind=x").err


def test_conflicts(world: World, store: Path) -> None:
    every = as_json(world.run("conflicts", "--format=json"))
    some = as_json(world.run("conflicts", "delta/said", "--kind=different-values", "--format=json"))

    assert {each["kind"] for each in every} == {"different-values", "contradicted"}
    assert [each["model"] for each in some] == ["delta/said"]
    assert (world.run("conflicts", "--fail").code, world.run("conflicts", "acme/errors", "--fail").code) == (1, 0)


def test_blame__and_history_of_a_checkout_need_no_store(world: World) -> None:
    repo = GitRepo.made(world.model)
    repo.score("52.0")
    repo.commit({RESULTS: entry_text("57.0") + entry_text("3.0", task="other")}, by="bob")
    (world.model / RESULTS).write_text(
        entry_text("57.0") + entry_text("4.0", task="other") + entry_text("9.0", task="new")
    )

    told = as_json(world.run("blame", f"model/{RESULTS}", "--format=json"))
    text = world.run("blame", f"model/{RESULTS}").out
    history = world.run("history", "model")

    assert [(each["value"], [event["kind"] for event in each["events"]]) for each in told] == [
        ("57.0", ["submitted", "amended"]),
        ("4.0", []),
        ("9.0", []),
    ]
    assert text.count("not committed yet") == 2
    assert "52.0 → 57.0" in text
    assert [line.split()[3] for line in history.out.splitlines()] == ["submitted", "changed", "submitted"]


@pytest.mark.parametrize(
    ("file", "said"),
    [("none.yaml", "cannot read none.yaml"), ("benchmark/eval.yaml", "lies in no .eval_results folder"),
     ("model/.eval_results/a.yaml", "is not the root of a git checkout")],
)  # fmt: skip
def test_blame__usage(world: World, file: str, said: str) -> None:
    world.claim("1.0", "a.yaml")

    ran = world.run("blame", file)

    assert ran.code in (2, 3)
    assert said in ran.err


def test_card__of_a_model_is_written_once(world: World, store: Path) -> None:
    readme = world.model / "README.md"
    readme.write_text("---\nlicense: mit\n---\n# Adder\n")

    stale = world.run("card", "model", "--repo=acme/adder", "--check")
    first = world.run("card", "model", "--repo=acme/adder", "--site=https://scores.example.org")
    written = readme.read_text()
    second = world.run("card", "model", "--repo=acme/adder", "--site=https://scores.example.org")

    assert (stale.code, first.code, second.code) == (1, 0, 0)
    assert written.startswith("---\nlicense: mit\n---\n# Adder\n\n<!-- evalmark:begin")
    assert "✓ verified" in written
    assert readme.read_text() == written
    assert second.out == "model/README.md is up to date\n"
    badges = sorted(path.suffix for path in (world.model / ".evalmark/badges").iterdir())
    assert badges == [".json", ".json", ".svg", ".svg"]
    for line in first.out.splitlines():
        assert line.startswith("wrote model/")


def test_card__of_a_benchmark(world: World, store: Path) -> None:
    ran = world.run("card", "benchmark", "--repo=acme/sums", "--rows=3")

    assert ran.code == 0
    assert (world.benchmark / "README.md").read_text().count("| delta/said") == 0
    assert "3 of 160 claims." in (world.benchmark / "README.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("model",), "has no git remote that names a repo"),
        (("model", "--repo=no/body"), "the store has nothing about no/body"),
        (("model", "--repo=acme/adder", "--site=javascript:alert(1)"), "is no address of the web"),
        (("model", "--repo=acme/adder", "--site=https://x.org/)<script>"), "is no address of the web"),
    ],
)
def test_card__usage(world: World, store: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = world.run("card", *arguments)

    assert ran.code == 2
    assert said in ran.err
    assert not (world.model / "README.md").exists()


def test_store__there_and_back(world: World, store: Path) -> None:
    info = world.run("store", "info")
    out = world.run("store", "export", "out")
    back = world.run("store", "import", "out", "--store=again.duckdb")
    boards = [
        world.run("leaderboard", "acme/sums", f"--store={name}").out for name in ("evalmark.duckdb", "again.duckdb")
    ]

    assert "162  claims" in info.out
    assert (out.code, back.code) == (0, 0), back.err
    assert boards[0] == boards[1]
    assert "no export" in world.run("store", "export", "model").err
    assert "has no claims.parquet" in world.run("store", "import", "model").err
