"""Which open pull requests are new since the last look: a cursor that is written down between the looks."""

from collections.abc import Iterable, Mapping

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.review import OpenPullRequest

KIND = "watch/1"


class Cursor(Frozen):
    """What has been dealt with: model → number of the pull request → its head then, 40 hex digits."""

    seen: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    def fresh(self, model: str, open_ones: Iterable[OpenPullRequest]) -> tuple[OpenPullRequest, ...]:
        """Those that are new or have moved on, oldest first."""
        known = self.seen.get(model, {})
        return tuple(sorted(each for each in open_ones if known.get(str(each.number)) != each.head))

    def having_seen(self, model: str, dealt_with: OpenPullRequest) -> "Cursor":
        """With one more dealt with."""
        known = {**self.seen.get(model, {}), str(dealt_with.number): dealt_with.head}
        return Cursor(seen={**self.seen, model: known})

    def without_closed(self, model: str, open_ones: Iterable[OpenPullRequest]) -> "Cursor":
        """Without those that are no longer open: one that is opened again is looked at again."""
        numbers = {str(each.number) for each in open_ones}
        known = {number: head for number, head in self.seen.get(model, {}).items() if number in numbers}
        others = {name: each for name, each in self.seen.items() if name != model}
        return Cursor(seen={**others, model: known} if known else others)
