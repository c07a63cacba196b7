"""What `evalmark serve` does once its arguments are read."""

import argparse
import contextlib
import fcntl
import importlib
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from evalmark.adapters.artifacts import read_if_there
from evalmark.adapters.hub import HubAccount, HubPublisher
from evalmark.adapters.inspect_runner.session import hide_own_memory
from evalmark.cli.bot import bot_of
from evalmark.cli.hub_names import OnHub
from evalmark.cli.serve.http import listening, server
from evalmark.cli.serve.jobs import Verifier
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.verify.verifying import request_of
from evalmark.errors import CouldNotFinish, ExitCode, Forbidden, UsageProblem
from evalmark.flows.dry_run import DryRun
from evalmark.ports import Publisher
from evalmark.web.app import Door, make_app
from evalmark.web.carrier import HubCarrier
from evalmark.web.commands import Allowed
from evalmark.web.desk import Desk
from evalmark.web.ledger import Ledger
from evalmark.web.logs import configure, logger, secrets_in
from evalmark.web.metrics import Metrics
from evalmark.web.page import BESIDE_STORE, page
from evalmark.web.queue import in_files, on_redis
from evalmark.web.webhook import PATH
from evalmark.web.worker import Rules, Workers

SHORTEST_SECRET: Final = 16
REPOS = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def run(args: argparse.Namespace) -> ExitCode:
    """Serve until SIGTERM or Ctrl-C; or make the webhook."""
    settings = read_settings()
    for name in args.repos:
        if not REPOS.fullmatch(name):
            raise UsageProblem(f"`--repos {name}` is no owner and no repo", "write --repos acme acme/model")
    if args.create_webhook:
        return _create_webhook(args, settings)
    if args.dry_run:
        args.data = args.data / "dry-run"  # what a dry run has dealt with is still to be done
    secrets = (*secrets_in(settings.environment, args.pass_env), *([args.redis] if args.redis else []))
    bot_of(args, settings)
    secret = None if args.worker_only else _secret(settings)
    if args.worker_only and not args.redis:
        raise UsageProblem("`--worker-only` works for other machines, which it meets on Redis", "add --redis URL")
    request_of(argparse.Namespace(**{**vars(args), "out": args.data}), OnHub("any/model", number=1), settings)
    configure(secrets, args.log_format)
    hide_own_memory()
    with _folder(args.data), listening(args.host, args.port) as listener:
        return _serve(args, settings, Verifier(args, settings, secrets), secret, listener)


def _serve(
    args: argparse.Namespace, settings: Settings, verifier: Verifier, secret: str | None, listener: socket.socket
) -> ExitCode:
    log = logger("serve")
    queue, store = on_redis(args.redis, _name(args)) if args.redis else in_files(str(args.data))
    desk = Desk(Ledger(store, f"{socket.gethostname()}:{args.data.resolve()}"), queue, time.time)
    hub = HubAccount(settings.endpoint, settings.token)
    me = _me(hub, settings)
    allowed = Allowed(frozenset(args.command_user), members=args.command_members)

    def publisher(model: str) -> Publisher:
        real = HubPublisher(settings.endpoint, settings.token, model)
        return DryRun(real, lambda text: log.info("dry run", would=text)) if args.dry_run else real

    def report(model: str, number: int) -> str | None:
        return read_if_there(args.data / "reports" / model / str(number) / "verdict.json")

    carrier = HubCarrier(desk, hub, verifier, allowed, publisher, report)
    metrics = Metrics()
    rules = Rules(threads=args.workers, per_day=args.per_day)
    workers = Workers(desk, carrier, metrics, rules)
    metrics.watch("evalmark_queue_length", "Jobs that have not come to their end.", desk.ledger.waiting)
    metrics.watch("evalmark_given_up", "Jobs that failed and are not tried again.", desk.ledger.given_up)
    metrics.watch("evalmark_verifications_left_today", "Verifications that are left of --per-day.", workers.left_today)
    app = _app(args, desk, Door(secret, frozenset(args.repos), lambda: me), metrics, workers)
    workers.start()
    try:
        host, port = listener.getsockname()[:2]
        log.info("serving", host=host, port=port, account=me, dry_run=args.dry_run, workers=args.workers)
        server(app).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        workers.stop()
        store.close()
        log.info("stopped")
    return ExitCode.FINE


def _app(args: argparse.Namespace, desk: Desk, door: Door, metrics: Metrics, workers: Workers) -> object:
    """The bot's addresses, and beside them the store's if there is one."""
    about = page(args.repos, args.allow)
    app = make_app(desk, door, metrics, workers.alive, about, BESIDE_STORE if args.store else "/")
    return importlib.import_module("evalmark.cli.serve.store").beside_bot(app, args, metrics) if args.store else app


def _create_webhook(args: argparse.Namespace, settings: Settings) -> ExitCode:
    secret = _secret(settings)
    if not settings.token:
        raise UsageProblem("there is no Hub token, so no webhook can be made", "set HF_TOKEN to a token that may write")
    if not args.repos:
        raise UsageProblem("a webhook must know what to watch", "add --repos acme, or --repos acme/model")
    parts = urlsplit(args.create_webhook)
    if parts.query or parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageProblem(f"`{args.create_webhook[:80]}` is not an address of the web", "write https://HOST")
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise UsageProblem("the secret would travel in the clear", "give an https:// address")
    base = args.create_webhook.rstrip("/")
    url = base if parts.path.rstrip("/").endswith(PATH) else f"{base}{PATH}"
    webhook = HubAccount(settings.endpoint, settings.token).make_webhook(url, args.repos, secret)
    if not webhook.is_new:
        print(f"A webhook that calls {url} is there already: {webhook.id}")
        print("What it watches, and its secret, are changed in the account's settings on the Hub, under Webhooks.")
        return ExitCode.FINE
    print(f"Webhook {webhook.id} calls {url} for {', '.join(args.repos)}.")
    print("Start the bot there with the same EVALMARK_WEBHOOK_SECRET. Then open a pull request that changes a score:")
    print("the log says `webhook` and `begins`, and the Hub's page of the webhook shows status 202.")
    return ExitCode.FINE


def _name(args: argparse.Namespace) -> str:
    return "evalmark-dry-run" if args.dry_run else "evalmark"


def _secret(settings: Settings) -> str:
    secret = settings.webhook_secret
    if not secret or len(secret) < SHORTEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise UsageProblem(
            f"EVALMARK_WEBHOOK_SECRET must have {SHORTEST_SECRET} or more ASCII characters: it keeps strangers out",
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return secret


def _me(hub: HubAccount, settings: Settings) -> str | None:
    """The id of our account: by it our own comments are known. Without an answer the bot still starts."""
    if not settings.token:
        return None
    try:
        return hub.holder().id
    except Forbidden:
        raise
    except CouldNotFinish as error:
        logger("serve").warning("the Hub does not say who we are", error=error.message)
        return None


@contextlib.contextmanager
def _folder(data: Path) -> Iterator[None]:
    """The folder, for this process alone: what it finds in work there, nobody works on."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data / ".lock").open("w")
    except OSError as error:
        raise UsageProblem(f"{data} cannot hold the queue: {error.strerror}", "give another --data") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageProblem(f"another evalmark serve works in {data}", "give another --data") from None
        yield
