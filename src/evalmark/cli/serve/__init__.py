"""`evalmark serve`: a store behind a web address, for anybody to read; and the bot, which the Hub's webhooks call."""

import argparse
import importlib
import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path

from evalmark.cli import watch
from evalmark.cli.settings import read_settings
from evalmark.cli.verify import add_limits, add_what_runs, add_where
from evalmark.errors import ExitCode, MissingExtra

PARTS = ("fastapi", "huey", "huggingface_hub", "prometheus_client", "structlog", "uvicorn")
READING = {"web": ("fastapi", "prometheus_client", "structlog", "uvicorn"), "board": ("duckdb", "jinja2")}
MOST_WORKERS = 64
MOST_CACHE = 1 << 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = (
        "With --store alone, and without EVALMARK_WEBHOOK_SECRET, it only shows what the store holds. For the bot, "
        "HF_TOKEN is its token, EVALMARK_WEBHOOK_SECRET the webhook's secret. "
        "Options after -- go to the model's generation: -- --temperature 0 --max-tokens 32"
    )
    where = parser.add_argument_group("the web address")
    where.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen at (127.0.0.1)")
    where.add_argument("--port", type=_number(0, 65535), default=8000, metavar="N", help="port; 0: a free one (8000)")
    where.add_argument(
        "--create-webhook", metavar="URL", help="make the webhook on the Hub that calls URL for --repos, and end"
    )
    _add_store(parser)
    _add_whom(parser)
    add_what_runs(parser)
    add_limits(parser)
    add_where(parser)
    parser.set_defaults(nonce=None, prices=None, log=None, no_rerun=False)
    _add_how(parser)


def _add_store(parser: argparse.ArgumentParser) -> None:
    store = parser.add_argument_group("what anybody may read")
    store.add_argument(
        "--store", type=Path, metavar="FILE", help="dashboard at / and API at /api/v1 from this store (`evalmark sync`)"
    )
    store.add_argument(
        "--cache",
        type=_number(0, MOST_CACHE),
        default=64,
        metavar="MB",
        help="answers that are kept in memory; 0: each is made anew (64)",
    )


def _add_whom(parser: argparse.ArgumentParser) -> None:
    whom = parser.add_argument_group("for whom")
    whom.add_argument(
        "--repos",
        nargs="+",
        action="extend",
        default=[],
        metavar="OWNER[/NAME]",
        help="only models of these, whatever the webhook watches (default: all that it tells of)",
    )
    whom.add_argument(
        "--allow",
        nargs="+",
        action="extend",
        default=[],
        metavar="OWNER/NAME[@COMMIT]",
        help="benchmarks that may run; no other does, for its owner chooses prompts and scorers",
    )
    whom.add_argument(
        "--command-user",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="who may write /verify and /explain, besides the person who owns the model",
    )
    whom.add_argument(
        "--command-members",
        action="store_true",
        help="also all members of the organisation that owns the model, some of whom may only read",
    )


def _add_how(parser: argparse.ArgumentParser) -> None:
    how = parser.add_argument_group("how")
    how.add_argument(
        "--data",
        type=Path,
        default=Path("evalmark-serve"),
        metavar="DIR",
        help="the queue, the ledger and the reports; it must outlive a restart (evalmark-serve)",
    )
    how.add_argument("--redis", metavar="URL", help="queue and ledger on a Redis server, for several machines")
    how.add_argument("--worker-only", action="store_true", help="take no webhooks, only work; needs --redis")
    how.add_argument(
        "--workers", type=_number(1, MOST_WORKERS), default=1, metavar="N", help="pull requests at a time (1)"
    )
    how.add_argument(
        "--per-day", type=_number(1, 10**6), metavar="N", help="verifications a day (UTC); the rest waits for the next"
    )
    how.add_argument(
        "--hours", type=_number(1, 1000), default=12, metavar="H", help="the longest that one may take (12)"
    )
    how.add_argument("--dry-run", action="store_true", help="log exactly what would be written, and write nothing")
    how.add_argument("--log-format", choices=("json", "text"), default="json", help="for programs or for people (json)")


def run(args: argparse.Namespace) -> ExitCode:
    """Serve until SIGTERM or Ctrl-C; or make the webhook."""
    if args.store is not None:
        _need(READING)
    if _only_reads(args):
        return _run("evalmark.cli.serve.store", args)
    _need({"web": PARTS, "verify": () if args.create_webhook else watch.PARTS})
    return _run("evalmark.cli.serve.serving", args)


def _only_reads(args: argparse.Namespace) -> bool:
    """There is a store, and nothing that the bot needs."""
    bot = (args.create_webhook, args.repos, args.worker_only, args.redis, read_settings().webhook_secret)
    return args.store is not None and not any(bot)


def _need(parts: Mapping[str, Iterable[str]]) -> None:
    for extra, names in parts.items():
        if any(importlib.util.find_spec(name) is None for name in names):
            raise MissingExtra(extra, "serve")


def _run(module: str, args: argparse.Namespace) -> ExitCode:
    code: ExitCode = importlib.import_module(module).run(args)
    return code


def _number(least: int, most: int) -> "type[int]":
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not from {least} to {most}")
        return value

    return number  # type: ignore[return-value] # argparse calls it as it would a type
