"""The benchmarks that may run: their owners choose prompts and scorers, so the repo's owner names those he trusts."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from evalmark.errors import UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.formats.nodes import shown

LINE = re.compile(r"([A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96})(?:@([0-9a-f]{40}))?")

Allowed: TypeAlias = Mapping[str, str | None]
"""Dataset → the only commit that may run, or None for whichever the claim names, else main's."""


def parse_allowed(lines: Iterable[str]) -> Allowed:
    """`owner/name` or `owner/name@<40 hex>`, one a line. Raises `UsageProblem`."""
    found: dict[str, str | None] = {}
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None:
            raise UsageProblem(
                f"`benchmarks` has the line `{shown(line)}`, which names no benchmark",
                "write owner/name, or owner/name@ with all 40 digits of a commit, one a line",
            )
        if match[1] in found:
            raise UsageProblem(f"`benchmarks` names {match[1]} twice", "leave one of the two lines")
        found[match[1]] = match[2]
    return found


def allowed_ref(ref: BenchmarkRef, allowed: Allowed) -> BenchmarkRef | BenchmarkMissing:
    """The benchmark at the commit that may run; or why none may."""
    if ref.dataset_id not in allowed:
        return BenchmarkMissing(
            f"`{ref.dataset_id}` is not among the benchmarks that this repo allows to run",
            f"if you trust its owner, add a line to `benchmarks` in the workflow: {ref.dataset_id}",
            surely=True,
            allowed=False,
        )
    pinned = allowed[ref.dataset_id]
    if pinned is None or ref.revision in (None, pinned):
        return BenchmarkRef(ref.dataset_id, pinned or ref.revision)
    return BenchmarkMissing(
        f"the entry names commit {ref.revision} of `{ref.dataset_id}`, and this repo allows {pinned[:12]} only",
        f"to allow that one, write it into `benchmarks` in the workflow: {ref.dataset_id}@{ref.revision}",
        surely=True,
        allowed=False,
    )
