"""What the bot asks the Hub: who it is, where a pull request stands, who wrote a comment; and its webhook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from huggingface_hub import DiscussionComment, HfApi, WebhookWatchedItem
from huggingface_hub.errors import HfHubHTTPError

from evalmark.adapters.hub import HubPublisher
from evalmark.adapters.hub.trouble import TROUBLE, in_words, patiently, says_that_nothing_is_there
from evalmark.flows.dry_run import DryRun
from evalmark.ports import Publisher
from evalmark.web.commands import Allowed, Command, command_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is. `orgs` are the names of their organisations."""

    id: str
    name: str
    orgs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as the Hub has it, whatever the webhook said."""

    author: str
    command: Command | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of the account."""

    id: str
    is_new: bool


class HubDesk:
    """The Hub at `endpoint`, for the holder of `token`. All raise what a `Publisher` raises."""

    def __init__(self, endpoint: str, token: str | None, say: Callable[[str], None] | None = None) -> None:
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._endpoint = endpoint
        self._token = token
        self._say = say
        """Where a dry run tells what it would write; None: it is written."""

    def account(self) -> Account:
        """Ask once: the Hub limits this question strictly."""
        told = self._done("whose token this is", lambda: patiently(self._api.whoami))
        orgs = frozenset(str(org.get("name", "")) for org in told.get("orgs") or ())
        return Account(str(told.get("id", "")), str(told["name"]), orgs)

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
        refs = self._done(what, lambda: patiently(lambda: self._api.list_repo_refs(model, include_pull_requests=True)))
        heads = {ref.ref: ref.target_commit for ref in refs.pull_requests or ()}
        return heads.get(f"refs/pr/{number}")

    def comment(self, model: str, number: int, comment: str) -> Said | None:
        """A comment that is not hidden, by its id; None if there is none."""
        what = f"the comments of pull request {number} of {model}"
        details = self._done(what, lambda: patiently(lambda: self._api.get_discussion_details(model, number)))
        found = (
            Said(str(event.author), command_in(event.content))
            for event in details.events
            if isinstance(event, DiscussionComment) and event.id.lower() == comment.lower() and not event.hidden
        )
        return next(found, None)

    def may(self, author: str, model: str, allowed: Allowed) -> bool:
        """Whether somebody may give commands on a model's pull requests."""
        if allowed.surely(author, model):
            return True
        owner = model.partition("/")[0]
        return allowed.members and author.lower() in {name.lower() for name in self._members(owner)}

    def publisher(self, model: str) -> Publisher:
        """Where an answer goes."""
        real = HubPublisher(self._endpoint, self._token, model)
        return DryRun(real, self._say) if self._say else real

    def make_webhook(self, url: str, watched: Iterable[str], secret: str) -> Webhook:
        """A webhook that calls `url` for repos (`owner/name`) and owners; the one that is there if it has that URL."""
        known = self._done("the webhooks of the account", lambda: patiently(self._api.list_webhooks))
        there = next((each for each in known if each.url == url), None)
        if there is not None:
            return Webhook(str(there.id), is_new=False)
        account = self.account()
        items: list[dict[Any, Any] | WebhookWatchedItem] = [self._watched(name, account) for name in watched]
        made = self._done(
            "the webhook",
            lambda: self._api.create_webhook(url=url, watched=items, domains=["repo", "discussion"], secret=secret),
        )
        return Webhook(str(made.id), is_new=True)

    def _watched(self, name: str, account: Account) -> WebhookWatchedItem:
        if "/" in name:
            return WebhookWatchedItem(type="model", name=name)
        is_org = name in account.orgs or (name != account.name and not self._is_person(name))
        return WebhookWatchedItem(type="org" if is_org else "user", name=name)

    def _is_person(self, name: str) -> bool:
        try:
            patiently(lambda: self._api.get_user_overview(name))
        except HfHubHTTPError as error:
            if says_that_nothing_is_there(error):
                return False
            raise in_words(error, name, self._endpoint) from error
        return True

    def _members(self, owner: str) -> tuple[str, ...]:
        """Those that the Hub shows; none for a person, who is no organisation."""
        try:
            members = patiently(lambda: list(self._api.list_organization_members(owner)))
        except TROUBLE as error:
            if says_that_nothing_is_there(error):
                return ()
            raise in_words(error, f"the members of {owner}", self._endpoint) from error
        return tuple(member.username for member in members if member.username)

    def _done(self, what: str, do: Callable[[], T]) -> T:
        try:
            return do()
        except TROUBLE as error:
            raise in_words(error, what, self._endpoint) from error
