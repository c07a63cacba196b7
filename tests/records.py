"""Records for tests: builders with sensible defaults, a store in memory, and a small world with every kind of row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from evalmark.board import Scored
from evalmark.query import WHOLE, Condition, Page, Where
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
    digest,
)

R = TypeVar("R", bound=Record)
DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


def claim(model: str = "acme/adder", value: float = 57.0, **more: Any) -> ClaimRecord:
    """A merely claimed score in percent on the board acme/sums, sums."""
    given: dict[str, Any] = {
        "id": digest(model, value, repr(sorted(more.items(), key=str))),
        "model": model,
        "owner": model.partition("/")[0],
        "base_model": None,
        "parameters": None,
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "place": 0,
        "rank": None,
        "tied": False,
        "variant": "",
        "value": value,
        "digits": str(value),
        "unit": "percent",
        "score": value,
        "score_low": value,
        "score_high": value,
        "notes": None,
        "source_url": None,
        "source_name": None,
        "date": None,
        "dataset_revision": None,
        "verify_token": False,
        "origin": "hub",
        "repo": model,
        "file": ".eval_results/sums.yaml",
        "line": 4,
        "position": 0,
        "commit": "a" * 40,
        "revision": "b" * 40,
        "state": "main",
        "pull_request": None,
        "author": "ada",
        "submitted_at": DAY,
        "changed_at": DAY,
        "rung": "benchmark",
        "strength": 1,
        "verdict": None,
        "stale": None,
        "measured": None,
        "low": None,
        "high": None,
        "samples_used": None,
        "samples_total": None,
        "verified_by": None,
        "verified_at": None,
        "identity_proved": False,
        "receipt": None,
        "signed_by": None,
        "hub_verified": False,
        "hub_shown": None,
    }
    return ClaimRecord(**{**given, **more})


def rerun(made: ClaimRecord, verdict: str, measured: float, half: float = 2.0, rung: str = "full") -> ClaimRecord:
    """The same claim with a verdict of a rerun on top."""
    strength = -1 if verdict == "mismatch" else {"sampled": 4, "full": 5}[rung]
    return replace(
        made,
        verdict=verdict,
        rung=rung,
        strength=strength,
        measured=measured,
        low=measured - half,
        high=measured + half,
        score_low=min(measured - half, made.score),
        score_high=max(measured + half, made.score),
        samples_used=200,
        samples_total=200 if rung == "full" else 1000,
        verified_by="prover",
        verified_at=DAY + timedelta(days=2),
        identity_proved=True,
    )


def task(dataset_id: str = "acme/sums", task_id: str = "sums", **more: Any) -> TaskRecord:
    """A board in percent."""
    given: dict[str, Any] = {
        "dataset_id": dataset_id,
        "task_id": task_id,
        "name": "Sums",
        "description": "Adding numbers.",
        "unit": "percent",
        "unit_from": "declared",
        "lower_is_better": False,
        "known": True,
        "revision": "c" * 40,
        "framework": "inspect-ai",
        "changed_at": DAY,
    }
    return TaskRecord(**{**given, **more})


def model(name: str = "acme/adder", **more: Any) -> ModelRecord:
    """A model on the Hub."""
    given: dict[str, Any] = {
        "model": name,
        "owner": name.partition("/")[0],
        "origin": "hub",
        "repo": name,
        "revision": "b" * 40,
        "heads": "{}",
        "base_model": None,
        "base_relation": None,
        "parameters": 7_000_000_000,
        "weights": "w1",
        "collected_at": DAY + timedelta(days=3),
        "claims": 1,
    }
    return ModelRecord(**{**given, **more})


def event(of: ClaimRecord, kind: str = "submitted", **more: Any) -> EventRecord:
    """Something that happened to a claim."""
    given: dict[str, Any] = {
        "id": digest(of.id, kind, repr(sorted(more.items(), key=str))),
        "at": of.submitted_at,
        "kind": kind,
        "claim": of.id,
        "model": of.model,
        "dataset_id": of.dataset_id,
        "task_id": of.task_id,
        "variant": of.variant,
        "pull_request": of.pull_request,
        "by": of.author,
        "commit": of.commit,
        "old": None,
        "new": of.digits,
        "detail": "",
        "file": of.file,
        "origin": of.origin,
        "repo": of.repo,
        "gone": False,
    }
    return EventRecord(**{**given, **more})


def receipt(of: ClaimRecord, state: str = "valid", **more: Any) -> ReceiptRecord:
    """A receipt for a claim, in the model's repo."""
    vouched = state in ("valid", "stale")
    given: dict[str, Any] = {
        "id": digest(of.id, "receipt", state, repr(sorted(more.items(), key=str))),
        "claim": of.id,
        "claim_digest": "e" * 64,
        "model": of.model,
        "origin": of.origin,
        "repo": of.repo,
        "source": "repo",
        "holder": of.repo,
        "path": f".evalmark/receipts/{'e' * 64}.json",
        "commit": "b" * 40,
        "pull_request": None,
        "state": state,
        "reasons": [] if state == "valid" else [f"it is {state} for a reason"],
        "verdict": of.verdict if vouched else None,
        "rung": of.rung if vouched else None,
        "at": of.verified_at if vouched else None,
        "by": "prover" if vouched else None,
        "key": "0123456789abcdef",
        "key_name": "acme's verifier" if vouched else None,
        "model_revision": "b" * 40 if vouched else None,
        "benchmark_revision": "c" * 40 if vouched else None,
        "identity_proved": vouched,
        "body": "{}",
    }
    return ReceiptRecord(**{**given, **more})


@dataclass
class MemoryRecords:
    """A store in memory: what the port promises, in the plainest way."""

    tables: Mapping[type[Record], tuple[Any, ...]] = field(default_factory=dict)
    version: str = "1"

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        found = [row for row in self.tables.get(kind, ()) if all(_meets(row, condition) for condition in where)]
        for name in reversed(order):
            key = name.removeprefix("-")
            known = [row for row in found if getattr(row, key) is not None]
            known.sort(key=attrgetter(key), reverse=name.startswith("-"))
            found = known + [row for row in found if getattr(row, key) is None]
        end = None if page.limit is None else page.offset + page.limit
        return tuple(found[page.offset : end])

    def count(self, kind: type[Record], where: Where = ()) -> int:
        return len(self.find(kind, where))

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        return [
            Scored(
                row.id,
                row.model,
                row.score,
                row.score_low,
                row.score_high,
                row.verdict == "mismatch" and row.stale is None,
            )
            for row in self.find(ClaimRecord, where, order)
        ]

    def spans(self, where: Where) -> list[tuple[float, float]]:
        return [(row.score_low, row.score_high) for row in self.find(ClaimRecord, where)]


def _meets(row: Record, condition: Condition) -> bool:
    value: Any = getattr(row, condition.column)
    wanted: Any = condition.value
    if value is None or condition.op in ("is null", "is not null"):
        return condition.op == ("is null" if value is None else "is not null")
    tests: Mapping[str, Callable[[], object]] = {
        "contains": lambda: wanted.lower() in value.lower(),
        "in": lambda: value in wanted,
        "=": lambda: value == wanted,
        ">=": lambda: value >= wanted,
        "<=": lambda: value <= wanted,
    }
    return bool(tests[condition.op]())


def placed(claims: Iterable[ClaimRecord], *, lower_is_better: bool = False) -> tuple[ClaimRecord, ...]:
    """The claims of one board with their places on it."""
    from evalmark.board import ranked

    by_id = {each.id: each for each in claims}
    records = MemoryRecords({ClaimRecord: tuple(by_id.values())})
    found = ranked(records.scored(()), lower_is_better=lower_is_better)
    return tuple(
        replace(by_id[each.id], place=place, rank=each.rank, tied=each.tied) for place, each in enumerate(found, 1)
    )


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e\x1b[31m javascript:alert(3)"
"""A name, note or address of somebody who means harm."""


def small_world() -> dict[type[Record], tuple[Any, ...]]:
    """A few boards with every kind of claim, a hostile one too."""
    signed = {"receipt": "valid", "signed_by": "acme's verifier"}
    proved = rerun(
        claim("acme/adder", 57.0, parameters=7_000_000_000, source_url="https://example.org/log", **signed),
        "verified", 57.5,
    )  # fmt: skip
    tied = rerun(
        claim("beta/sum-1b", 56.0, parameters=1_000_000_000, receipt="untrusted"), "verified", 56.2, rung="sampled"
    )
    wrong = rerun(claim("zeta/boast", 99.0, **signed), "mismatch", 41.0)
    stale = replace(
        rerun(claim("gamma/old", 61.0, receipt="stale"), "verified", 61.0),
        stale="the score was 60.0 when it was verified",
    )
    said = claim("delta/said", 70.25, variant="With tools", notes="With tools", source_url="https://example.org/paper")
    also = claim("delta/said", 64.0, file=".eval_results/sums_plain.yaml")
    again = claim("delta/said", 63.0, file=".eval_results/sums_again.yaml", position=1)
    waiting = claim("acme/adder", 58.5, state="open", pull_request=3, author="mallory")
    derived = claim("beta/sum-1b-gguf", 55.0, base_model="beta/sum-1b", parameters=1_000_000_000)
    hostile = claim(
        "evil/name", 12.0, variant=HOSTILE, notes=HOSTILE, source_url="javascript:alert(4)", source_name=HOSTILE,
        author=HOSTILE, date=HOSTILE, receipt="invalid", signed_by=HOSTILE,
    )  # fmt: skip
    many = tuple(
        claim(f"crowd/model-{number:03}", 20 + number / 10, changed_at=DAY - timedelta(days=number),
              submitted_at=DAY - timedelta(days=number))
        for number in range(150)
    )  # fmt: skip
    sums = placed((proved, tied, wrong, stale, said, also, again, waiting, derived, hostile, *many))
    error_rate = placed(
        (
            claim("acme/adder", 0.12, dataset_id="acme/errors", task_id="wer", unit="fraction"),
            claim("beta/sum-1b", 0.10, dataset_id="acme/errors", task_id="wer", unit="fraction"),
        ),
        lower_is_better=True,
    )
    claims = (*sums, *error_rate)
    by_model = {each.model: each for each in sums if each.state == "main" and not each.variant}
    adder = by_model["acme/adder"]
    events = (
        event(adder, at=DAY - timedelta(days=9), new="52.0", pull_request=1, by="ada"),
        event(adder, "merged", at=DAY - timedelta(days=8), pull_request=1, by="owner"),
        event(adder, "amended", old="52.0", new="57.0", at=DAY, commit="d" * 40),
        event(adder, "amended", old="52.0", new="90.0", at=DAY - timedelta(days=1), commit="e" * 40, gone=True),
        event(adder, "verified", at=DAY + timedelta(days=2), by="prover", new="57.5", detail="the rerun agrees"),
        event(by_model["zeta/boast"], at=DAY),
        event(by_model["zeta/boast"], "contradicted", at=DAY + timedelta(days=2), by="prover", new="41.0"),
        event(next(each for each in sums if each.model == "evil/name"), by=HOSTILE, detail=HOSTILE),
    )
    disputed = [each for each in sums if each.model == "delta/said" and not each.variant]
    disputes = (
        DisputeRecord(
            id=digest("d1"), kind="different-values", model="delta/said", dataset_id="acme/sums", task_id="sums",
            variant="", claims=[each.id for each in disputed],
            message="two files of the model claim 64.0 and 63.0 for the same task and set-up", difference=1.0,
        ),
        DisputeRecord(
            id=digest("d2"), kind="contradicted", model="zeta/boast", dataset_id="acme/sums", task_id="sums",
            variant="", claims=[by_model["zeta/boast"].id], message="99.0 is claimed, a rerun measured 41.0",
            difference=58.0,
        ),
    )  # fmt: skip
    names = sorted({each.model for each in claims})
    return {
        ClaimRecord: claims,
        TaskRecord: (
            task(claims=len(sums), models=len({each.model for each in sums}), verified=2, disputed=2),
            task("acme/errors", "wer", name="Errors", lower_is_better=True, unit="fraction", claims=2, models=2),
            task("acme/odd", HOSTILE, name=HOSTILE, description=HOSTILE, known=False, unit=None, unit_from="unknown"),
        ),
        ModelRecord: tuple(model(name, claims=sum(each.model == name for each in claims)) for name in names),
        EventRecord: events,
        DisputeRecord: disputes,
        HubRowRecord: (
            HubRowRecord(dataset_id="acme/sums", task_id="sums", model="acme/adder", rank=1, value=57.0,
                         file=".eval_results/sums.yaml", verified=False, pull_request=None),
        ),
        FindingRecord: (
            FindingRecord(origin="hub", repo="zeta/boast", pull_request=None, path=".eval_results/bad.yaml", line=2,
                          column=5, rule="task-exists", severity="error", message=HOSTILE),
        ),
        CardScoreRecord: (),
        ReceiptRecord: (
            receipt(proved),
            receipt(tied, "untrusted", reasons=["the key acme's verifier was revoked on 2026-06-01"]),
            receipt(wrong, source="dataset", holder="lab/proofs", path="receipts/boast.json"),
            receipt(stale, "stale", reasons=["the score was 60.0 and is 61.0"], pull_request=7),
            receipt(said, "unchecked", source="folder", holder="receipts"),
            receipt(hostile, "invalid", claim_digest=HOSTILE, source=HOSTILE, holder=HOSTILE, path=HOSTILE,
                    commit=HOSTILE, reasons=[HOSTILE, HOSTILE], by=HOSTILE, key=HOSTILE, key_name=HOSTILE,
                    body=HOSTILE),
            receipt(hostile, "stale", verdict=HOSTILE, rung=HOSTILE, reasons=[HOSTILE], by=HOSTILE, key_name=HOSTILE,
                    model_revision=HOSTILE, benchmark_revision=HOSTILE, path=f"{HOSTILE}.json", at=DAY),
        ),
    }  # fmt: skip
