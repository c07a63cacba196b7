"""The rules for results files beyond what the parser finds."""

from collections.abc import Iterator
from datetime import date

from evalmark.checks.dates import date_findings
from evalmark.checks.notes import notes_findings
from evalmark.checks.older import pointers_of_errors, version_findings
from evalmark.checks.registry import found
from evalmark.checks.sources import source_findings
from evalmark.finding import Finding
from evalmark.formats.edits import is_score
from evalmark.formats.nodes import Mapping, Scalar, shown
from evalmark.formats.parse_results import ParsedResults

RESULTS_FOLDER = ".eval_results"
LARGEST_SCORE = 100


def results_findings(parsed: ParsedResults, now: date) -> Iterator[Finding]:
    """What the rules find in one file, in its bad entries too. `now` is today."""
    if parsed.root is None:
        return
    yield from version_findings(parsed.root, pointers_of_errors(parsed.findings))
    for node in parsed.root.items:
        if isinstance(node, Mapping):
            yield from _value_findings(node)
            yield from date_findings(node, now)
            yield from source_findings(node)
            yield from notes_findings(node)


def repo_of(path: str) -> str:
    """The folder of the model repo that a results file belongs to."""
    before, found_folder, _ = path.rpartition(f"{RESULTS_FOLDER}/")
    return before if found_folder else path.rpartition("/")[0]


def _value_findings(entry: Mapping) -> Iterator[Finding]:
    value = entry.get("value")
    if isinstance(value, Scalar) and is_score(value.value) and abs(value.value) > LARGEST_SCORE:
        yield found(
            "value-implausible",
            value.place,
            f"`value` is {shown(value.text)}, and nearly every score is from 0 to 1 or from 0 to 100",
            "check the decimal point and the metric; leave it if the leaderboard counts otherwise",
        )
