"""The page of a claim: its numbers, what is known of it, and its story from submission to receipt."""

from collections.abc import Sequence
from typing import Any, Final

from evalmark.board import RankedClaim
from evalmark.ports import Records
from evalmark.query import Condition, Page
from evalmark.record import ClaimRecord, DisputeRecord, EventRecord, ReceiptRecord, TaskRecord, VerdictRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses, board_page, conflict_pages, receipts, stories
from evalmark.web.site.places import Link, source
from evalmark.web.site.rendering import Look, PageAnswer, html
from evalmark.web.site.rows import make_row, rank

_MOST: Final = 200


def answer(records: Records, identifier: str, look: Look) -> PageAnswer | None:
    """All about a claim; of one that is withdrawn, its story; None if nothing is known."""
    of_claim = (Condition("claim", "=", identifier),)
    found = records.find(ClaimRecord, (Condition("id", "=", identifier),), (), Page(0, 1))
    events = records.find(EventRecord, of_claim, ("at",), Page(0, _MOST))
    if not found and not events:
        return None
    verdicts = records.find(VerdictRecord, of_claim, ("at",), Page(0, _MOST))
    first = found[0] if found else events[0]
    task = _task(records, first)
    return html(
        "claim.html",
        addresses.claim(identifier),
        look,
        model=plain(first.model, 160),
        model_address=addresses.model(first.model),
        board=plain((task.name if task else None) or first.dataset_id, 120),
        board_task=plain(first.task_id, 80),
        board_address=addresses.board(first.dataset_id, first.task_id) if task else "",
        variant=plain(first.variant, 160),
        claim=_shown(records, found[0], task, look) if found and task else None,
        proof=stories.read_proof(verdicts[-1].body) if verdicts else None,
        steps=stories.story(events, verdicts, look.hosts),
        conflicts=conflict_pages.shown(records, _disputes(records, first, identifier), look),
        receipts=receipts.shown(records.find(ReceiptRecord, of_claim, ("path", "id"), Page(0, _MOST)), look.hosts),
    )


def _task(records: Records, of: ClaimRecord | EventRecord) -> TaskRecord | None:
    where = (Condition("dataset_id", "=", of.dataset_id), Condition("task_id", "=", of.task_id))
    return next(iter(records.find(TaskRecord, where, (), Page(0, 1))), None)


def _shown(records: Records, claim: ClaimRecord, task: TaskRecord, look: Look) -> dict[str, Any]:
    """The numbers of the claim, and where it stands."""
    unit = task.unit
    row = make_row(
        RankedClaim(claim.rank, claim.tied, claim), task, board_page.span_of(records, task), look.hosts, look.has_page
    )
    measured, ends = words.measured(claim, unit), words.interval(claim, unit)
    return {
        "row": row,
        "measured": "" if measured is None else words.with_unit(words.number(measured, unit), unit),
        "ends": "" if ends is None else " – ".join(words.number(end, unit) for end in ends),
        "rank": rank(RankedClaim(claim.rank, claim.tied, claim)) or "none",
        "known": _known(claim),
        "places": _places(claim, look),
    }


def _known(claim: ClaimRecord) -> list[tuple[str, Link]]:
    """What the claim itself says, and what is known of it."""
    on_hub = {True: "it shows this score", False: "it does not show this score", None: ""}[claim.hub_shown]
    if claim.hub_verified:
        on_hub = f"{on_hub}, with its own badge “verified”".removeprefix(", ")
    identity = "" if claim.measured is None else (
        "the claimed repo at its commit ran" if claim.identity_proved else "not proved: a model served under a name ran"
    )  # fmt: skip
    facts = (
        ("Evidence", Link(words.evidence(claim))),
        ("Identity of the model", Link(identity)),
        ("Rerun by", Link(plain(claim.verified_by or "", 60))),
        ("Rerun on", Link(words.minute(claim.verified_at))),
        ("Receipt", Link(words.signature(claim) or words.receipt_note(claim))),
        ("Written as", Link(plain(claim.digits, 40))),
        ("Unit", Link(claim.unit or "nobody says")),
        ("Notes", Link(plain(claim.notes or ""))),
        ("Source", source(claim.source_url, claim.source_name) or Link("")),
        ("Source's address", Link(plain(claim.source_url or "") if source(claim.source_url, None) else "")),
        ("Date of the entry", Link(plain(claim.date or "", 40))),
        ("Benchmark's revision", Link(plain(claim.dataset_revision or "", 64))),
        ("The Hub", Link(on_hub)),
        ("Token", Link(words.TOKEN if claim.verify_token else "")),
        ("Size", Link(words.size(claim.parameters))),
    )
    return [fact for fact in facts if fact[1].text]


def _places(claim: ClaimRecord, look: Look) -> list[tuple[str, Link]]:
    hosts = look.hosts
    where = Link(
        f"{plain(claim.repo, 120)} on {words.ORIGINS.get(claim.origin, plain(claim.origin, 20))}",
        hosts.repo(claim.origin, claim.repo),
    )
    branch = "main" if claim.state == "main" else "an open pull request"
    found = (
        ("Repo", where),
        ("Branch", Link(branch)),
        ("Pull request", hosts.pull_request(claim.origin, claim.repo, claim.pull_request)),
        ("File", hosts.line(claim)),
        ("Entry", Link(f"[{claim.position}]")),
        ("Commit", hosts.commit(claim.origin, claim.repo, claim.commit)),
        ("Submitted", Link(words.minute(claim.submitted_at))),
        ("Changed", Link(words.minute(claim.changed_at))),
        ("Author", Link(plain(claim.author, 60))),
    )
    return [(name, link) for name, link in found if link is not None and link.text]


def _disputes(records: Records, of: ClaimRecord | EventRecord, identifier: str) -> Sequence[DisputeRecord]:
    where = (
        Condition("model", "=", of.model),
        Condition("dataset_id", "=", of.dataset_id),
        Condition("task_id", "=", of.task_id),
    )
    return [each for each in records.find(DisputeRecord, where, ("kind", "id")) if identifier in each.claims]
