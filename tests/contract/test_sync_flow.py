"""Bringing a store up to date, on real git and a real store: what is collected, kept, ranked and left alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from evalmark.adapters.duck import StoreWriter, writing
from evalmark.adapters.signing import SigningKey, open_envelope
from evalmark.errors import CouldNotFinish, Interrupted
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, RefusedFile, ShownScore
from evalmark.flows.attach import Given
from evalmark.flows.found_receipts import Trust, Where, receipt_file
from evalmark.flows.histories import guessed_states
from evalmark.flows.proofs import Brought
from evalmark.flows.sync import Summary, Sync, sync
from evalmark.history import RepoName
from evalmark.keyring import TrustedKey
from evalmark.ports import Place
from evalmark.receipt import Known, VerifiedBy, receipt_of, statement_of
from evalmark.record import (
    CardScoreRecord,
    ClaimRecord,
    DisputeRecord,
    EventRecord,
    FindingRecord,
    HubRowRecord,
    ModelRecord,
    ReceiptRecord,
    Record,
    TaskRecord,
    VerdictRecord,
)
from evalmark.review import Ending, PullState
from evalmark.verdict import Answer, Rung
from tests import builders
from tests.acceptance.score_world import RESULTS, GitRepo
from tests.builders import entry_text
from tests.places import HostedRepo, LooseFiles

pytestmark = pytest.mark.slow  # half a minute of git and DuckDB together

MODEL = "acme/model"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEY = SigningKey.generate()
TRUST = Trust(open_envelope, (TrustedKey(KEY.public, "the lab"),))
AWAY = BenchmarkMissing("the Hub does not answer", "", surely=False)
GONE = BenchmarkMissing("there is none", "", surely=True)
CARD = """---
base_model: acme/base
model-index:
- name: model
  results:
  - dataset: {type: acme/sums}
    metrics: [{type: accuracy, value: 51.0}]
---
"""
R = TypeVar("R", bound=Record)


@dataclass
class Store:
    """A store, and the benchmarks that its syncs look up."""

    writer: StoreWriter
    benchmarks: dict[str, BenchmarkFound | BenchmarkMissing] = field(
        default_factory=lambda: {"acme/sums": builders.found(declaration='unit = "percent"\n')}
    )
    seen: list[int] = field(default_factory=list)

    def sync(self, *places: Place, given: Brought | None = None, now: datetime = NOW, **how: Any) -> Summary:
        asked = Sync(self._look_up, given or Brought(trust=TRUST), now, **how)
        return sync(places, self.writer, asked, lambda summary: self.seen.append(summary.looked_at))

    def all(self, kind: type[R], *order: str) -> tuple[R, ...]:
        return self.writer.find(kind, (), order)

    def claim(self) -> ClaimRecord:
        (found,) = self.all(ClaimRecord)
        return found

    def events(self) -> list[tuple[str, str | None, str | None]]:
        return [(each.kind, each.old, each.new) for each in self.all(EventRecord, "at")]

    def _look_up(self, ref: BenchmarkRef) -> BenchmarkFound | BenchmarkMissing:
        return self.benchmarks.get(ref.dataset_id, GONE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writing(tmp_path / "store.duckdb") as writer:
        yield Store(writer)


def hosted(folder: Path, model: str = MODEL, **more: Any) -> HostedRepo:
    repo = GitRepo.made(folder)
    repo.commit({"model.safetensors": b"weights", "README.md": CARD})
    return HostedRepo(repo, RepoName("hub", model, model), **more)


@pytest.fixture
def place(tmp_path: Path) -> HostedRepo:
    """A model on a host that claims 57.0."""
    made = hosted(tmp_path / "model")
    made.repo.score("57.0")
    return made


def shown(value: float, *, verified: bool = False) -> ShownScore:
    return ShownScore(dataset_id="acme/sums", task_id="sums", value=value, path=RESULTS, verified=verified)


def judged(answer: Answer = Answer.MISMATCH, at: datetime = NOW, **claim: Any) -> Given:
    body = builders.verdict(answer, claim=builders.claim(**claim))
    return Given(body, at, "prover", body.model_dump_json())


def signed(place: HostedRepo, digits: str = "57.0", answer: Answer = Answer.MISMATCH, key: SigningKey = KEY) -> bytes:
    head = place.repo.git("rev-parse", "HEAD")
    claim = builders.claim(digits, model_revision=head)
    body = builders.verdict(answer, claim=claim, rung=Rung.FULL)
    weights = place.commits().weights(head)
    by = VerifiedBy(name="prover", where="", at=NOW - timedelta(days=1), evalmark="1")
    return key.sign(statement_of(receipt_of(body, Known(weights, None, by)))).encode()


def kept(*bodies: bytes) -> dict[str, bytes]:
    return {f".evalmark/receipts/{number}.json": body for number, body in enumerate(bodies)}


# ── what is collected ───────────────────────────────────────────────────────────────────────


def test_sync__a_claim_with_what_is_known_of_it(store: Store, place: HostedRepo) -> None:
    row = shown(57.0, verified=True)
    place.rows = (row,)
    summary = store.sync(place)

    claim, (model,), (task,) = store.claim(), store.all(ModelRecord), store.all(TaskRecord)
    assert (summary.collected, summary.claims, summary.events, store.seen) == ([MODEL], 1, 1, [1])
    assert (claim.digits, claim.state, claim.rung, claim.unit, claim.rank) == (
        "57.0",
        "main",
        "benchmark",
        "percent",
        1,
    )
    assert (claim.author, claim.revision, claim.line) == ("ada", place.repo.git("rev-parse", "HEAD"), 4)
    assert (claim.hub_verified, claim.hub_shown) == (True, True)
    assert (model.base_model, model.parameters, model.claims) == ("acme/base", 135_000_000, 1)
    assert (task.name, task.unit, task.claims, task.known) == ("Sums", "percent", 1, True)
    assert [each.value for each in store.all(CardScoreRecord)] == [51.0]
    assert [each.file for each in store.all(HubRowRecord)] == [RESULTS]


def test_sync__a_file_that_the_host_refuses_is_no_row(store: Store, place: HostedRepo) -> None:
    place.rows = (RefusedFile(RESULTS, "it is no YAML"), shown(57.0))
    store.sync(place)

    assert len(store.all(HubRowRecord)) == 1


def test_sync__a_host_that_shows_another_score(store: Store, place: HostedRepo) -> None:
    place.rows = (shown(60.0),)
    store.sync(place)

    assert (store.claim().hub_shown, store.claim().hub_verified) == (False, False)


def test_sync__pull_requests_open_merged_and_closed(store: Store, place: HostedRepo) -> None:
    repo, base = place.repo, place.repo.git("rev-parse", "HEAD")
    merged = repo.propose("refs/pr/1", {RESULTS: entry_text("58.0")}, onto=base)
    repo.propose("refs/pr/2", {RESULTS: entry_text("99.0"), ".eval_results/bad.yaml": "- value: x\n"}, onto=base)
    repo.propose("refs/pr/3", {RESULTS: entry_text("98.0")}, onto=base)
    repo.propose("refs/pr/4", {"README.md": "no score"}, onto=base)
    repo.propose("refs/pr/9", {RESULTS: entry_text("97.0")}, onto=base)  # the host does not know it
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", merged, by="owner")
    place.states = (PullState(1, "merged"), PullState(2, "open"), PullState(3, "closed"), PullState(4, "open"))
    place.endings = {1: Ending(NOW, "owner"), 3: Ending(NOW, "owner")}

    store.sync(place)

    proposed, main = store.all(ClaimRecord, "pull_request")
    assert (proposed.digits, proposed.state, proposed.pull_request) == ("99.0", "open", 2)
    assert proposed.revision == repo.git("rev-parse", "refs/pr/2")
    assert (main.digits, main.state, main.pull_request) == ("58.0", "main", None)
    kinds = {(each.kind, each.pull_request) for each in store.all(EventRecord)}
    assert {("merged", 1), ("closed", 3)} <= kinds
    assert {each.pull_request for each in store.all(FindingRecord)} == {2}
    assert [each.kind for each in store.all(DisputeRecord)] == ["different-values"]


def test_sync__files_without_git(store: Store) -> None:
    place = LooseFiles(RepoName("folder", "scores", MODEL, "HEAD"), {RESULTS: entry_text("57.0").encode()})
    store.sync(place)
    place.results = {RESULTS: entry_text("58.0").encode()}
    later = judged(digits="58.0", at=NOW + timedelta(hours=30))
    store.sync(place, given=Brought((later,)), now=NOW + timedelta(days=1))
    place.results = {}
    store.sync(place, now=NOW + timedelta(days=2))

    assert store.events() == [
        ("submitted", None, "57.0"),
        ("amended", "57.0", "58.0"),
        ("withdrawn", "58.0", None),
    ]
    assert store.all(ClaimRecord) == ()


def test_sync__what_was_pushed_away_stays_known(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    place.repo.git("reset", "-q", "--hard", "HEAD^")
    place.repo.score("50.0")
    store.sync(place)

    assert [(each.new, each.gone) for each in store.all(EventRecord, "new")] == [("50.0", False), ("57.0", True)]


def test_sync__a_repo_without_the_branch_is_trouble(store: Store, place: HostedRepo) -> None:
    place.name = replace(place.name, main="refs/heads/trunk")
    summary = store.sync(place)

    assert summary.trouble[MODEL].message == f"{MODEL} has no branch trunk"
    assert store.all(ClaimRecord) == ()


def test_guessed_states__merged_is_what_main_has_behind_it(place: HostedRepo) -> None:
    merged = place.repo.propose("refs/pull/1/head", {RESULTS: entry_text("58.0")})
    place.repo.git("merge", "-q", "--no-ff", "-m", "Merge", merged)
    waiting = place.repo.propose("refs/pull/2/head", {RESULTS: entry_text("59.0")})
    refs = {"refs/pull/1": merged, "refs/pull/2": waiting, "refs/heads/main": merged}

    found = guessed_states(place.commits(), refs, place.repo.git("rev-parse", "main"))
    assert found == (PullState(1, "merged"), PullState(2, "open"))


# ── again ───────────────────────────────────────────────────────────────────────────────────


def test_again__nothing_has_happened(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    summary = store.sync(place)

    assert (summary.unchanged, summary.collected, place.collected) == (1, [], 1)


def test_again__everything_if_that_is_wanted(store: Store, place: HostedRepo) -> None:
    store.sync(place)

    assert store.sync(place, everything=True).collected == [MODEL]


def test_again__a_newer_verdict(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    store.sync(place, given=Brought((judged(at=NOW + timedelta(hours=1)),)), now=NOW + timedelta(hours=2))

    claim, (verdict,) = store.claim(), store.all(VerdictRecord)
    assert (claim.verdict, claim.rank, claim.measured, verdict.claim) == ("mismatch", None, 47.0, claim.id)
    assert [each.kind for each in store.all(DisputeRecord)] == ["contradicted"]


def test_again__a_verdict_without_a_rerun(store: Store, place: HostedRepo) -> None:
    body = builders.verdict(Answer.NOT_RERUNNABLE, None)
    store.sync(place, given=Brought((Given(body, NOW, "prover", body.model_dump_json()),)))

    assert (store.claim().verdict, store.claim().rank) == ("not-rerunnable", 1)
    assert store.events() == [("submitted", None, "57.0")]


def test_again__a_benchmark_that_has_moved(store: Store, place: HostedRepo) -> None:
    given = Brought((judged(Answer.VERIFIED),))
    store.sync(place, given=given)
    store.benchmarks["acme/sums"] = builders.found(revision="c" * 40)
    store.sync(place, given=given)

    assert (store.claim().stale or "").startswith("the benchmark has changed")
    assert [each.kind for each in store.all(DisputeRecord)] == ["stale-verdict"]


def test_again__a_benchmark_out_of_reach_leaves_what_was_known(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    store.benchmarks["acme/sums"] = AWAY
    place.repo.score("58.0")
    store.sync(place)

    (task,) = store.all(TaskRecord)
    assert (task.name, task.unit, store.claim().digits) == ("Sums", "percent", "58.0")


def test_again__a_benchmark_that_is_gone(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    store.benchmarks["acme/sums"] = GONE
    place.repo.score("58.0")
    store.sync(place)

    (task,) = store.all(TaskRecord)
    assert (task.name, task.known, store.claim().rung) == (None, False, "syntax")


def test_again__a_board_in_another_unit_has_all_its_scores_in_it(
    store: Store, place: HostedRepo, tmp_path: Path
) -> None:
    other = hosted(tmp_path / "other", "acme/other")
    other.repo.score("40.0")
    store.sync(place, other)
    store.benchmarks["acme/sums"] = builders.found(declaration='unit = "fraction"\n')
    place.repo.score("0.60")
    store.sync(place, other)

    found = [(each.model, each.unit, each.score) for each in store.all(ClaimRecord, "rank")]
    assert found == [(MODEL, "fraction", 0.6), ("acme/other", "percent", 0.4)]


def test_again__a_board_that_has_no_claims_any_more(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    place.repo.commit({RESULTS: None})
    store.sync(place)

    assert store.all(TaskRecord) == ()


# ── several ─────────────────────────────────────────────────────────────────────────────────


def test_several__trouble_with_one_leaves_it_as_it_was_and_ends_nothing(
    store: Store, place: HostedRepo, tmp_path: Path
) -> None:
    other = hosted(tmp_path / "other", "acme/other")
    other.repo.score("40.0")
    store.sync(place, other)
    place.repo.score("58.0")
    other.trouble = CouldNotFinish("the Hub is away", "wait")

    summary = store.sync(place, other)

    assert (summary.collected, list(summary.trouble), summary.looked_at) == ([MODEL], ["acme/other"], 2)
    found = [(each.model, each.digits, each.rank) for each in store.all(ClaimRecord, "rank")]
    assert found == [(MODEL, "58.0", 1), ("acme/other", "40.0", 2)]


def test_several__being_interrupted_ends_all(store: Store, place: HostedRepo) -> None:
    place.trouble = Interrupted("stopped", "start again")
    with pytest.raises(Interrupted):
        store.sync(place)


def test_several__models_in_one_repo_are_kept_apart(store: Store, place: HostedRepo) -> None:
    one, two = (replace(place, name=RepoName("github", "acme/scores", f"acme/{name}")) for name in ("one", "two"))
    store.sync(one, two)
    store.sync(one, two, everything=True)

    assert [each.model for each in store.all(ClaimRecord, "model")] == ["acme/one", "acme/two"]
    assert {each.model for each in store.all(CardScoreRecord)} == {"acme/one", "acme/two"}


def test_several__repos_of_one_model_are_looked_at_together(store: Store, place: HostedRepo, tmp_path: Path) -> None:
    other = hosted(tmp_path / "github")
    other.repo.score("61.0")
    other.name = RepoName("github", "acme/scores", MODEL)
    store.sync(place)
    store.sync(place, other)

    assert [each.kind for each in store.all(DisputeRecord)] == ["different-values"]
    assert {each.claims for each in store.all(ModelRecord)} == {2}


# ── receipts ────────────────────────────────────────────────────────────────────────────────


def states(store: Store) -> list[str]:
    return [each.state for each in store.all(ReceiptRecord, "state")]


def test_receipts__in_the_repo(store: Store, place: HostedRepo) -> None:
    place.repo.commit({**kept(signed(place)), ".evalmark/receipts/notes.txt": "no receipt"})
    store.sync(place)

    claim = store.claim()
    assert (states(store), claim.receipt, claim.verdict, claim.signed_by) == (["valid"], "valid", "mismatch", "the lab")
    assert store.events()[-1] == ("contradicted", "57", "47")


def test_receipts__of_an_open_pull_request_and_not_of_a_closed_one(store: Store, place: HostedRepo) -> None:
    stranger = signed(place, key=SigningKey.generate())
    place.repo.propose("refs/pr/1", kept(signed(place), stranger))
    place.repo.propose("refs/pr/2", kept(signed(place, answer=Answer.INCONCLUSIVE)))
    place.states = (PullState(1, "open"), PullState(2, "closed"))
    store.sync(place)

    assert (states(store), store.claim().receipt) == (["untrusted", "valid"], "valid")


def test_receipts__beside_files_without_git(store: Store, place: HostedRepo) -> None:
    body = signed(place)
    loose = LooseFiles(RepoName("folder", "scores", MODEL, "HEAD"), {RESULTS: entry_text("57.0").encode()}, kept(body))
    store.sync(loose)

    assert states(store) == ["valid"]


def test_receipts__brought(store: Store, place: HostedRepo) -> None:
    store.sync(place)
    given = Brought((), (receipt_file(signed(place), Where("folder", "receipts", "a.json")),), TRUST)
    store.sync(place, given=given)

    assert (states(store), store.claim().verdict) == (["valid"], "mismatch")
    assert store.sync(place, given=given).unchanged == 1


def test_receipts__stale_with_another_score(store: Store, place: HostedRepo) -> None:
    place.repo.commit(kept(signed(place)))
    place.repo.score("58.0")
    store.sync(place)

    assert (states(store), store.claim().receipt, store.claim().signed_by) == (["stale"], "stale", None)


def test_receipts__of_a_claim_that_is_written_as_no_receipt_could(store: Store, place: HostedRepo) -> None:
    place.repo.commit(kept(signed(place)))
    place.repo.score("1e-300")
    store.sync(place)

    (receipt,) = store.all(ReceiptRecord)
    assert (receipt.state, receipt.reasons) == ("stale", ["the score is '1e-300' now, of which no receipt can speak"])


def test_receipts__about_no_claim(store: Store, place: HostedRepo) -> None:
    place.repo.commit(kept(signed(place), b"no receipt"))
    place.repo.commit({RESULTS: None})
    store.sync(place)

    assert states(store) == ["invalid", "stale"]


def test_receipts__a_key_that_was_revoked_takes_its_verdict_back(store: Store, place: HostedRepo) -> None:
    place.repo.commit(kept(signed(place)))
    store.sync(place)
    without = Brought(trust=replace(TRUST, keys=()))
    store.sync(place, given=without)

    assert (states(store), store.claim().verdict) == (["untrusted"], None)
    assert store.sync(place, given=without).unchanged == 1


def test_receipts__a_verdict_that_also_came_as_a_file_is_told_once(store: Store, place: HostedRepo) -> None:
    body = signed(place)
    head = place.repo.git("rev-parse", "HEAD")
    place.repo.commit(kept(body))
    store.sync(place, given=Brought((judged(model_revision=head),), (), TRUST))

    assert [kind for kind, _, _ in store.events()] == ["submitted", "contradicted"]
    assert store.claim().signed_by == "the lab"
