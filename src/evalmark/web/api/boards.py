"""`/api/v1/leaderboards`: the boards, and the rows of one."""

from dataclasses import fields
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from evalmark.record import TaskRecord
from evalmark.web.api import parameters
from evalmark.web.api.answers import Asked, json_answer, part
from evalmark.web.api.problems import Refusal, not_there
from evalmark.web.api.source import Source

AT = "/api/v1/leaderboards"
_COLUMNS = tuple(each.name for each in fields(TaskRecord))


def boards(source: Source, asked: Asked) -> Response:
    """All boards, the one with the most claims first."""
    page = parameters.page(asked.query)
    part_of_name = asked.query.get("q", "").strip().casefold()
    found = [each for each in source.tasks() if part_of_name in _names(each)]
    return part(asked, page, [_task(each) for each in found[page.offset :][: page.limit]], len(found))


def benchmark(source: Source, asked: Asked) -> Response:
    """The boards of a benchmark."""
    found = source.tasks_of(asked.repo)
    if not found:
        raise not_there("such benchmark in the store")
    return json_answer({"dataset_id": asked.repo, "tasks": [_task(each) for each in found]})


def rows(source: Source, asked: Asked) -> Response:
    """The rows of a board."""
    task = chosen(source, asked)
    wanted, sort, page = parameters.board_question(asked.query)
    found = source.board(task, wanted, page, sort)
    items = [{"rank": row.rank, "tied": row.tied, "claim": row.claim} for row in found.rows]
    return part(asked, page, items, found.total, task=_task(task))


def chosen(source: Source, asked: Asked) -> TaskRecord:
    """The task that is asked for; not named, the only one. Raises `Refusal`."""
    found = source.tasks_of(asked.repo)
    if not found:
        raise not_there("such benchmark in the store")
    if "task" not in asked.query:
        if len(found) > 1:
            raise Refusal(422, f"the benchmark has {len(found)} tasks: say `task`, as {AT}/{asked.repo} tells them")
        return found[0]
    task = next((each for each in found if each.task_id == asked.query["task"]), None)
    if task is None:
        raise not_there("such task of this benchmark in the store")
    return task


def _task(task: TaskRecord) -> dict[str, Any]:
    rows = f"{AT}/{quote(task.dataset_id)}/rows?{urlencode({'task': task.task_id})}"
    return {**{name: getattr(task, name) for name in _COLUMNS}, "rows": rows}


def _names(task: TaskRecord) -> str:
    return "\n".join((task.dataset_id, task.task_id, task.name or "")).casefold()
