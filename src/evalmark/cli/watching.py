"""What `evalmark watch` does once its arguments are read."""

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.artifacts import make_folder, read_if_there, write_whole
from evalmark.adapters.hub import HubClient, HubPublisher, HubReviews
from evalmark.cli import options
from evalmark.cli.bot import Bot, bot_of
from evalmark.cli.hub_names import OnHub
from evalmark.cli.settings import read_settings
from evalmark.comment import answered
from evalmark.errors import CouldNotFinish, EvalmarkError, ExitCode, Interrupted, UsageProblem
from evalmark.flows.answer import KEY
from evalmark.flows.watch import KIND, Cursor
from evalmark.report.escape import plain
from evalmark.review import OpenPullRequest
from evalmark.web.webhook import Ignored, meaning, parse

WEBHOOK_PAYLOAD = "WEBHOOK_PAYLOAD"
# Two questions a model; 1,000 in five minutes are free for an account (Hub's documentation, September 2025).
MANY_MODELS = 100
PACE_SECONDS = 0.7


def run(args: argparse.Namespace) -> ExitCode:
    """Look once, or again and again until Ctrl-C."""
    settings = read_settings()
    bot = bot_of(args, settings)
    out = make_folder(args.out)
    watcher = _Watcher(bot, out, args.state or out / "watch.json")
    if args.from_webhook:
        return _after(watcher.deal_with_event(settings.environment.get(WEBHOOK_PAYLOAD), frozenset(args.models)))
    client = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
    while True:
        failed = watcher.look(_models(args, client))
        if args.every is None:
            return _after(failed)
        time.sleep(args.every * 60)


def _after(failed: int) -> ExitCode:
    return ExitCode.UNFINISHED if failed else ExitCode.FINE


def _models(args: argparse.Namespace, client: HubClient) -> tuple[str, ...]:
    named = [options.repo_name(name, "OWNER/NAME") for name in args.models]
    for author in args.author:
        named += client.models_of(author)
    for benchmark in args.on_board:
        named += client.models_on_board(options.repo_name(benchmark, "--on-board"))
    if not named:
        raise UsageProblem("no model is named, so there is nothing to watch", "name some, or --author, or --on-board")
    return tuple(dict.fromkeys(named))


class _Watcher:
    """Remembers in a file what has been dealt with, after each pull request."""

    def __init__(self, bot: Bot, out: Path, state: Path) -> None:
        self._bot = bot
        self._out = out
        self._state = state
        self._cursor = _read(state)

    def look(self, models: Iterable[str]) -> int:
        """Deal with what is new; how many could not be dealt with, and will be tried again at the next look."""
        names = tuple(models)
        failed = 0
        for model in names:
            try:
                failed += self._look_at(model)
            except Interrupted:
                raise
            except EvalmarkError as error:
                _say(f"{model}: {error.message}; {error.advice}")
                failed += 1
            if len(names) > MANY_MODELS:
                time.sleep(PACE_SECONDS)
        return failed

    def deal_with_event(self, payload: str | None, watched: frozenset[str]) -> int:
        """Deal with the pull requests that a webhook of the Hub is about; how many could not be dealt with."""
        happened = parse(payload.encode()) if payload else None
        if happened is None:
            _say(f"{WEBHOOK_PAYLOAD} holds no event of the Hub, so there is nothing to do")
            return 0
        means = meaning(happened, watched, None)
        if not isinstance(means, tuple):
            _say(f"nothing to do: {means.why if isinstance(means, Ignored) else 'a command, which this does not take'}")
            return 0
        return sum(self._look_at(model, number) for model, number in {(each.model, each.number) for each in means})

    def _look_at(self, model: str, number: int | None = None) -> int:
        settings = self._bot.settings
        reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, model)
        open_ones = reviews.open_ones()
        self._keep(self._cursor.without_closed(model, open_ones))
        fresh = [each for each in self._cursor.fresh(model, open_ones) if number in (None, each.number)]
        return sum(not self._deal_with(model, each) for each in fresh)

    def _deal_with(self, model: str, pull_request: OpenPullRequest) -> bool:
        name = OnHub(model, number=pull_request.number)
        try:
            if self._is_answered(model, pull_request):
                self._keep(self._cursor.having_seen(model, pull_request))
                return True
            done = self._bot.deal_with(name, self._out / model / str(pull_request.number))
        except Interrupted:
            raise
        except EvalmarkError as error:
            _say(f"{name}: {error.message}; {error.advice}")
            return False
        _say(f"{name} at {pull_request.head[:12]}: {done}")
        if not self._bot.dry_run:
            self._keep(self._cursor.having_seen(model, pull_request))
        return True

    def _is_answered(self, model: str, pull_request: OpenPullRequest) -> bool:
        """Whether our own comment is about this very commit: a machine without memory does not do it all again."""
        settings = self._bot.settings
        if not settings.token:
            return False
        publisher = HubPublisher(settings.endpoint, settings.token, model)
        return answered(publisher.comments(pull_request.number), publisher.me(), KEY) == pull_request.head

    def _keep(self, cursor: Cursor) -> None:
        if cursor != self._cursor:
            self._cursor = cursor
            write_whole(self._state, artifact.dumps(KIND, cursor.model_dump(mode="json")))


def _read(state: Path) -> Cursor:
    text = read_if_there(state)
    if text is None:
        return Cursor()
    try:
        return Cursor.model_validate(artifact.loads(KIND, text))
    except ValueError as error:
        raise CouldNotFinish(
            f"{state} is not what evalmark watch has written",
            "remove it: all open pull requests are then looked at anew",
        ) from error


def _say(text: str) -> None:
    print(plain(text, 600), file=sys.stderr, flush=True)
