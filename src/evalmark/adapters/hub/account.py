"""What the holder of a token asks the Hub for: who they are, what is said to them, and to be called by a webhook."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huggingface_hub import DiscussionComment, WebhookWatchedItem
from huggingface_hub.errors import HfHubHTTPError

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.trouble import TROUBLE, in_words, patiently, says_that_nothing_is_there
from evalmark.review import Comment


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is. `orgs` are the names of their organisations."""

    id: str
    name: str
    orgs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of the account."""

    id: str
    is_new: bool


class HubAccount(HubCaller):
    """The account that a token belongs to, for all repos that it may see. All raise what a `Publisher` raises."""

    def holder(self) -> Holder:
        """Ask once: the Hub limits this question strictly."""
        told = self._ask("whose token this is", self._api.whoami)
        orgs = frozenset(str(org.get("name", "")) for org in told.get("orgs") or ())
        return Holder(str(told.get("id", "")), str(told["name"]), orgs)

    def head(self, model: str, number: int) -> str | None:
        """The newest commit of a pull request; None if it is not open, or no pull request, or not there."""
        what = f"pull request {number} of {model}"
        try:
            details = patiently(lambda: self._api.get_discussion_details(model, number))
        except TROUBLE as error:
            if says_that_nothing_is_there(error):
                return None
            raise in_words(error, what, self._endpoint) from error
        if not details.is_pull_request or details.status != "open":
            return None
        refs = self._ask(what, lambda: self._api.list_repo_refs(model, include_pull_requests=True))
        heads = {ref.ref: ref.target_commit for ref in refs.pull_requests or ()}
        return heads.get(f"refs/pr/{number}")

    def comment(self, model: str, number: int, comment: str) -> Comment | None:
        """A comment that is not hidden, by its id in whatever case; None if there is none."""
        what = f"the comments of pull request {number} of {model}"
        details = self._ask(what, lambda: self._api.get_discussion_details(model, number))
        found = (
            Comment(str(event.id), str(event.author), str(event.content))
            for event in details.events
            if isinstance(event, DiscussionComment) and event.id.lower() == comment.lower() and not event.hidden
        )
        return next(found, None)

    def members(self, owner: str) -> tuple[str, ...]:
        """The people of an organisation whom the Hub shows; none for a person, who is no organisation."""
        try:
            members = patiently(lambda: list(self._api.list_organization_members(owner)))
        except TROUBLE as error:
            if says_that_nothing_is_there(error):
                return ()
            raise in_words(error, f"the members of {owner}", self._endpoint) from error
        return tuple(member.username for member in members if member.username)

    def make_webhook(self, url: str, watched: Iterable[str], secret: str) -> Webhook:
        """A webhook that calls `url` for repos (`owner/name`) and owners; the one that is there if it has that URL."""
        known = self._ask("the webhooks of the account", self._api.list_webhooks)
        there = next((each for each in known if each.url == url), None)
        if there is not None:
            return Webhook(str(there.id), is_new=False)
        holder = self.holder()
        items: list[dict[Any, Any] | WebhookWatchedItem] = [self._watched(name, holder) for name in watched]
        made = self._once(
            "the webhook",
            lambda: self._api.create_webhook(url=url, watched=items, domains=["repo", "discussion"], secret=secret),
        )
        return Webhook(str(made.id), is_new=True)

    def _watched(self, name: str, holder: Holder) -> WebhookWatchedItem:
        if "/" in name:
            return WebhookWatchedItem(type="model", name=name)
        is_org = name in holder.orgs or (name != holder.name and not self._is_person(name))
        return WebhookWatchedItem(type="org" if is_org else "user", name=name)

    def _is_person(self, name: str) -> bool:
        try:
            patiently(lambda: self._api.get_user_overview(name))
        except HfHubHTTPError as error:
            if says_that_nothing_is_there(error):
                return False
            raise in_words(error, name, self._endpoint) from error
        return True
