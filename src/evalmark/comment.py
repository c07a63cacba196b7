"""One comment on a pull request: which one is ours, and what becomes of it.

The comment is a view. Nothing but its place in time is ever read back from it, and only if it is our own: a marker that
somebody else has posted is text like any other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from evalmark.review import Comment

KEY = re.compile(r"[A-Za-z0-9._-]{1,60}")
_MARKER = re.compile(
    r"(?:<!-- |\[//\]: # \()evalmark:sticky:v1:(?P<key>[A-Za-z0-9._-]{1,60}) sha=(?P<sha>[0-9a-f]{40}) "
    r"run=(?P<run>\d{1,18}) attempt=(?P<attempt>\d{1,6})(?: -->|\))"
)
# What a host's renderer leaves out: a comment of HTML, or where HTML may be cut away, a link that nothing refers to.
_HIDDEN = {"html": "<!-- {} -->", "link": "[//]: # ({})"}


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """When a comment was written: the number of the workflow run, which grows, and its attempt."""

    number: int
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """What we want to say. `key` tells several uses on one pull request apart; `sha` is the commit it is about.

    `hidden` is how the host hides the marker.
    """

    key: str
    sha: str
    run: Run
    text: str
    hidden: Literal["html", "link"] = "html"

    @property
    def body(self) -> str:
        """The comment as it is posted: its marker first."""
        mark = f"evalmark:sticky:v1:{self.key} sha={self.sha} run={self.run.number} attempt={self.run.attempt}"
        marker = _HIDDEN[self.hidden].format(mark)
        return f"{marker}\n{self.text}" if self.hidden == "html" else f"{marker}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Create:
    """Write a first comment."""


@dataclass(frozen=True, slots=True)
class Update:
    """Replace the body of a comment of ours."""

    comment: Comment


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove comments of ours that another one stands for: two runs wrote at once."""

    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """All is as it should be. `comment` is ours if there is one; `newer` if a later run has written it."""

    comment: Comment | None = None
    newer: bool = False


Decision: TypeAlias = Create | Update | Delete | Leave


def decide(existing: Sequence[Comment], me: str, draft: Draft, *, worth_a_first: bool) -> Decision:
    """What to do next with the comments of a pull request as they are now. Ask again after it is done, until `Leave`.

    Of several comments of ours the one of the newest run stays, of one run's the oldest. An older run overwrites
    nothing. Without any of ours, one is written only if `worth_a_first`.
    """
    ours = ((_run_of(comment, me, draft.key), place, comment) for place, comment in enumerate(existing))
    mine = sorted(((run, -place, comment) for run, place, comment in ours if run is not None), reverse=True)
    if not mine:
        return Create() if worth_a_first else Leave()
    (newest, _, stays), *others = mine
    if others:
        return Delete(tuple(comment for _, _, comment in others))
    if newest > draft.run:
        return Leave(stays, newer=True)
    return Leave(stays) if _same(stays.body, draft.body) else Update(stays)


def answered(existing: Sequence[Comment], me: str, key: str) -> str | None:
    """The commit that our comment is about, if nobody but us has touched it: then that one is dealt with."""
    ours = [comment for comment in existing if _run_of(comment, me, key) is not None and comment.edited_by in ("", me)]
    match = _MARKER.match(ours[-1].body) if ours else None
    return match["sha"] if match else None


def _run_of(comment: Comment, me: str, key: str) -> Run | None:
    """The run that wrote a comment, if that is ours: the author is, and it begins with our marker."""
    match = _MARKER.match(comment.body) if comment.author == me else None
    if match is None or match["key"] != key:
        return None
    return Run(int(match["run"]), int(match["attempt"]))


def _same(posted: str, body: str) -> bool:
    """Whether a host, which may change line ends and the space at the end, shows what we wrote.

    The marker counts: if it kept the number of an earlier run, one that ran in between could overwrite a later word.
    """
    return posted.replace("\r\n", "\n").rstrip() == body.rstrip()
