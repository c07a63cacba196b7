"""What `evalmark card` does once its arguments are read."""

import argparse
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from evalmark.adapters.artifacts import make_folder, write_whole
from evalmark.adapters.duck import DuckRecords
from evalmark.adapters.tree.model import remote_name_of
from evalmark.cli import options
from evalmark.errors import ExitCode, UsageProblem
from evalmark.flows.boards import EVERYTHING, board_page
from evalmark.query import Condition, Page
from evalmark.record import ClaimRecord, TaskRecord
from evalmark.report.badge import badge_as_endpoint, badge_as_svg, badge_of
from evalmark.report.card import benchmark_part, model_part, with_part

BADGES = Path(".evalmark/badges")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class _Written:
    """A README's part, and the files beside it."""

    part: str
    files: dict[Path, str] = field(default_factory=dict)


def run(args: argparse.Namespace) -> ExitCode:
    """Write the README and the badges, or say what would be written."""
    readme = args.folder / "README.md"
    text = _read(readme)
    made = _made(args, DuckRecords(args.store))
    wanted = with_part(text, made.part)
    if wanted is None:
        raise UsageProblem(f"the markers of evalmark in {readme} make no pair", "leave one of each, or none")
    files = {readme: wanted, **{args.folder / path: body for path, body in made.files.items()}}
    changed = [path for path, body in files.items() if _read(path) != body]
    if args.dry_run:
        print(made.part)
    elif args.check:
        print("\n".join(f"{path} is not up to date" for path in changed) or f"{readme} is up to date")
        return ExitCode.FOUND if changed else ExitCode.FINE
    else:
        for path in changed:
            make_folder(path.parent)
            write_whole(path, files[path])
        print("\n".join(f"wrote {path}" for path in changed) or f"{readme} is up to date")
    return ExitCode.FINE


def _made(args: argparse.Namespace, records: DuckRecords) -> _Written:
    named = args.repo or remote_name_of(args.folder)
    if named is None:
        raise UsageProblem(f"{args.folder} has no git remote that names a repo", "add --repo owner/name")
    name, site = options.repo_name(named, "--repo"), _site(args.site)
    tasks = {(task.dataset_id, task.task_id): task for task in records.find(TaskRecord)}
    of_benchmark = [
        task for (dataset, task_id), task in sorted(tasks.items()) if dataset == name and args.task in (None, task_id)
    ]
    if of_benchmark:
        boards = [board_page(records, task, EVERYTHING, Page(0, args.rows)) for task in of_benchmark]
        return _Written(benchmark_part(boards, site))
    where = (Condition("model", "=", name), Condition("state", "=", "main"))
    claims = records.find(ClaimRecord, where, ("dataset_id", "task_id", "place"))
    if not claims:
        raise UsageProblem(f"the store has nothing about {name}", f"collect it first: evalmark sync {name}")
    rows = [(claim, tasks[claim.dataset_id, claim.task_id]) for claim in claims]
    if args.no_badges:
        return _Written(model_part(rows, (), site))
    return _with_badges(rows, site)


def _with_badges(rows: list[tuple[ClaimRecord, TaskRecord]], site: str | None) -> _Written:
    paths: list[str] = []
    files: dict[Path, str] = {}
    for claim, task in rows:
        badge = badge_of(claim, task.name or task.task_id, task.unit)
        path = BADGES / f"{_slug(claim)}.svg"
        paths.append(path.as_posix())
        files |= {path: badge_as_svg(badge), path.with_suffix(".json"): badge_as_endpoint(badge)}
    return _Written(model_part(rows, paths, site), files)


def _slug(claim: ClaimRecord) -> str:
    """A file name that stays the same, and is one on every system."""
    name = "-".join(filter(None, (claim.task_id, claim.variant)))
    readable = _ODD.sub("-", name).strip(".-")[:60] or "score"
    return f"{readable}-{hashlib.sha256(claim.id.encode()).hexdigest()[:6]}"


def _site(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s()<>\"'\\]", url):
        raise UsageProblem(f"`--site {url[:200]}` is no address of the web", "write --site https://…")
    return url


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{path} cannot be read as text", "make it a README.md in UTF-8") from error
