"""Pull requests of which there is only a git ref, and those that are also stored as discussions."""

from collections.abc import Iterable, Iterator

from evalmark.localhub.community import Community
from evalmark.localhub.discussion import Comment, Discussion, Moment, Version
from evalmark.localhub.names import RepoId, hub_id
from evalmark.localhub.payloads import hub_date
from evalmark.localhub.repository import GitRepository

MAIN = "refs/heads/main"


def discussions_of(repo: RepoId, repository: GitRepository, community: Community) -> list[Discussion]:
    """All discussions and pull requests of a repo, newest first."""
    stored = {discussion.number: discussion for discussion in community.of(repo)}
    heads = repository.pull_request_heads()
    only_refs = [from_ref(repo, repository, number, heads[number]) for number in heads if number not in stored]
    return sorted([*stored.values(), *only_refs], key=lambda discussion: -discussion.number)


def discussion_of(repo: RepoId, repository: GitRepository, community: Community, number: int) -> Discussion | None:
    """The one with that number."""
    stored = community.get(repo, number)
    if stored is not None:
        return stored
    sha = repository.resolve(f"refs/pr/{number}")
    return from_ref(repo, repository, number, sha) if sha is not None else None


def open_pull_requests(repository: GitRepository, closed: frozenset[int]) -> Iterator[tuple[int, str | None, str]]:
    """Number, base and head of those that main does not hold and that are not in `closed`, newest first."""
    main = repository.resolve("main")
    for number, head in repository.pull_request_heads().items():
        base = repository.base(main, head) if main and number not in closed else None
        if number not in closed and base != head:
            yield number, base, head


def not_open(stored: Iterable[Discussion]) -> frozenset[int]:
    """The numbers of the stored ones that wait for nobody: drafts, too, are not yet shown to anybody."""
    return frozenset(discussion.number for discussion in stored if discussion.status != "open")


def next_number(repo: RepoId, repository: GitRepository, community: Community) -> int:
    """The number of the next discussion or pull request; the two share their numbers."""
    used = {discussion.number for discussion in community.of(repo)} | set(repository.pull_request_heads())
    return max(used, default=0) + 1


def from_ref(repo: RepoId, repository: GitRepository, number: int, sha: str) -> Discussion:
    """The pull request that a ref is when nothing is stored of it.

    Git knows no title, status or text: the newest commit stands for them, and what main does not hold is open.
    """
    head = repository.commit(sha)
    main = repository.resolve("main")
    merged = main is not None and repository.base(main, sha) == sha
    by = Moment(head.author, hub_date(head.date))
    return Discussion(
        id=hub_id("discussion", f"{repo}#{number}"),
        number=number,
        title=head.title,
        status="merged" if merged else "open",
        by=by,
        events=(Comment(sha[:24], (Version(head.message, by),)),),
        base=MAIN,
        merge_commit=sha if merged else None,
    )
