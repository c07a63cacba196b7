"""`evalmark doctor` as a person runs it: lines, fixes, exit codes; never a token."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users
from tests.acceptance.conftest import Ran, World

KIT = Path(__file__).resolve().parents[2] / "hooks"
USERS = Users(
    tokens={
        "hf_acme_secret": Token(Person("acme")),
        "hf_eve_secret": Token(Person("eve"), "read"),
        "hf_ada_secret": Token(Person("ada")),
    },
    gated={"datasets/acme/gated": ()},
)
SOURCE = "  source:\n    url: https://example.org/log.eval\n"
CARD = """\
---
license: mit
configs:
  - config_name: default
    data_files:
      - {split: test, path: data/test.jsonl}
---
"""


def lines(ran: Ran) -> set[tuple[str, str]]:
    return {(line["state"], line["about"]) for line in ran.report["lines"]}


def doctor(world: World, *arguments: str, **environment: str) -> Ran:
    return world.run("doctor", *arguments, "--format=json", **environment)


def test_model__nothing_there_yet(world: World) -> None:
    (world.model / ".eval_results").rmdir()
    ran = world.run("doctor", "model")

    assert ran.code == 1
    assert ran.out.startswith(
        "fix      files: it has neither .eval_results/*.yaml nor eval.yaml\n         → evalmark add"
    )
    assert ran.out.endswith("not ready: 1 to fix; 2 to think about\n")


def test_model__ready_with_its_benchmark_on_this_machine(world: World) -> None:
    world.claim("75.0", more=SOURCE)
    (world.benchmark / ".evalmark.toml").write_text("tokens_per_sample = {input = 10, output = 2}\n")
    world.run("init", "model", "model")
    subprocess.run(["git", "init", "-q", str(world.model)], check=True)
    (world.model / ".git/hooks/pre-commit").write_text("#!/bin/sh\nexec pre-commit hook-impl\n")
    (world.model / ".git/hooks/pre-commit").chmod(0o755)
    (world.model / ".evalmark/receipts").mkdir(parents=True)
    (world.model / ".evalmark/receipts/x.json").write_text("{}")
    ran = doctor(world, "model", "--benchmark=acme/sums=benchmark")

    assert ran.code == 0, ran.out + ran.err
    assert ran.report["ready"]
    assert lines(ran) == {
        ("ok", about) for about in ("files", "hook", "workflow", "source", "receipts", "acme/sums · sums")
    }
    assert "8 samples: all take about 80 tokens in and 16 out" in ran.out


def test_model__what_is_wrong_is_to_be_fixed(world: World) -> None:
    world.claim("75.0", task="sum")
    world.claims("broken.yaml", "- dataset: {id: acme/sums}\n")
    workflows = world.model / ".github/workflows"
    workflows.mkdir(parents=True)
    shutil.copy(KIT / "workflows/evalmark-verify.yml", workflows)
    (workflows / "other.yml").write_text("steps:\n  - uses: evalmark/evalmark@main\n")
    ran = doctor(world, "model", "--benchmark=acme/sums=benchmark")

    assert ran.code == 1
    assert lines(ran) >= {("fix", "files"), ("fix", "workflow"), ("fix", "acme/sums · sum"), ("note", "source")}
    assert "did you mean `sums`?" in ran.out
    assert all(line["fix"] for line in ran.report["lines"] if line["state"] != "ok")


def test_model__offline_says_what_was_not_looked_up(world: World) -> None:
    world.claim("75.0")
    ran = doctor(world, "model")

    assert ran.code == 0
    assert ("unknown", "benchmarks") in lines(ran)


def test_benchmark__with_what_lies_there_and_is_not_committed(world: World) -> None:
    (world.benchmark / "README.md").write_text(CARD)
    ran = doctor(world, "benchmark")

    assert ran.code == 0, ran.out + ran.err
    assert lines(ran) >= {("ok", "files"), ("ok", "README.md"), ("ok", "task sums"), ("unknown", "shortlist")}
    assert "8 samples to run" in ran.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("target: answer", "target: solution", "there is no column `solution`"),
        ("id: sums", "id: sums\n    split: train", "default / train does not load"),
        ("name: generate", "name: use_tools", "cannot be rerun: the task gives the model tools"),
        ("solvers:", "solver:", "unknown-key"),
    ],
)
def test_benchmark__one_that_would_not_run(world: World, old: str, new: str, said: str) -> None:
    (world.benchmark / "README.md").write_text(CARD)
    file = world.benchmark / "eval.yaml"
    file.write_text(file.read_text().replace(old, new))
    ran = world.run("doctor", "benchmark")

    assert ran.code == 1
    assert said in ran.out


def test_benchmark__rows_from_elsewhere_are_never_asked_for(world: World) -> None:
    (world.benchmark / "README.md").write_text("---\nconfigs:\n  - data_files: http://127.0.0.1:9/x\n---\n")
    ran = world.run("doctor", "benchmark")

    assert ran.code == 1
    assert "takes rows from `http://127.0.0.1:9/x`" in ran.out
    assert "its rows were not loaded" in ran.out


@pytest.mark.parametrize(("target", "said"), [("nowhere", "neither a folder nor a repo"), ("home", "")])
def test_doctor__a_target_that_is_none(world: World, target: str, said: str) -> None:
    ran = world.run("doctor", target)

    assert (ran.code, said in ran.err) == (1 if target == "home" else 2, True)


# ── online ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def hub(world: World) -> Iterator[LocalHub]:
    world.claim("75.0", more=SOURCE)
    (world.benchmark / "README.md").write_text(CARD)
    sources = {
        RepoId("models", "acme/adder"): world.model,
        RepoId("datasets", "acme/sums"): world.benchmark,
        RepoId("datasets", "acme/gated"): world.benchmark,
    }
    with LocalHub(sources, users=USERS) as made:
        yield made


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("", {("note", "token")}),
        ("hf_acme_secret", {("ok", "token"), ("ok", "permissions")}),
        ("hf_eve_secret", {("ok", "token"), ("fix", "permissions")}),
        ("hf_ada_secret", {("ok", "token"), ("note", "permissions")}),
        ("hf_nobody_secret", {("fix", "token")}),
    ],
)
def test_online__whose_token_it_is_and_never_the_token(
    world: World, hub: LocalHub, token: str, expected: set[tuple[str, str]]
) -> None:
    ran = doctor(world, "model", "--online", "--repo=acme/adder", HF_ENDPOINT=hub.url, HF_TOKEN=token)

    assert {each for each in lines(ran) if each[1] in ("token", "permissions")} == expected
    assert ran.code == (1 if "fix" in {state for state, _ in expected} else 0)
    assert "secret" not in ran.out + ran.err


def test_online__claims_are_looked_up(world: World, hub: LocalHub) -> None:
    world.claim("80.0", name="gated.yaml", more=SOURCE)
    gated = world.model / ".eval_results/gated.yaml"
    gated.write_text(gated.read_text().replace("acme/sums", "acme/gated"))
    ran = doctor(world, "model", "--online", "--repo=acme/adder", HF_ENDPOINT=hub.url)

    assert ("ok", "acme/sums · sums") in lines(ran)
    assert ("unknown", "acme/gated · sums") in lines(ran)
    assert "is gated" in ran.out


@pytest.mark.parametrize(("name", "about"), [("acme/adder", "acme/sums · sums"), ("acme/sums", "task sums")])
def test_online__a_repo_of_the_hub(world: World, hub: LocalHub, name: str, about: str) -> None:
    ran = doctor(world, name, HF_ENDPOINT=hub.url)

    assert ran.code == 0, ran.out + ran.err
    assert ("ok", about) in lines(ran)
    assert ("note", "token") in lines(ran)
    assert not {"hook", "receipts"} & {line for _, line in lines(ran)}


def test_online__one_that_is_not_there(world: World, hub: LocalHub) -> None:
    ran = doctor(world, "acme/nothing", HF_ENDPOINT=hub.url)

    assert ran.code == 2
    assert "there is no benchmark" in ran.err
    assert "no model of that name" in ran.err


def test_online__without_a_network_it_says_so(world: World) -> None:
    world.claim("75.0", more=SOURCE)
    ran = doctor(world, "model", "--online", "--repo=acme/adder", HF_TOKEN="hf_x")

    assert ran.code == 0
    assert {("unknown", "acme/sums · sums"), ("unknown", "token")} <= lines(ran)
    json.loads(ran.out)
