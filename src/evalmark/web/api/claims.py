"""`/api/v1/claims`, `models`, `verdicts` and `receipts`: what is claimed, and what is known of it."""

from collections.abc import Mapping

from starlette.responses import Response

from evalmark.query import MOST_ROWS, Condition, Page, Where
from evalmark.record import (
    ClaimRecord,
    DisputeRecord,
    EventRecord,
    ModelRecord,
    ReceiptRecord,
    VerdictRecord,
)
from evalmark.web.api import parameters
from evalmark.web.api.answers import Asked, json_answer, listed
from evalmark.web.api.problems import not_there
from evalmark.web.api.source import Source

COLUMNS: Mapping[str, str] = {
    "model": "model",
    "benchmark": "dataset_id",
    "task": "task_id",
    "claim": "claim",
    "digest": "claim_digest",
}
MOST = Page(0, MOST_ROWS)


def about(query: Mapping[str, str], *names: str) -> Where:
    """The records that are about what is named."""
    return tuple(Condition(COLUMNS[name], "=", query[name]) for name in names if query.get(name))


def claims(source: Source, asked: Asked) -> Response:
    """Claims, the one that changed last first."""
    wanted, _, _ = parameters.board_question(asked.query)
    where = (*about(asked.query, "model", "benchmark", "task"), *wanted.conditions)
    return listed(source, asked, ClaimRecord, where, ("-changed_at", "id"))


def claim(source: Source, asked: Asked) -> Response:
    """A claim and what happened to it; of one that was withdrawn, only that."""
    name, records = asked.path["id"], source.records
    found = records.find(ClaimRecord, (Condition("id", "=", name),))
    events = records.find(EventRecord, (Condition("claim", "=", name),), ("at", "id"), MOST)
    if not found and not events:
        raise not_there("such claim in the store")
    about_it = found[0] if found else events[0]
    same_model = (Condition("model", "=", about_it.model), Condition("dataset_id", "=", about_it.dataset_id))
    disputes = [each for each in records.find(DisputeRecord, same_model, ("kind", "id")) if name in each.claims]
    verdicts = records.find(VerdictRecord, (Condition("claim", "=", name),), ("-at", "id"), MOST)
    receipts = records.find(ReceiptRecord, (Condition("claim", "=", name),), ("-at", "id"), MOST)
    about = {"events": events, "verdicts": verdicts, "receipts": receipts, "disputes": disputes}
    return json_answer({"claim": found[0] if found else None, **about})


def models(source: Source, asked: Asked) -> Response:
    """The repos of models, by name."""
    wanted, _, _ = parameters.board_question(asked.query)
    return listed(source, asked, ModelRecord, wanted.conditions, ("model", "origin", "repo"))


def model(source: Source, asked: Asked) -> Response:
    """A model: its repos, its claims by board, how much happened to it."""
    records = source.records
    where = (Condition("model", "=", asked.repo),)
    repos = records.find(ModelRecord, where, ("origin", "repo"), MOST)
    claims = records.find(ClaimRecord, where, ("dataset_id", "task_id", "place", "id"), MOST)
    if not repos and not claims:
        raise not_there("such model in the store")
    counts = {
        "claims": len(claims) if len(claims) < MOST_ROWS else records.count(ClaimRecord, where),
        "events": records.count(EventRecord, where),
        "conflicts": records.count(DisputeRecord, where),
    }
    return json_answer({"model": asked.repo, "repos": repos, "claims": claims, "counts": counts})


def verdict(source: Source, asked: Asked) -> Response:
    """A verdict, whole."""
    found = source.records.find(VerdictRecord, (Condition("id", "=", asked.path["id"]),))
    if not found:
        raise not_there("such verdict in the store")
    return json_answer(found[0])


def receipts(source: Source, asked: Asked) -> Response:
    """Receipts, and what is known of them."""
    state = parameters.one_of(parameters.RECEIPT_STATE, asked.query)
    where = (*about(asked.query, "model", "claim", "digest"), *((Condition("state", "=", state),) if state else ()))
    return listed(source, asked, ReceiptRecord, where, ("model", "path", "id"))


def conflicts(source: Source, asked: Asked) -> Response:
    """Where reports disagree, board by board."""
    kind = parameters.one_of(parameters.DISPUTE_KIND, asked.query)
    where = about(asked.query, "model", "benchmark")
    where = (*where, Condition("kind", "=", kind)) if kind else where
    return listed(source, asked, DisputeRecord, where, ("dataset_id", "task_id", "model", "kind", "id"))
