"""Reading the corpus: each case is a folder that stands for a repo.

`valid/<rule-id>/<case>/` holds what comes near the rule without breaking it, `valid/any/<case>/` what
is about several rules. `invalid/<rule-id>/<case>/` breaks the rule. `expected.txt` has the findings, one a line:
`line:column rule-id message`, with the path before it if the case has several files; a valid case may have
notes there that are neither errors nor warnings.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from evalmark.checks.places import Listed, is_dataset_card, place_findings
from evalmark.finding import Finding, by_place
from evalmark.flows.check import check

CORPUS = Path(__file__).parent
TODAY = date(2026, 11, 24)
VALID = sorted((CORPUS / "valid").glob("*/*"))
INVALID = sorted((CORPUS / "invalid").glob("*/*"))

_EXPECTED = "expected.txt"


def case_name(case: Path) -> str:
    """How a test names a case."""
    return str(case.relative_to(CORPUS))


def files_of(case: Path) -> dict[str, bytes]:
    """The files that have a format, by path inside the repo."""
    candidates = (*sorted(case.glob(".eval_results/*.yaml")), case / "eval.yaml", case / ".evalmark.toml")
    return {
        file.relative_to(case).as_posix(): file.read_bytes()
        for file in candidates
        if file.is_file() and not file.is_symlink() and not file.parent.is_symlink()
    }


def listing_of(case: Path) -> list[Listed]:
    """Every path of the repo."""
    files = (path for path in case.rglob("*") if (path.is_symlink() or path.is_file()) and path.name != _EXPECTED)
    return [Listed(path.relative_to(case).as_posix(), path.is_symlink()) for path in files]


@cache
def findings_of(case: Path) -> tuple[Finding, ...]:
    """Everything that is found without facts."""
    card = case / "README.md"
    is_dataset = card.is_file() and is_dataset_card(card.read_bytes())
    return by_place((*check(files_of(case), TODAY), *place_findings(listing_of(case), is_dataset=is_dataset)))


def as_expected(case: Path, findings: tuple[Finding, ...]) -> str:
    """The findings as `expected.txt` has them."""
    several = len(listing_of(case)) > 1
    return "".join(
        f"{f'{item.place.path}:' if several else ''}{item.place.line}:{item.place.column} {item.rule} {item.message}\n"
        for item in findings
    )


def expected(case: Path) -> str:
    """What stands in `expected.txt`; nothing if there is none."""
    file = case / _EXPECTED
    return file.read_text("utf-8") if file.exists() else ""


def all_files() -> Mapping[str, bytes]:
    """Every file with a format in the corpus, by its path from the corpus."""
    return {f"{case_name(case)}/{path}": text for case in (*VALID, *INVALID) for path, text in files_of(case).items()}
