"""Mend files: apply the edits of findings that have one right answer, until nothing more is to mend."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from evalmark.finding import Finding, Rename, Replace, Severity
from evalmark.formats.document import read_document
from evalmark.formats.edits import edited

# One mended key can bring the next finding to light; more rounds than this would be a fix that undoes another.
MOST_ROUNDS = 5
Check = Callable[[Mapping[str, bytes]], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Mended:
    """New contents by the old path, where the text changed; new path by the old one, where the file moves."""

    contents: Mapping[str, bytes]
    moves: Mapping[str, str]


def mend(files: Mapping[str, bytes], check: Check) -> Mended:
    """Apply what `check` says can be mended. A file that would not be readable afterwards is left as it is."""
    now = dict(files)
    for _ in range(MOST_ROUNDS):
        edits = _edits(check(now))
        changed = {path: text for path in edits if (text := _edited(path, now[path], edits[path])) != now[path]}
        if not changed:
            break
        now |= changed
    return Mended({path: text for path, text in now.items() if text != files[path]}, {})


def moves(findings: Iterable[Finding], root: str) -> Mapping[str, str]:
    """New path by old path of the files that belong elsewhere in their repo, which lies below `root`."""
    return {
        f"{root}{finding.place.path}": f"{root}{finding.fix.path}"
        for finding in findings
        if isinstance(finding.fix, Rename)
    }


def _edits(findings: Iterable[Finding]) -> Mapping[str, list[Replace]]:
    """By file. A file whose YAML is wrong in a way that nothing mends is not touched: its meaning is not sure."""
    found = tuple(findings)
    unsure = {
        finding.place.path
        for finding in found
        if finding.rule.startswith("yaml-") and finding.severity is Severity.ERROR and finding.fix is None
    }
    edits: defaultdict[str, list[Replace]] = defaultdict(list)
    for finding in found:
        if isinstance(finding.fix, Replace) and finding.place.path not in unsure:
            edits[finding.place.path].append(finding.fix)
    return edits


def _edited(path: str, content: bytes, edits: list[Replace]) -> bytes:
    """With the edits; of two in one place the second is made in the next round."""
    mended = edited(content, edits)
    return mended if read_document(path, mended).root is not None else content
