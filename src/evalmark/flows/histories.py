"""The history of one repo, put together from its commits and what its host says of its pull requests."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from evalmark.errors import CouldNotFinish
from evalmark.history import Heads, PullHistory, RepoHistory, RepoName, pull_number
from evalmark.ports import Commits
from evalmark.review import Ending, PullState

NOTHING: Final = Ending()


def guessed_states(commits: Commits, pulls: Mapping[str, str], tip: str) -> tuple[PullState, ...]:
    """How pull requests stand where no host can be asked: one that main's newest commit has behind it is merged."""
    numbers = ((number, commit) for ref, commit in pulls.items() if (number := pull_number(ref)) is not None)
    return tuple(
        PullState(number, "merged" if commits.merge_base(tip, commit) == commit else "open")
        for number, commit in numbers
    )


def repo_history(name: RepoName, commits: Commits, now: Heads, ending: Callable[[int], Ending]) -> RepoHistory:
    """Read a repo's history. Raises `CouldNotFinish` if it has no main branch, and what the ports raise."""
    tip = now.refs.get(name.main)
    if tip is None:
        raise CouldNotFinish(f"{name.repo} has no branch {name.main.removeprefix('refs/heads/')}", "check its name")
    return RepoHistory(
        name.origin, name.repo, name.model, commits.versions(tip), tuple(_pulls(commits, now, tip, ending))
    )


def _pulls(commits: Commits, now: Heads, tip: str, ending: Callable[[int], Ending]) -> Iterator[PullHistory]:
    states = {state.number: state.state for state in now.states}
    for ref, head in sorted(now.refs.items(), key=lambda item: pull_number(item[0]) or 0):
        number = pull_number(ref)
        if number is None or number not in states:
            continue
        state = states[number]
        ended = NOTHING if state == "open" else ending(number)
        base = commits.branched_at(tip, head)
        versions = commits.versions(head, since=base) if base is not None and base != head else ()
        if base is not None and versions:
            yield PullHistory(number, state, commits.version(base), versions, ended.at, ended.by)
