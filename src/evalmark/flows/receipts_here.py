"""The receipts of one repo: those that lie in it, and those that were brought, claim by claim."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from evalmark.flows.claim_records import declared_unit
from evalmark.flows.found_receipts import (
    Benchmark,
    LookedAt,
    ReceiptFile,
    Trust,
    Where,
    as_in_receipts,
    look,
    receipt_file,
)
from evalmark.flows.proofs import by_claim
from evalmark.formats.variants import usual_notes
from evalmark.freshness import Today
from evalmark.history import Heads, Standing, pull_number
from evalmark.ports import Commits, Place
from evalmark.ports.places import LARGEST_RECEIPT, RECEIPTS_FOLDER
from evalmark.receipt import ClaimToday, no_longer_said, subject_of

MOST: Final = 1000
MOST_PROPOSED: Final = 100
"""Of a pull request, which anybody may fill."""


def receipts_here(place: Place, commits: Commits | None, now: Heads) -> Iterator[ReceiptFile]:
    """The receipts on main, and what open pull requests bring beside them."""
    name = place.name
    if commits is None:
        for path, body in place.receipts().items():
            yield receipt_file(body, Where("repo", name.repo, path))
        return
    tip = now.refs.get(name.main)
    main = _at(commits, tip, MOST)
    for path, body in main.items():
        yield receipt_file(body, Where("repo", name.repo, path, tip))
    opened = {state.number for state in now.states if state.state == "open"}
    for ref, head in sorted(now.refs.items()):
        number = pull_number(ref)
        if number in opened:
            brought = _at(commits, head, MOST + MOST_PROPOSED).items() - main.items()
            for path, body in sorted(brought)[:MOST_PROPOSED]:
                yield receipt_file(body, Where("repo", name.repo, path, head, number))


def _at(commits: Commits, commit: str | None, most: int) -> dict[str, bytes]:
    found = commits.folder(commit, RECEIPTS_FOLDER, LARGEST_RECEIPT, most) if commit is not None else {}
    return {path: body for path, body in found.items() if path.endswith(".json")}


class Receipts:
    """The receipts that may be about the claims of a repo. What is about none of them is left in the end."""

    def __init__(self, files: Iterable[ReceiptFile], trust: Trust, now: datetime) -> None:
        self._files = tuple({file.body: file for file in reversed(tuple(files))}.values())[::-1]
        self._by_claim = by_claim(self._files)
        self._trust = trust
        self._now = now
        self._taken: set[bytes] = set()

    @property
    def left(self) -> list[ReceiptFile]:
        """Those that were about no claim."""
        return [file for file in self._files if file.body not in self._taken]

    def on(
        self, standing: Standing, model: str, values: frozenset[str], today: Today, benchmark: Benchmark
    ) -> tuple[LookedAt, ...]:
        """Those about a claim. `values`: all that it has ever said, as written: one on another score is about another.

        `today`: what it says now and what it is about now.
        """
        entry = standing.entry.entry
        about = (model, entry.dataset.id, entry.dataset.task_id, usual_notes(entry.notes))
        of_task = self._by_claim.get(about, ())
        said = as_in_receipts(values) if of_task else frozenset()
        found = [file for file in of_task if file.is_about(about, said)]
        self._taken |= {file.body for file in found}
        unit = declared_unit(benchmark, entry.dataset.task_id)
        return tuple(
            look(file, self._trust, benchmark, self._now, _as_it_stands(file, about, entry.notes, unit, today))
            for file in found
        )


def _as_it_stands(
    file: ReceiptFile, about: tuple[str, str, str, str], notes: str | None, unit: str | None, today: Today
) -> ClaimToday | str:
    """The claim as it stands. Where nobody declares the unit, the receipt's own holds."""
    own = file.said.receipt.claim.unit if file.said else "unknown"
    try:
        subject = subject_of(*about[:3], notes, today.digits, unit or own)
    except ValueError:
        return no_longer_said(today.digits)
    return ClaimToday(subject, today.weights, today.named_revision or today.benchmark_revision)
