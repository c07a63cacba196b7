"""The part of a README.md that evalmark writes: results and badges between two markers, and nothing outside them."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from evalmark.board import BoardPage, RankedClaim
from evalmark.record import ClaimRecord, TaskRecord
from evalmark.report import words
from evalmark.report.boards import markdown_cell, rank
from evalmark.report.escape import plain

BEGIN: Final = "<!-- evalmark:begin (made by `evalmark card`; changes between the markers are lost) -->"
END: Final = "<!-- evalmark:end -->"
_MARKED: Final = re.compile(r"<!-- evalmark:begin\b[^>]*-->.*?<!-- evalmark:end -->", re.DOTALL)
_BEGUN: Final = re.compile(r"<!-- evalmark:(?:begin|end)\b[^>]*-->")


def with_part(readme: str, part: str) -> str | None:
    """The README with `part` between its markers; at its end if it has none; None if the markers make no pair."""
    block = f"{BEGIN}\n{part.strip()}\n{END}"
    marks = len(_BEGUN.findall(readme))
    if marks == 0:
        return f"{readme.rstrip()}\n\n{block}\n" if readme.strip() else f"{block}\n"
    if marks != 2 or not _MARKED.search(readme):
        return None
    return _MARKED.sub(lambda _match: block, readme, count=1)


def model_part(rows: Sequence[tuple[ClaimRecord, TaskRecord]], badges: Sequence[str], site: str | None) -> str:
    """The scores of a model and what is known of each. `badges`: paths of pictures; `site`: address of a dashboard."""
    if not rows:
        return "No scores are reported yet."
    lines = [
        "| Benchmark | Set-up | Score | What is known | Rerun | Checked |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_model_row(claim, task, site) for claim, task in rows]
    return "\n".join([*_pictures(badges, rows), *lines, "", _note(site)])


def benchmark_part(boards: Sequence[BoardPage], site: str | None) -> str:
    """The best rows of a benchmark's boards."""
    blocks = []
    for board in boards:
        lines = [f"### {markdown_cell(board.task.task_id)}", "", "| Rank | Model | Score | What is known | Changed |"]
        lines += ["| --- | --- | --- | --- | --- |", *(_board_row(row, board.task) for row in board.rows)]
        blocks.append("\n".join([*lines, "", f"{len(board.rows)} of {words.counted(board.total, 'claim')}."]))
    return "\n\n".join([*(blocks or ["No scores are reported yet."]), _note(site)])


def _model_row(claim: ClaimRecord, task: TaskRecord, site: str | None) -> str:
    name = markdown_cell(f"{task.name or task.dataset_id} · {task.task_id}")
    cells = (
        f"[{name}]({site.rstrip('/')}/claims/{claim.id}/)" if site else name,
        markdown_cell(claim.variant),
        markdown_cell(words.score(claim, task.unit)),
        _known(claim),
        _measured(claim, task.unit),
        markdown_cell("; ".join(filter(None, (_checked(claim), words.TOKEN if claim.verify_token else "")))),
    )
    return f"| {' | '.join(cells)} |"


def _checked(claim: ClaimRecord) -> str:
    return " ".join(filter(None, (claim.verified_by, words.day(claim.verified_at))))


def _board_row(row: RankedClaim, task: TaskRecord) -> str:
    claim = row.claim
    model = f"[{markdown_cell(claim.model)}](https://huggingface.co/{quote(claim.model)})"
    variant = f" ({markdown_cell(claim.variant)})" if claim.variant else ""
    score = markdown_cell(words.score(claim, task.unit))
    return f"| {rank(row)} | {model}{variant} | {score} | {_known(claim)} | {words.day(claim.changed_at)} |"


def _known(claim: ClaimRecord) -> str:
    standing = words.standing(claim)
    evidence = words.evidence(claim) if claim.verdict else words.RUNGS.get(claim.rung, claim.rung)
    about = ", ".join(filter(None, (evidence, words.signature(claim) or words.receipt_note(claim))))
    return f"{standing.symbol} {standing.word}: {markdown_cell(about)}"


def _measured(claim: ClaimRecord, unit: str | None) -> str:
    measured = words.measured(claim, unit)
    return " " if measured is None else markdown_cell(words.with_unit(words.number(measured, unit), unit))


def _pictures(badges: Sequence[str], rows: Sequence[tuple[ClaimRecord, TaskRecord]]) -> list[str]:
    if not badges:
        return []
    alt = [plain(f"{task.task_id}: {words.standing(claim).word}", 80) for claim, task in rows]
    pictures = (f"![{markdown_cell(text)}]({quote(path)})" for text, path in zip(alt, badges, strict=True))
    return [" ".join(pictures), ""]


def _note(site: str | None) -> str:
    where = f" [All scores and their history]({site})." if site else ""
    return (
        f"*Checked with [evalmark](https://github.com/evalmark/evalmark): `verified` means that a rerun agreed.*{where}"
    )
