"""A board for a terminal, a document, a spreadsheet or a program."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, TypeAlias

from evalmark.board import BoardPage, RankedClaim
from evalmark.record import ClaimRecord
from evalmark.report import words
from evalmark.report.escape import painted, plain
from evalmark.report.table import aligned

HEADER: Final = ("RANK", "MODEL", "SCORE", "VERDICT", "RERUN", "EVIDENCE", "SET-UP", "SOURCE", "DATE", "BY")
COLOURS: Final = {"verified": "32", "contradicted": "31", "inconclusive": "33", "stale": "33", "claimed": ""}
MARKUP: Final = {ord(character): f"&#{ord(character)};" for character in "\\|`*_[]<>&@#~$"}
LONGEST_MODEL: Final = 60
LONGEST: Final = 30
DAGGER: Final = "†"
Writer: TypeAlias = Callable[[BoardPage], str]


def rank(row: RankedClaim) -> str:
    """`3`, `3=` where others have the same rank, `–` for a claim that a rerun contradicted."""
    return "–" if row.rank is None else f"{row.rank}{'=' if row.tied else ''}"


def board_as_text(board: BoardPage, *, colour: bool) -> str:
    """The board as a table, under a line that says what it is."""
    task = board.task
    better = "lower is better" if task.lower_is_better else "higher is better"
    lines = [f"{plain(task.name or task.dataset_id)} · {plain(task.task_id)} ({task.dataset_id}), {better}", ""]
    table = aligned([HEADER, *(_cells(row, task.unit) for row in board.rows)])
    lines.append(table[0])
    for row, line in zip(board.rows, table[1:], strict=True):
        lines.append(painted(line, COLOURS[words.standing(row.claim).kind], colour and bool(row.claim.verdict)))
    shown = f"{len(board.rows)} of {words.counted(board.total, 'claim')}"
    lines += ["", f"{shown}. Equal ranks (=) have intervals that overlap."]
    if any(row.claim.verify_token for row in board.rows):
        lines.append(f"{DAGGER} {words.TOKEN}.")
    return "\n".join(lines) + "\n"


def board_as_markdown(board: BoardPage) -> str:
    """The board as a table in GitHub's Markdown; foreign text is harmless in it."""
    rows = [HEADER, ("---",) * len(HEADER), *(_cells(row, board.task.unit) for row in board.rows)]
    table = "".join(f"| {' | '.join(markdown_cell(cell) for cell in row)} |\n" for row in rows)
    return table + (f"\n{DAGGER} {words.TOKEN}.\n" if any(row.claim.verify_token for row in board.rows) else "")


def board_as_csv(board: BoardPage) -> str:
    """Every column of every claim, with its rank. Cells that a spreadsheet would run begin with an apostrophe."""
    out = io.StringIO()
    rows = [_flat(row) for row in board.rows]
    names = [name for name in ClaimRecord.__dataclass_fields__ if name != "rank"]
    writer = csv.DictWriter(out, ["rank", *names], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def board_as_json(board: BoardPage) -> str:
    """The task, how many claims there are, and the rows, as `/api/v1` has them."""
    return as_json({"task": board.task, "total": board.total, "rows": [_flat(row) for row in board.rows]})


def as_json(body: object) -> str:
    """Records and what holds them as JSON, times as ISO 8601 in UTC."""
    return json.dumps(body, default=_as_data, ensure_ascii=False, indent=2) + "\n"


def markdown_cell(text: str) -> str:
    """Foreign text in a cell: no markup, no link, no mention."""
    return plain(text).translate(MARKUP).replace("://", "&#58;//") or " "


def _cells(row: RankedClaim, unit: str | None) -> tuple[str, ...]:
    claim = row.claim
    return (
        rank(row),
        plain(claim.model, LONGEST_MODEL),
        words.score(claim, unit),
        words.marked(claim),
        _rerun(claim, unit),
        words.evidence(claim) if claim.verdict else words.RUNGS.get(claim.rung, claim.rung),
        plain(claim.variant, LONGEST),
        plain(claim.source_name or claim.source_url or "", LONGEST) + (f" {DAGGER}" if claim.verify_token else ""),
        words.day(claim.changed_at),
        plain(claim.author, LONGEST) + (f" #{claim.pull_request}" if claim.pull_request is not None else ""),
    )


def _rerun(claim: ClaimRecord, unit: str | None) -> str:
    measured, interval = words.measured(claim, unit), words.interval(claim, unit)
    if measured is None:
        return ""
    shown = words.with_unit(words.number(measured, unit), unit)
    if interval is None or interval[0] == interval[1]:
        return shown
    return f"{shown} [{', '.join(words.number(end, unit) for end in interval)}]"


def _flat(row: RankedClaim) -> dict[str, object]:
    return {**asdict(row.claim), "rank": row.rank, "tied": row.tied}


def _safe(value: object) -> object:
    """A spreadsheet runs what begins with one of these. https://owasp.org/www-community/attacks/CSV_Injection"""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return words.instant(value) if isinstance(value, datetime) else value


def _as_data(value: Any) -> object:
    return words.instant(value) if isinstance(value, datetime) else asdict(value)


FORMATS: Final[Mapping[str, Writer]] = {
    "markdown": board_as_markdown,
    "csv": board_as_csv,
    "json": board_as_json,
}
