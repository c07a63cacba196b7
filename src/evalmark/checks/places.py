"""Whether files stand where the Hub looks for them: `.eval_results/*.yaml` and, of a dataset repo, `eval.yaml`.

Sources: `docs/hub/eval-results.md` in huggingface/hub-docs, August 2026; files seen elsewhere: huggingface.js#2174
(results in a dataset repo), exporters that write `benchmarks.yml` and `.eval_results/<owner>/<name>/result.yaml`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evalmark.checks.registry import found
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.finding import Finding, Place, Rename
from evalmark.formats.nodes import shown

BENCHMARK_FILE = "eval.yaml"
DECLARATION = ".evalmark.toml"
_USUAL_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_USUAL_PLACE = re.compile(r"\.eval_results/[A-Za-z0-9._-]{1,95}\.yaml")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.{0,65536}?)\r?\n---", re.DOTALL)
_OF_A_DATASET = re.compile(
    r"^(?:dataset_info|size_categories|task_categories|annotations_creators|configs):", re.MULTILINE
)
_SUFFIXES = (".yaml", ".yml")


class Listed(NamedTuple):
    """A file of a repo: its path from the repo's root, and whether it is a link."""

    path: str
    is_link: bool = False


def is_dataset_card(readme: bytes) -> bool:
    """Whether a README.md begins with the keys of a dataset's card."""
    front = _FRONT_MATTER.match(readme[: 2 * 65536].decode("utf-8", "replace"))
    return front is not None and _OF_A_DATASET.search(front[1]) is not None


def place_findings(listing: Iterable[Listed], *, is_dataset: bool = False) -> tuple[Finding, ...]:
    """What is wrong with where the files of one repo stand. A repo with `eval.yaml` at its root is a dataset repo."""
    files = sorted(listing, key=lambda file: file.path)
    taken = frozenset(file.path for file in files)
    dataset = is_dataset or BENCHMARK_FILE in taken
    results = [file.path for file in files if _is_results(file.path)]
    odd = results if dataset else [path for path in results if not _USUAL_PLACE.fullmatch(path)]
    wanted = Counter(_right_path(path) for path in odd)
    free = frozenset(path for path, times in wanted.items() if times == 1 and path not in taken)
    findings = [finding for path in odd for finding in _of_results(path, free, dataset=dataset)]
    if not results:
        findings += _of_benchmarks([file.path for file in files], taken)
    findings += [_link(file.path) for file in files if file.is_link and _is_ours(file.path)]
    return tuple(findings)


def _is_results(path: str) -> bool:
    return path.endswith(_SUFFIXES) and f"/{RESULTS_FOLDER}/" in f"/{path}" and _name_of(path) not in _SUFFIXES


def _is_ours(path: str) -> bool:
    return path in (RESULTS_FOLDER, BENCHMARK_FILE) or path.startswith(f"{RESULTS_FOLDER}/")


def _right_path(path: str) -> str:
    return f"{RESULTS_FOLDER}/{_name_of(path).rpartition('.')[0]}.yaml"


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]


def _of_results(path: str, free: frozenset[str], *, dataset: bool) -> Iterator[Finding]:
    """`free` has the right paths that one file wants and none has."""
    name, right = _name_of(path), _right_path(path)
    fix = Rename(right) if right in free else None
    if path != f"{RESULTS_FOLDER}/{name}":
        yield found(
            "results-nested",
            Place(path),
            f"the Hub reads {RESULTS_FOLDER}/*.yaml at the root of a model repo, and nothing deeper",
            f"move the file to {shown(right)}" if fix else f"move the file, under a name that {RESULTS_FOLDER} lacks",
            fix,
        )
    elif name.endswith(".yml"):
        yield _suffix(path, right, fix)
    if dataset:
        yield found(
            "results-in-dataset-repo",
            Place(path),
            f"{RESULTS_FOLDER} belongs into the model's repo; in a dataset repo the Hub does not read it",
            "open a pull request with the file on the model's repo",
        )
    if not _USUAL_NAME.fullmatch(name):
        yield found(
            "results-file-name",
            Place(path),
            f"the file name {shown(name)} has spaces, brackets or other characters that tools stumble over",
            "use letters, digits, dots, hyphens and underscores",
        )


def _of_benchmarks(paths: list[str], taken: frozenset[str]) -> Iterator[Finding]:
    """`eval.yml`, and an `eval.yaml` below the root of a repo that has none at the root and reports no scores."""
    if BENCHMARK_FILE in taken:
        return
    if "eval.yml" in taken:
        yield _suffix("eval.yml", BENCHMARK_FILE, Rename(BENCHMARK_FILE))
        return
    below = [path for path in paths if _name_of(path) == BENCHMARK_FILE]
    for path in below:
        yield found(
            "benchmark-not-at-root",
            Place(path),
            f"the Hub reads {BENCHMARK_FILE} at the root of a dataset repo only",
            "move it there, if it is a benchmark; a file of another tool can stay",
            Rename(BENCHMARK_FILE) if len(below) == 1 else None,
        )


def _suffix(path: str, right: str, fix: Rename | None) -> Finding:
    return found(
        "file-suffix",
        Place(path),
        "the Hub does not read files that end in .yml",
        f"rename it to {shown(right)}" if fix else f"{shown(right)} is there too; merge the two, and delete this one",
        fix,
    )


def _link(path: str) -> Finding:
    return found(
        "file-is-a-link",
        Place(path),
        "this is a link, which the Hub does not follow and evalmark does not open",
        "put the file itself there",
    )
