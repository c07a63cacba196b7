"""Files written into the user's folder: shown and asked about first, then all at once."""

import difflib
import sys
from collections.abc import Mapping
from pathlib import Path

from evalmark.adapters.placing import existing, place
from evalmark.cli import options
from evalmark.cli.asking import Asker, Question
from evalmark.errors import UsageProblem
from evalmark.report.escape import painted, plain

COLOURS = {"+": "32", "-": "31", "@": "36"}


def say(text: str = "") -> None:
    """To the person, beside what a program may read from standard output."""
    print(text, file=sys.stderr, flush=True)


def wrong_name(answer: str) -> str | None:
    """What is wrong with the name of a repo, if anything is."""
    return None if options.REPO_NAME.fullmatch(answer) else "write owner/name"


def difference(name: str, before: bytes, after: bytes, *, colour: bool) -> str:
    """A unified diff, harmless for a terminal."""
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    lines = difflib.unified_diff(old, new, f"{name} (as it is)", f"{name} (new)", lineterm="")
    return "".join(f"{painted(line[:1] + harmless(line[1:]), COLOURS.get(line[:1], '0'), colour)}\n" for line in lines)


def harmless(line: str) -> str:
    """A line of a file for a terminal, indented as it is."""
    rest = line.lstrip(" ")
    return " " * (len(line) - len(rest)) + plain(rest, 200)


def may_replace(asker: Asker, name: str, before: bytes, after: bytes, *, colour: bool) -> bool:
    """Show what would change, and ask. The same content needs no yes."""
    if before == after:
        return True
    say(f"\n{name} is there already. This would change:\n")
    say(difference(name, before, after, colour=colour))
    return asker.confirm(Question(f"Replace {name}?", "--yes"), default=False)


def write(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write what is not there yet in that form; the names of what was written. Raises what `place` raises."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageProblem(f"{folder} cannot be a folder: {error.strerror}", "give another --out") from error
    there = existing(folder, list(files))
    new = {name: content for name, content in files.items() if there.get(name) != content}
    place(folder, new)
    return tuple(new)
