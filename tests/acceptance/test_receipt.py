"""`evalmark receipt` as a user runs it: from a finished rerun to a receipt that others check."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evalmark.adapters.signing import SigningKey, payload_of
from evalmark.receipt import read_statement, statement_of
from tests.acceptance.conftest import Ran, World, adder, furnish
from tests.acceptance.score_world import GitRepo, as_json
from tests.builders import entry_text
from tests.provider import Answer, Provider

MAKE = (
    "receipt",
    "make",
    "model",
    "--repo=acme/adder",
    "--benchmark=acme/sums=benchmark",
    "--by=prover",
    "--report=report",
    "--key=key",
)


def claimed(world: World) -> GitRepo:
    """A model that claims 75 %, committed, and a key pair."""
    made = GitRepo.made(world.model)
    made.commit({"model.safetensors": b"weights"})
    made.score("75.0", path=".eval_results/sums.yaml")
    assert world.run("receipt", "keygen", "--out=key").code == 0
    return made


@pytest.fixture
def repo(world: World) -> GitRepo:
    return claimed(world)


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> tuple[Path, str]:
    """A folder with a rerun of the claim, which two wrong answers of eight make true, and the path of its receipt."""
    world = World(tmp_path_factory.mktemp("proved"), shared_cache)
    furnish(world)
    claimed(world)
    with Provider(adder(frozenset({1, 2}))).running() as provider:
        world.verify(provider)
    ran = world.run(*MAKE)
    assert ran.code == 0, ran.err
    return world.folder, ran.out.split()[0]


@pytest.fixture
def receipt(world: World, proved: tuple[Path, str]) -> Path:
    """A receipt for the claim; model, benchmark, report and key are those that it was made with."""
    shutil.copytree(proved[0], world.folder, dirs_exist_ok=True)
    return world.folder / proved[1]


def check(world: World, receipt: Path, *more: str) -> Ran:
    return world.run("receipt", "verify", str(receipt), "--keys=key.pub", *more)


def test_make__signs_what_was_judged_again(world: World, receipt: Path) -> None:
    told = as_json(check(world, receipt, "--format=json"))

    assert receipt.name == f"{told['claim_digest']}.json"
    assert told["state"] == "valid"
    assert told["key"]["name"] == "key"
    made = told["receipt"]
    assert made["claim"] == {
        "model": "acme/adder", "dataset_id": "acme/sums", "task_id": "sums", "variant": "", "value": "75",
        "unit": "percent",
    }  # fmt: skip
    assert (made["result"]["verdict"], made["result"]["measured"], made["by"]["name"]) == ("verified", 75.0, "prover")
    assert made["model"]["identity_proved"] is False
    assert len(made["model"]["weights"]) == len(made["benchmark"]["eval_yaml"]) == 64


def test_make__twice_is_one_receipt_for_each_time(world: World, receipt: Path) -> None:
    again = world.run(*MAKE)

    assert again.code == 0
    names = sorted(path.name for path in receipt.parent.iterdir())
    assert receipt.name in names
    assert len(names) <= 2


def test_make__believes_no_verdict_that_lies_there(world: World, receipt: Path) -> None:
    """Only numbers count: a forged verdict.json changes nothing, and forged outcomes are judged as they are."""
    (world.out / "verdict.json").write_text("{}")

    assert world.run(*MAKE, "--out=again").code == 0

    plan = json.loads((world.out / "plan.json").read_text())
    plan["nonce"] = "mine"
    (world.out / "plan.json").write_text(json.dumps(plan))
    refused = world.run(*MAKE, "--out=third")
    assert refused.code == 4
    assert not (world.folder / "third").exists() or not list((world.folder / "third").iterdir())


def test_make__of_a_claim_that_has_changed_since_is_refused(world: World, receipt: Path) -> None:
    GitRepo(world.model).score("80.0", path=".eval_results/sums.yaml")

    ran = world.run(*MAKE, "--out=again")

    assert ran.code == 4
    assert "the rerun was about something else" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--key=none",), "cannot read none"),
        (("--key=key.pub",), "holds no Ed25519 private key"),
        (("--key-command=false",), "ended with 1"),
        (("--report=model",), "holds no plan.json"),
    ],
)
def test_make__says_what_is_missing(world: World, repo: GitRepo, arguments: tuple[str, ...], said: str) -> None:
    command = [argument for argument in MAKE if not (arguments[0].startswith("--key") and argument == "--key=key")]
    ran = world.run(*command, *arguments)

    assert ran.code in (2, 3)
    assert said in ran.err


def test_make__takes_the_key_from_the_environment_or_a_command(world: World, receipt: Path) -> None:
    pem = (world.folder / "key").read_text()
    command = MAKE[:-1]

    assert world.run(*command, "--out=a", EVALMARK_SIGNING_KEY=pem).code == 0
    assert world.run(*command, "--out=b", "--key-command=cat key").code == 0
    none = world.run(*command, "--out=c")
    assert (none.code, "there is no private key" in none.err) == (2, True)
    assert pem.splitlines()[1] not in none.out + none.err


def test_keygen__writes_for_its_owner_alone_and_never_over_another(world: World, repo: GitRepo) -> None:
    before = (world.folder / "key").read_bytes()

    again = world.run("receipt", "keygen", "--out=key")

    assert again.code == 2
    assert (world.folder / "key").read_bytes() == before
    assert (world.folder / "key").stat().st_mode & 0o777 == 0o600
    assert (world.folder / "key.pub").read_text().startswith("ed25519:")


def test_verify__holds_against_the_claim_as_it_stands(world: World, receipt: Path) -> None:
    repo = GitRepo(world.model)
    claim = "--claim=model/.eval_results/sums.yaml"

    assert check(world, receipt, claim).code == 0
    assert check(world, receipt, f"{claim}#0").code == 0
    repo.commit({"README.md": "# Adder\n", f".evalmark/receipts/{receipt.name}": receipt.read_bytes()})
    assert check(world, receipt, claim).code == 0

    repo.commit({"model.safetensors": b"other weights"})
    moved = check(world, receipt, claim)
    assert (moved.code, "stale" in moved.out, "weights have changed" in moved.out) == (1, True, True)

    repo.score("80.0", path=".eval_results/sums.yaml")
    changed = check(world, receipt, claim)
    assert "the score was 75 and is 80" in changed.out

    repo.commit({".eval_results/sums.yaml": entry_text("75.0", task="other")})
    gone = check(world, receipt, claim)
    assert (gone.code, "has no entry on acme/sums · sums any more" in gone.out) == (1, True)


def test_verify__an_unknown_key_and_a_changed_receipt(world: World, receipt: Path) -> None:
    world.run("receipt", "keygen", "--out=other")
    stranger = world.run("receipt", "verify", str(receipt), "--keys=other.pub")
    text = receipt.read_text()
    at = text.index("payload") + 200
    receipt.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    changed = check(world, receipt)

    assert (stranger.code, "which is not trusted here" in stranger.out) == (1, True)
    assert (changed.code, "its signature does not fit" in changed.out) == (1, True)


def test_verify__revoked(world: World, receipt: Path) -> None:
    public = (world.folder / "key.pub").read_text().strip()
    (world.folder / "keys.toml").write_text(f'[[keys]]\nkey = "{public}"\nname = "prover"\nrevoked = "2026-01-01"\n')

    ran = world.run("receipt", "verify", str(receipt), "--keys=keys.toml")

    assert (ran.code, "untrusted, signed by prover" in ran.out) == (1, True)
    assert "the key prover was revoked on 2026-01-01" in ran.out


def test_verify__the_log_that_it_names(world: World, receipt: Path) -> None:
    logs = list(world.out.rglob("*.eval"))
    (world.folder / "other.eval").write_text("x")

    assert check(world, receipt, f"--log={logs[0]}").code == 0
    other = check(world, receipt, "--log=other.eval")
    assert (other.code, "the log is not one that the receipt names" in other.out) == (1, True)


def test_verify__a_mismatch_is_signed_as_such_and_never_passes(
    world: World, repo: GitRepo, provide: Callable[[Answer], Provider]
) -> None:
    world.verify(provide(adder(frozenset(range(8)))))
    made = world.run(*MAKE)
    ran = check(world, world.folder / made.out.split()[0])

    assert "verdict       mismatch" in ran.out or "mismatch" in ran.out
    assert ran.code == 1


def test_show__says_that_nothing_was_checked(world: World, receipt: Path) -> None:
    ran = world.run("receipt", "show", str(receipt))

    assert ran.code == 0
    assert ran.out.startswith("its signature was not checked")
    assert "NOT PROVED" in ran.out
    assert world.run("receipt", "show", "key.pub").code == 2


def test_verify__a_receipt_as_large_as_one_may_be_is_read_whole(world: World, receipt: Path) -> None:
    statement = statement_of(read_statement(payload_of(receipt.read_bytes())))
    statement["predicate"]["run"]["platform"] = "x" * 60_000
    (world.folder / "large.json").write_text(
        SigningKey.load((world.folder / "key").read_bytes(), "key").sign(statement)
    )

    assert check(world, world.folder / "large.json").out.startswith("valid")


def test_require__is_met_only_by_what_is_asked_for(world: World, receipt: Path) -> None:
    repo = GitRepo(world.model)
    folder = world.model / ".evalmark/receipts"
    folder.mkdir(parents=True)
    (folder / receipt.name).write_bytes(receipt.read_bytes())
    require = ("receipt", "require", "model", "--repo=acme/adder", "--keys=key.pub")

    served = world.run(*require)
    assert (served.code, "served under a name" in served.out) == (1, True)
    assert world.run(*require, "--accept-served", "--by=key", "--max-age=180d", "--min-rung=full").code == 0
    assert "not by somebody" in world.run(*require, "--accept-served", "--by=somebody").out
    assert "is no number of days" in world.run(*require, "--max-age=long").err

    assert world.run("receipt", "keygen", "--out=other").code == 0
    stranger = world.run(*require[:-1], "--keys=other.pub").out
    assert "LACKS 75.0 on acme/sums · sums\n" in stranger
    assert "1 could not be believed: it is signed by the key" in stranger

    repo.score("80.0", path=".eval_results/sums.yaml")
    stale = world.run(*require, "--accept-served", "--format=json")
    assert stale.code == 1
    assert json.loads(stale.out)[0]["reasons"] == ["the receipt is stale: the score was 75 and is 80"]

    repo.score("1e-300", path=".eval_results/sums.yaml")
    assert "the score is '1e-300' now, of which no receipt can speak" in world.run(*require, "--accept-served").out
    claim = check(world, receipt, "--claim=model/.eval_results/sums.yaml")
    assert (claim.code, claim.out.startswith("stale")) == (1, True)

    (folder / receipt.name).unlink()
    assert "there is no receipt for it" in world.run(*require).out
