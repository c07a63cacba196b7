"""What the store keeps, row by row: flat and versioned, so that each kind of record is a table in any database.

The columns, their types and what they mean stand here alone; the DuckDB tables, the Parquet files and
`docs/store.md` follow. All times are UTC. `value`, `measured`, `low` and `high` are in the claim's own unit.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

VERSION: Final = 1
"""Of the tables and files. A store of a newer version is refused."""

Origin: TypeAlias = Literal["hub", "github", "folder"]
State: TypeAlias = Literal["main", "open"]
EventKind: TypeAlias = Literal[
    "submitted",
    "amended",
    "withdrawn",
    "merged",
    "closed",
    "verified",
    "re-verified",
    "contradicted",
    "inconclusive",
]
DisputeKind: TypeAlias = Literal["different-values", "contradicted", "cited-source", "stale-verdict", "hub-differs"]
ReceiptState: TypeAlias = Literal["valid", "stale", "unchecked", "untrusted", "invalid"]
ID_LENGTH: Final = 32


def column(description: str, **more: Any) -> Any:
    """A column and what it means."""
    return field(metadata={"description": description}, **more)


def digest(*parts: object) -> str:
    """A name for what `parts` say together: 32 hexadecimal digits of the SHA-256 of them as JSON."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord(Record):
    """A score that a model repo reports now: on main, or by an open pull request."""

    id: str = column("Names the claim as long as it stands where it stands, whatever its value: 32 hex digits.")
    model: str = column("The claimed model, `owner/name`.")
    owner: str = column("The model's owner.")
    base_model: str | None = column("The model that it was made from, if its card says so.")
    parameters: int | None = column("How many parameters its weights have.")
    dataset_id: str = column("The benchmark's dataset repo, `owner/name`.")
    task_id: str = column("The task of the benchmark: foreign text.")
    place: int = column("Its row on the board of all claims, from 1; 0 before the board is made.")
    rank: int | None = column("Its rank there; null if a rerun contradicted it.")
    tied: bool = column("Other rows have the same rank.")
    variant: str = column("The notes in their usual spelling; empty for the usual set-up. Foreign text.")
    value: float = column("The claimed score.")
    digits: str = column("The claimed score as it is written in the file.")
    unit: str | None = column("`percent` or `fraction`; null if nobody says.")
    score: float = column("The claimed score in the unit of its board: what is ranked.")
    score_low: float = column("Lower end of the rerun's interval in the unit of the board; `score` without one.")
    score_high: float = column("Upper end of the same.")
    notes: str | None = column("The notes as written: foreign text.")
    source_url: str | None = column("What supports the score, as written: foreign text, never fetched.")
    source_name: str | None = column("The source's display name: foreign text.")
    date: str | None = column("The entry's own date, as written.")
    dataset_revision: str | None = column("Commit of the benchmark that the entry names.")
    verify_token: bool = column("A `verifyToken` is present; only Hugging Face can check it.")
    origin: str = column("Where it was collected: `hub`, `github` or `folder`.")
    repo: str = column("The repo there that holds the file.")
    file: str = column("Path of the results file in it.")
    line: int = column("Line of `value` in the file, from 1.")
    position: int = column("Index of the entry in its file, from 0.")
    commit: str | None = column("Commit that gave the entry what it says now; null outside git.")
    revision: str | None = column("Newest commit of the branch that holds it.")
    state: str = column("`main`, or `open` for an open pull request.")
    pull_request: int | None = column("The open pull request that proposes it.")
    author: str = column("Who submitted it, as git or the host says: foreign text.")
    submitted_at: datetime | None = column("When it was first there.")
    changed_at: datetime | None = column("When it last changed.")
    rung: str = column("The rung of evidence: syntax, benchmark, log, rescored, sampled or full.")
    strength: int = column("The rung as a number, from 0 (syntax) to 5 (full); -1 if a rerun contradicted it.")
    verdict: str | None = column("The newest verdict on this claim; null if there is none.")
    stale: str | None = column("Why that verdict no longer speaks of this claim; null if it does.")
    measured: float | None = column("The score that the rerun measured.")
    low: float | None = column("Lower end of the interval for the score over all samples.")
    high: float | None = column("Upper end.")
    samples_used: int | None = column("Samples that were rerun.")
    samples_total: int | None = column("Samples that the task has.")
    verified_by: str | None = column("Who reran it.")
    verified_at: datetime | None = column("When the verdict was given.")
    identity_proved: bool = column("The model that ran is the claimed repo at its commit, not one served by a name.")
    receipt: str | None = column(
        "The best of its receipts: valid, stale, untrusted, invalid or unchecked; null if it has none."
    )
    signed_by: str | None = column(
        "Who signed the verdict above, by a receipt that is valid: the name or id of a key, perhaps foreign text."
    )
    hub_verified: bool = column("The Hub shows its own badge `verified`.")
    hub_shown: bool | None = column("The Hub shows this score; null if it was not asked.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord(Record):
    """A task of a benchmark: one board."""

    dataset_id: str = column("The benchmark's dataset repo, `owner/name`.")
    task_id: str = column("The task: foreign text.")
    name: str | None = column("The benchmark's display name: foreign text.")
    description: str | None = column("What it measures, as its eval.yaml says: foreign text.")
    unit: str | None = column("The unit of the board: `percent`, `fraction`, or null.")
    unit_from: str = column("`declared` by the benchmark, taken from the scores on the `board`, or `unknown`.")
    lower_is_better: bool = column("Whether lower scores are better.")
    known: bool = column("The benchmark's eval.yaml defines this task.")
    revision: str | None = column("Commit of the benchmark when it was collected.")
    framework: str | None = column("What runs it, as its eval.yaml says: foreign text.")
    claims: int = column("Claims on the board.", default=0)
    models: int = column("Models on the board.", default=0)
    verified: int = column("Claims with a verdict `verified` that is not stale.", default=0)
    disputed: int = column("Disputes about its claims.", default=0)
    changed_at: datetime | None = column("When a claim of it last changed.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord(Record):
    """A repo that was collected, and what it says of the model."""

    model: str = column("The model, `owner/name`.")
    owner: str = column("Its owner.")
    origin: str = column("Where it was collected: `hub`, `github` or `folder`.")
    repo: str = column("The repo there.")
    revision: str | None = column("Its newest commit on main.")
    heads: str = column("JSON: each ref that was read, and its commit then. What a next sync compares.")
    base_model: str | None = column("The model that it was made from.")
    base_relation: str | None = column("How: finetune, adapter, quantized, merge.")
    parameters: int | None = column("How many parameters its weights have.")
    weights: str | None = column("Digest of its weights files: what changes when the model does.")
    collected_at: datetime = column("When it was collected.")
    claims: int = column("Claims on boards.", default=0)
    verified: int = column("Of them, those with a verdict `verified` that is not stale.", default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord(Record):
    """Something that happened to a claim."""

    id: str = column("Names the event: 32 hex digits.")
    at: datetime | None = column("When; null if nobody says.")
    kind: str = column(
        "submitted, amended, withdrawn, merged, closed, verified, re-verified, contradicted or inconclusive."
    )
    claim: str = column("The claim's id.")
    model: str = column("The claimed model.")
    dataset_id: str = column("The benchmark.")
    task_id: str = column("Its task: foreign text.")
    variant: str = column("The variant: foreign text.")
    pull_request: int | None = column("The pull request in which it happened; null for main.")
    by: str = column("Who did it: foreign text.")
    commit: str | None = column("The commit that did it.")
    old: str | None = column("The score before, as written.")
    new: str | None = column("The score after, as written; for a verdict, what was measured.")
    detail: str = column("What else changed, or the verdict's reason: may hold foreign text.")
    file: str = column("The results file.")
    origin: str = column("Where it was collected.")
    repo: str = column("The repo there.")
    gone: bool = column("The commit was collected once, and has been pushed away since.")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRecord(Record):
    """A verdict that was collected."""

    id: str = column("Digest of the verdict.")
    claim: str | None = column("The claim that it is about, if that is in the store.")
    model: str = column("The claimed model.")
    dataset_id: str = column("The benchmark.")
    task_id: str = column("Its task.")
    digits: str = column("The score that was looked at, as written then.")
    verdict: str = column("verified, mismatch, inconclusive, not-rerunnable or error.")
    rung: str = column("The rung of evidence.")
    at: datetime = column("When it was given.")
    by: str = column("Who gave it.")
    stale: str | None = column("Why it no longer speaks of the claim; null if it does.")
    body: str = column("The whole verdict as JSON, as `verdict.schema.json` describes it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord(Record):
    """Where reports disagree."""

    id: str = column("Names the dispute: 32 hex digits.")
    kind: str = column("different-values, contradicted, cited-source, stale-verdict or hub-differs.")
    model: str = column("The model.")
    dataset_id: str = column("The benchmark.")
    task_id: str = column("Its task: foreign text.")
    variant: str = column("The variant: foreign text.")
    claims: list[str] = column("Ids of the claims in dispute.")
    message: str = column("What disagrees, in a sentence; may hold foreign text.")
    difference: float = column("How far apart, in the unit of the board; 0 where there is no such number.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRowRecord(Record):
    """A score as the Hub itself shows it."""

    dataset_id: str = column("The benchmark.")
    task_id: str | None = column("The task; null where the Hub's leaderboard does not tell it.")
    model: str = column("The model.")
    rank: int | None = column("The rank on the Hub's own leaderboard.")
    value: float = column("The score.")
    file: str | None = column("The results file.")
    verified: bool = column("The Hub's own badge.")
    pull_request: int | None = column("The open pull request that it comes from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord(Record):
    """A problem in a file that was collected. What is wrong with one file hides nothing of another."""

    origin: str = column("Where it was collected.")
    repo: str = column("The repo there.")
    pull_request: int | None = column("The open pull request that has it; null for main.")
    path: str = column("The file.")
    line: int = column("The line, from 1.")
    rule: str = column("The rule, as in docs/rules.md.")
    severity: str = column("error, warning or info.")
    message: str = column("What is wrong: may hold foreign text.")
    column: int = column("The column, from 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardScoreRecord(Record):
    """A score that the metadata of a model card tells (`model-index`), to hold claims against that cite the card."""

    model: str = column("The model whose card it is.")
    dataset_id: str = column("The dataset, as the card names it.")
    config: str | None = column("Its config, if the card names one: foreign text.")
    metric: str = column("The metric, as the card names it: foreign text.")
    value: float = column("The score.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecord(Record):
    """A receipt that was found, and what was known of it at the last sync. Whoever relies on it checks it again.

    What it says is told only if a trusted key signed it, or one that once was trusted.
    """

    id: str = column("Digest of the receipt and of the claim that it was found for.")
    claim: str | None = column("The claim that it is about, if that is in the store.")
    claim_digest: str | None = column("The digest of what it was signed for; null if nobody can read that.")
    model: str = column("The model that it was found for.")
    origin: str = column("Where that was collected: `hub`, `github` or `folder`.")
    repo: str = column("The repo there.")
    source: str = column("Where the receipt lies: in that `repo`, in a `dataset` on the Hub, or in a `folder`.")
    holder: str = column("The name of that repo, dataset or folder.")
    path: str = column("The file in it.")
    commit: str | None = column("The commit it was read at.")
    pull_request: int | None = column("The open pull request that brings it.")
    state: str = column("valid, stale, untrusted, invalid or unchecked.")
    reasons: list[str] = column("Why it is not valid, each in a sentence: may hold foreign text.")
    verdict: str | None = column("What it says: verified, mismatch or inconclusive.")
    rung: str | None = column("The rung of evidence: sampled or full.")
    at: datetime | None = column("When the verdict was given, as it says.")
    by: str | None = column("Who gave the verdict, as it says: foreign text.")
    key: str | None = column("Id of the key that signed it.")
    key_name: str | None = column("Whose key that is, as those say who trust it: may be foreign text.")
    model_revision: str | None = column("Commit of the model repo that held the claim.")
    benchmark_revision: str | None = column("Commit of the benchmark that ran.")
    identity_proved: bool = column("The model that ran is the claimed repo, not one served by a name.")
    body: str = column("The file's text: foreign.")


TABLES: Final[dict[str, type[Record]]] = {
    "claims": ClaimRecord,
    "tasks": TaskRecord,
    "models": ModelRecord,
    "events": EventRecord,
    "verdicts": VerdictRecord,
    "disputes": DisputeRecord,
    "hub_rows": HubRowRecord,
    "findings": FindingRecord,
    "card_scores": CardScoreRecord,
    "receipts": ReceiptRecord,
}
"""Every table and the records in it."""
