"""`evalmark check --fix` and `--diff`."""

import difflib
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evalmark.adapters.artifacts import move_new, replace_content
from evalmark.adapters.tree.checked import CheckedFiles
from evalmark.checks.places import place_findings
from evalmark.cli.check.settings import CheckSettings
from evalmark.finding import Finding
from evalmark.flows.check import check
from evalmark.flows.mend import Mended, mend, moves


def mend_repo(repo: CheckedFiles, settings: CheckSettings) -> CheckedFiles:
    """Mend the files of a repo; returns it as it is afterwards."""
    mended = _mended(repo, settings)
    for path, content in mended.contents.items():
        replace_content(Path(path), content)
    for old, new in mended.moves.items():
        move_new(Path(old), Path(new))
    for path in sorted({*mended.contents, *mended.moves}):
        to = f" -> {mended.moves[path]}" if path in mended.moves else ""
        print(f"mended {path}{to}", file=sys.stderr)
    return _afterwards(repo, mended)


def difference(repo: CheckedFiles, settings: CheckSettings) -> str:
    """What `mend_repo` would change, as a unified diff."""
    mended = _mended(repo, settings)
    parts = [f"rename {old} -> {new}\n" for old, new in mended.moves.items()]
    for path, content in mended.contents.items():
        before, after = (
            text.decode("utf-8", "replace").splitlines(keepends=True) for text in (repo.files[path], content)
        )
        parts += difflib.unified_diff(before, after, path, path)
    return "".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def _mended(repo: CheckedFiles, settings: CheckSettings) -> Mended:
    def findings_in(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
        return check(files, datetime.now(UTC).date(), selected=settings.selection)

    placed = place_findings(repo.listing, is_dataset=repo.is_dataset)
    belong_elsewhere = moves((finding for finding in placed if settings.selection.keeps(finding)), repo.root)
    return replace(mend(repo.files, findings_in), moves=belong_elsewhere)


def _afterwards(repo: CheckedFiles, mended: Mended) -> CheckedFiles:
    contents = {**repo.files, **mended.contents}
    files = {mended.moves.get(path, path): content for path, content in contents.items()}
    moved = {old.removeprefix(repo.root): new.removeprefix(repo.root) for old, new in mended.moves.items()}
    listing = tuple(file._replace(path=moved.get(file.path, file.path)) for file in repo.listing)
    return repo._replace(files=files, listing=listing)
