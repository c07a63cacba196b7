"""Receipts as `evalmark sync` finds, checks and keeps them, with real keys."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evalmark.adapters.duck import DuckRecords, StoreWriter, writing
from evalmark.adapters.git import checkout
from evalmark.adapters.signing import SigningKey
from evalmark.localhub import LocalHub, RepoId
from evalmark.receipt import Known, VerifiedBy, receipt_of, statement_of
from evalmark.record import ClaimRecord, DisputeRecord, EventRecord, ReceiptRecord, TaskRecord
from evalmark.verdict import Answer, Rung
from tests import builders
from tests.acceptance.conftest import Ran, World
from tests.acceptance.score_world import GitRepo, as_json

MODEL = "acme/adder"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACE = ".evalmark/receipts"
PROVED = {
    **builders.NUMBERS, "measured": 52.4, "difference": 0.4, "interval": (50.0, 54.0),
    "difference_interval": (-2.0, 2.0), "true_score_interval": None,
}  # fmt: skip
WRONG = {**PROVED, "measured": 12.0, "difference": -40.0, "interval": (10.0, 14.0), "difference_interval": (-42, -38)}


@dataclass
class Shop:
    """A model repo with a score of 52.0, a benchmark, and a verifier with a key."""

    world: World
    repo: GitRepo
    key: SigningKey = field(default_factory=SigningKey.generate)
    revision: str = ""

    def receipt(self, key: SigningKey | None = None, value: str = "52.0", **about: Any) -> str:
        """A signed receipt for the score as it is now."""
        numbers = about.pop("numbers", PROVED)
        answer = about.pop("answer", Answer.VERIFIED)
        by = VerifiedBy(name=about.pop("by", "prover"), where="", at=about.pop("at", AT), evalmark="1.0")
        head = self.repo.git("rev-parse", "HEAD")
        commits = checkout(self.world.model)
        weights = commits.weights(head) if commits is not None else None
        claim = builders.claim(value, model=MODEL, model_revision=head, **about)
        run = builders.run_record(dataset_revision=self.revision)
        verdict = builders.verdict(answer, numbers, claim=claim, run=run, rung=Rung.FULL)
        return (key or self.key).sign(statement_of(receipt_of(verdict, Known(weights, None, by))))

    def keys(self, *more: str, key: SigningKey | None = None) -> str:
        """A file that trusts the verifier's key."""
        lines = "\n".join(more)
        text = f'[[keys]]\nkey = "{(key or self.key).public}"\nname = "the lab"\n{lines}\n'
        (self.world.folder / "keys.toml").write_text(text)
        return "--keys=keys.toml"

    def sync(self, *arguments: str) -> Ran:
        """Collect the folder."""
        return self.world.run(
            "sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards", *arguments
        )

    def records(self) -> DuckRecords:
        return DuckRecords(self.world.folder / "evalmark.duckdb")

    def claim(self) -> ClaimRecord:
        """The claim on main."""
        return self.records().find(ClaimRecord, (), ("pull_request",))[-1]

    def receipts(self) -> tuple[ReceiptRecord, ...]:
        return self.records().find(ReceiptRecord, (), ("state", "path"))

    def only(self) -> ReceiptRecord:
        """The one receipt in the store."""
        (found,) = self.receipts()
        return found


@pytest.fixture
def shop(world: World) -> Shop:
    made = Shop(world, GitRepo.made(world.model))
    made.repo.commit({"model.safetensors": b"weights"})
    made.repo.score("52.0")
    assert made.sync().code == 0
    revision = made.records().find(TaskRecord)[0].revision
    assert revision is not None
    made.revision = revision
    return made


def test_in_the_repo__a_valid_receipt_verifies_the_claim(shop: Shop) -> None:
    shop.repo.commit({f"{PLACE}/any-name.json": shop.receipt()})

    ran = shop.sync(shop.keys())

    assert (ran.code, ran.err) == (0, "")
    assert "1 receipt in the store: 1 valid" in ran.out
    claim, receipt = shop.claim(), shop.only()
    assert (claim.receipt, claim.verdict, claim.rung, claim.measured, claim.low) == (
        "valid",
        "verified",
        "full",
        52.4,
        50,
    )
    assert (claim.verified_by, claim.verified_at, claim.signed_by) == ("prover", AT, "the lab")
    assert (claim.samples_used, claim.identity_proved, claim.stale) == (100, True, None)
    assert (receipt.claim, receipt.state, receipt.reasons, receipt.verdict) == (claim.id, "valid", [], "verified")
    assert (receipt.key, receipt.key_name, receipt.by, receipt.at) == (shop.key.id, "the lab", "prover", AT)
    assert (receipt.source, receipt.path, receipt.benchmark_revision) == (
        "repo",
        f"{PLACE}/any-name.json",
        shop.revision,
    )
    told = shop.records().find(EventRecord, (), ("at",))[-1]
    assert (told.kind, told.by, told.at, told.new) == ("verified", "prover", AT, "52.4")
    assert told.detail == "receipt signed by the lab"


def test_a_mismatch_contradicts_the_claim(shop: Shop) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt(answer=Answer.MISMATCH, numbers=WRONG)})

    shop.sync(shop.keys())

    claim = shop.claim()
    assert (claim.receipt, claim.verdict, claim.rank, claim.strength) == ("valid", "mismatch", None, -1)
    assert shop.records().find(EventRecord, (), ("at",))[-1].kind == "contradicted"
    assert [each.kind for each in shop.records().find(DisputeRecord)] == ["contradicted"]
    assert "contradicted ⚿ signed" in shop.world.run("leaderboard", "acme/sums").out


def _amend(shop: Shop) -> None:
    shop.repo.score("53.0")


def _train(shop: Shop) -> None:
    shop.repo.commit({"model.safetensors": b"other weights"})


def _reword(shop: Shop) -> None:
    with (shop.world.benchmark / "eval.yaml").open("a") as file:
        file.write("# another question\n")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_amend, "the score was 52 and is 53"),
        (_train, "the model's weights have changed"),
        (_reword, "the benchmark's revision was"),
    ],
    ids=["value", "weights", "benchmark"],
)
def test_stale(shop: Shop, change: Any, says: str) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})
    shop.sync(shop.keys())
    change(shop)

    shop.sync(shop.keys())

    claim, receipt = shop.claim(), shop.only()
    assert (claim.receipt, claim.verdict, claim.signed_by) == ("stale", "verified", None)
    assert receipt.state == "stale"
    assert receipt.reasons[0].startswith(says)
    assert (claim.stale or "").startswith(says)
    (dispute,) = shop.records().find(DisputeRecord)
    assert dispute.kind == "stale-verdict"
    assert f"the receipt {PLACE}/a.json of 2026-03-01, signed by the lab, is stale: {says}" in dispute.message


@pytest.mark.parametrize(
    ("keys", "state", "says"),
    [
        ('revoked = "2026-04-01"', "untrusted", "the key the lab was revoked on 2026-04-01"),
        ('until = "2026-02-01"', "untrusted", "the key the lab was trusted until 2026-02-01"),
        ('since = "2026-03-01"', "valid", ""),
        (None, "untrusted", "which is not trusted here"),
    ],
)
def test_keys__what_they_say_of_time_counts(shop: Shop, keys: str | None, state: str, says: str) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})

    shop.sync(*([shop.keys(keys)] if keys is not None else []))

    claim, receipt = shop.claim(), shop.only()
    assert (claim.receipt, receipt.state) == (state, state)
    assert says in "".join(receipt.reasons)
    assert (claim.verdict == "verified") is (state == "valid")
    assert receipt.claim == claim.id


def test_keys__a_key_that_is_revoked_later_takes_its_verdicts_back(shop: Shop) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})
    shop.sync(shop.keys())
    assert shop.claim().verdict == "verified"

    ran = shop.sync(shop.keys('revoked = "2026-04-01"'))

    assert "1 collected, 0 unchanged" in ran.out
    assert (shop.claim().verdict, shop.claim().receipt, shop.claim().rung) == (None, "untrusted", "benchmark")
    assert [each.kind for each in shop.records().find(EventRecord)] == ["submitted"]
    assert "0 collected, 1 unchanged" in shop.sync(shop.keys('revoked = "2026-04-01"')).out
    shop.sync(shop.keys())
    assert shop.claim().verdict == "verified"


def test_keys__those_of_the_benchmark_count_for_it_alone(shop: Shop) -> None:
    declared = shop.world.benchmark / ".evalmark.toml"
    declared.write_text(f'trusted_keys = ["{shop.key.public}"]\n{declared.read_text()}')
    other = shop.world.folder / "other"
    shutil.copytree(shop.world.benchmark, other)
    (other / ".evalmark.toml").write_text('unit = "percent"\n')
    shop.repo.score("60.0", path=".eval_results/other.yaml")
    file = shop.world.model / ".eval_results/other.yaml"
    shop.repo.commit({".eval_results/other.yaml": file.read_text().replace("acme/sums", "acme/other")})
    two = ("--benchmark=acme/other=other",)
    shop.sync(*two)
    revisions = {each.dataset_id: each.revision or "" for each in shop.records().find(TaskRecord)}
    shop.revision = revisions["acme/sums"]
    mine = shop.receipt()
    shop.revision = revisions["acme/other"]
    theirs = shop.receipt(value="60.0", dataset_id="acme/other")
    shop.repo.commit({f"{PLACE}/mine.json": mine, f"{PLACE}/theirs.json": theirs})

    shop.sync(*two)

    claims = {each.dataset_id: each for each in shop.records().find(ClaimRecord)}
    assert (claims["acme/sums"].receipt, claims["acme/sums"].signed_by) == ("valid", f"key {shop.key.id}")
    assert (claims["acme/other"].receipt, claims["acme/other"].verdict) == ("untrusted", None)


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (lambda text: text.replace('"sig":"', '"sig":"AAAA', 1), ""),
        (lambda text: "{}", "it is no DSSE envelope"),
        (lambda text: "not json", "it is no JSON"),
    ],
    ids=["signature", "empty", "text"],
)
def test_forged__gives_nothing_and_hides_nothing(shop: Shop, forge: Any, says: str) -> None:
    shop.repo.commit({f"{PLACE}/a.json": forge(shop.receipt())})

    ran = shop.sync(shop.keys())

    assert ran.code == 0
    receipt, claim = shop.only(), shop.claim()
    assert receipt.state == "invalid"
    assert receipt.reasons
    assert says in receipt.reasons[0]
    assert (receipt.verdict, receipt.by, claim.verdict) == (None, None, None)


def test_forged__another_score_under_a_real_signature(shop: Shop) -> None:
    other = SigningKey.generate()
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt(other).replace(other.id, shop.key.id)})

    shop.sync(shop.keys())

    assert (shop.only().state, shop.claim().receipt, shop.claim().verdict) == ("invalid", "invalid", None)
    assert "its signature does not fit" in shop.only().reasons[0]


def test_open_pull_request__brings_proof_and_no_doubt(shop: Shop) -> None:
    forged = shop.receipt(SigningKey.generate())
    shop.repo.propose("refs/pr/3", {f"{PLACE}/bad.json": forged}, by="mallory")
    shop.sync(shop.keys())
    assert (shop.only().state, shop.only().pull_request, shop.claim().receipt) == ("untrusted", 3, None)

    shop.repo.propose("refs/pr/4", {f"{PLACE}/good.json": shop.receipt()})
    shop.sync(shop.keys())

    found = {each.pull_request: each.state for each in shop.receipts()}
    assert found == {3: "untrusted", 4: "valid"}
    assert (shop.claim().receipt, shop.claim().verdict, shop.claim().signed_by) == ("valid", "verified", "the lab")

    for number in (3, 4):
        shop.repo.git("update-ref", "-d", f"refs/pr/{number}")
    shop.sync(shop.keys())
    assert (shop.only().state, shop.only().pull_request, shop.claim().verdict) == ("valid", None, "verified")


def test_folder__is_found_by_digest_and_remembered(shop: Shop) -> None:
    folder = shop.world.folder / "receipts" / "deep"
    folder.mkdir(parents=True)
    (folder / "one.json").write_text(shop.receipt())
    (folder / "of-another-score.json").write_text(shop.receipt(value="99.0"))
    (folder / "package.json").write_text('{"name": "no receipt"}')

    ran = shop.sync(shop.keys(), "--receipts=receipts")

    assert "receipts: 1 JSON file in it held no receipt" in ran.err
    assert "1 collected, 0 unchanged" in ran.out
    by_path = {each.path: each for each in shop.receipts()}
    assert by_path["deep/one.json"].state == "valid"
    assert (by_path["deep/one.json"].source, by_path["deep/one.json"].holder) == ("folder", "receipts")
    assert by_path["deep/of-another-score.json"].claim is None
    assert by_path["deep/of-another-score.json"].reasons == ["no claim of the model says this"]
    assert shop.claim().receipt == "valid"
    shop.repo.commit({"README.md": "# Adder\n"})
    assert "1 collected, 0 unchanged" in shop.sync(shop.keys()).out
    assert shop.claim().receipt == "valid"


def test_folder_without_git__has_receipts_too(shop: Shop) -> None:
    signed = shop.receipt()
    plain = shop.world.folder / "plain"
    shutil.copytree(shop.world.model / ".eval_results", plain / ".eval_results")
    shop.world.run("sync", f"plain={MODEL}", "--benchmark=acme/sums=benchmark", "--store=plain.duckdb")
    (plain / PLACE).mkdir(parents=True)
    (plain / PLACE / "a.json").write_text(signed)

    ran = shop.world.run(
        "sync", f"plain={MODEL}", "--benchmark=acme/sums=benchmark", "--store=plain.duckdb", shop.keys()
    )

    assert "1 receipt in the store: 1 valid" in ran.out


def test_without_the_extra__receipts_are_kept_and_said_to_be_unchecked(shop: Shop) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})
    package = shop.world.folder / "stand-in" / "securesystemslib"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "raise ModuleNotFoundError('no module named securesystemslib', name='securesystemslib')\n"
    )

    ran = shop.world.run(
        "sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards", shop.keys(),
        PYTHONPATH=str(package.parent),
    )  # fmt: skip

    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if "receipts are not checked" in line] == [ran.err.strip()]
    assert "pip install 'evalmark[sign]'" in ran.err
    assert (shop.only().state, shop.claim().receipt, shop.claim().verdict) == ("unchecked", "unchecked", None)
    shop.sync(shop.keys())
    assert (shop.only().state, shop.claim().verdict) == ("valid", "verified")


def test_many_folders__in_processes_of_their_own(shop: Shop) -> None:
    names = [f"acme/m{number}" for number in range(66)]
    by = VerifiedBy(name="prover", where="", at=AT, evalmark="1.0")
    for name in names:
        folder = shop.world.folder / name
        (folder / ".eval_results").mkdir(parents=True)
        (folder / ".eval_results" / "sums.yaml").write_text(builders.entry_text("52.0"))
        (folder / PLACE).mkdir(parents=True)
        run = builders.run_record(dataset_revision=shop.revision)
        verdict = builders.verdict(Answer.VERIFIED, PROVED, claim=builders.claim("52.0", model=name), run=run)
        signed = shop.key.sign(
            statement_of(receipt_of(verdict.model_copy(update={"rung": Rung.SAMPLED}), Known(None, None, by)))
        )
        (folder / PLACE / "a.json").write_text(signed)

    ran = shop.world.run(
        "sync", *(f"{name}={name}" for name in names), "--benchmark=acme/sums=benchmark", "--no-leaderboards",
        shop.keys(),
    )  # fmt: skip

    assert (ran.code, ran.err) == (0, "")
    assert "66 receipts in the store: 66 valid" in ran.out
    assert "0 collected, 66 unchanged" in shop.world.run(
        "sync", *(f"{name}={name}" for name in names), "--benchmark=acme/sums=benchmark", "--no-leaderboards",
        shop.keys(),
    ).out  # fmt: skip


def test_the_newest_counts__verdict_or_receipt(shop: Shop) -> None:
    shop.repo.commit({
        f"{PLACE}/old.json": shop.receipt(),
        f"{PLACE}/new.json": shop.receipt(answer=Answer.MISMATCH, numbers=WRONG, at=AT + timedelta(days=2)),
    })  # fmt: skip

    shop.sync(shop.keys())

    assert (shop.claim().verdict, shop.claim().receipt) == ("mismatch", "valid")
    kinds = [each.kind for each in shop.records().find(EventRecord, (), ("at",))]
    assert kinds == ["submitted", "verified", "contradicted"]


def test_shown__board_filter_and_card(shop: Shop) -> None:
    shop.repo.score("70.0", path=".eval_results/more.yaml")
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})
    shop.sync(shop.keys())
    run = shop.world.run

    assert "✓ verified ⚿ signed" in run("leaderboard", "acme/sums").out
    assert "verified ⚿ signed" in run("leaderboard", "acme/sums", "--format=markdown").out
    told = as_json(run("leaderboard", "acme/sums", "--signed", "--format=json"))
    assert [row["digits"] for row in told["rows"]] == ["52.0"]
    card = run("card", "model", f"--repo={MODEL}", "--dry-run").out
    assert "signed by the lab on 2026-03-01" in card


@pytest.fixture
def hub(shop: Shop) -> Iterator[LocalHub]:
    """A Hub with the model, the benchmark, and a receipts repo."""
    store = shop.world.folder / "proofs"
    (store / "receipts" / "ab").mkdir(parents=True)
    (store / "elsewhere").mkdir()
    sources = {RepoId("models", MODEL): shop.world.model, RepoId("datasets", "acme/sums"): shop.world.benchmark}
    with LocalHub(sources) as first:
        assert shop.world.run("sync", MODEL, HF_ENDPOINT=first.url).code == 0
    shop.revision = shop.records().find(TaskRecord)[0].revision or ""
    (store / "receipts" / "ab" / "one.json").write_text(shop.receipt())
    (store / "elsewhere" / "two.json").write_text(shop.receipt(by="somebody else"))
    with LocalHub({**sources, RepoId("datasets", "lab/proofs"): store}) as running:
        yield running


def test_receipts_repo_on_the_hub(shop: Shop, hub: LocalHub) -> None:
    declared = shop.world.folder / "keys.toml"
    shop.keys()

    ran = shop.world.run("sync", MODEL, "--receipts=lab/proofs", f"--keys={declared}", HF_ENDPOINT=hub.url)

    assert (ran.code, ran.err) == (0, "")
    (receipt,) = [each for each in shop.receipts() if each.origin == "hub"]
    assert (receipt.source, receipt.holder, receipt.path) == ("dataset", "lab/proofs", "receipts/ab/one.json")
    assert (receipt.state, len(receipt.commit or "")) == ("valid", 40)
    claim = shop.records().find(ClaimRecord, ())
    assert {(each.origin, each.verdict, each.receipt) for each in claim} >= {("hub", "verified", "valid")}


@pytest.mark.parametrize(
    ("option", "code", "says"),
    [
        ("--receipts=nobody/nothing", 3, "the receipts in nobody/nothing cannot be had"),
        ("--receipts=no such thing", 2, "is neither a folder nor a dataset"),
        ("--keys=./none.toml", 2, "cannot be read"),
        ("--keys=nobody/nothing", 2, "nobody/nothing"),
    ],
)
def test_options__what_cannot_be_had_is_said(shop: Shop, hub: LocalHub, option: str, code: int, says: str) -> None:
    ran = shop.world.run("sync", MODEL, option, HF_ENDPOINT=hub.url)

    assert ran.code == code
    assert says in ran.err


def test_export_and_import_keep_receipts(shop: Shop) -> None:
    shop.repo.commit({f"{PLACE}/a.json": shop.receipt()})
    shop.sync(shop.keys())
    before = shop.receipts()

    assert shop.world.run("store", "export", "exported").code == 0
    with writing(shop.world.folder / "evalmark.duckdb") as writer:
        assert isinstance(writer, StoreWriter)
        writer.replace(ReceiptRecord, (), ())
        writer.finish()
    assert shop.world.run("store", "import", "exported").code == 0

    assert shop.receipts() == before
