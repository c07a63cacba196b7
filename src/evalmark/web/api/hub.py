"""`/api/datasets/{id}/leaderboard`: the shape of the Hub's own, for programs that know that one."""

from typing import Any

from starlette.responses import Response

from evalmark.board import RankedClaim
from evalmark.query import MOST_ROWS, BoardFilter, Page
from evalmark.web.api import parameters
from evalmark.web.api.answers import Asked, json_answer
from evalmark.web.api.boards import chosen
from evalmark.web.api.parameters import Parameter
from evalmark.web.api.source import Source

BASE_MODEL = Parameter("base_model", "`false`: also models that were made from another.", {"type": "boolean"})
TASK_ID = Parameter("task_id", "Which task, by its id; without, the one with the most claims.", {"type": "string"})


def leaderboard(source: Source, asked: Asked) -> Response:
    """The first 1000 rows of a board in the form of the Hub's own leaderboard."""
    base_only = parameters.yes(BASE_MODEL, asked.query, default=True)
    named = asked.query.get("task_id")
    if named is None:
        tasks = source.tasks_of(asked.repo)
        named = tasks[0].task_id if tasks else ""
    task = chosen(source, Asked(asked.path, {"task": named}))
    found = source.board(task, BoardFilter(base_only=base_only), Page(0, MOST_ROWS), "rank")
    return json_answer([_row(place, row) for place, row in enumerate(found.rows, 1)])


def _row(place: int, row: RankedClaim) -> dict[str, Any]:
    claim = row.claim
    source = {"url": claim.source_url, **({"name": claim.source_name} if claim.source_name is not None else {})}
    return {
        "rank": place,
        "modelId": claim.model,
        "value": claim.value,
        "filename": claim.file,
        "verified": claim.hub_verified,
        "author": {"type": "user", "name": claim.owner, "fullname": claim.owner, "avatarUrl": ""},
        **({"source": source} if claim.source_url is not None else {}),
        **({"pullRequest": claim.pull_request} if claim.pull_request is not None else {}),
        **({"notes": claim.notes} if claim.notes is not None else {}),
        "evalmark": {
            "claim": claim.id,
            "task_id": claim.task_id,
            "rank": row.rank,
            "tied": row.tied,
            "verdict": claim.verdict,
            "stale": claim.stale,
            "rung": claim.rung,
            "receipt": claim.receipt,
            "signed_by": claim.signed_by,
            "measured": claim.measured,
            "interval": None if claim.low is None else (claim.low, claim.high),
        },
    }
