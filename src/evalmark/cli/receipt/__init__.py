"""`evalmark receipt keygen|make|verify|show|require`: signed verdicts that anyone can check."""

import argparse
import importlib
import importlib.util
from pathlib import Path

from evalmark.errors import ExitCode, MissingExtra

PARTS = ("rfc8785", "securesystemslib", "cryptography")
RUNGS = ("sampled", "full")
KEYS = "keys that are trusted: a TOML file with trusted_keys or [[keys]], a .pub file, a folder of them, or a benchmark"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_keygen(actions.add_parser("keygen", help="make a key pair", description="Makes an Ed25519 key pair."))
    _add_make(
        actions.add_parser(
            "make",
            help="judge a finished rerun again, and sign the verdicts",
            description="Reads the claims again, judges what a rerun has left, and signs each verdict.",
        )
    )
    _add_verify(actions.add_parser("verify", help="check a receipt", description="Checks a receipt, offline."))
    show = actions.add_parser("show", help="what a receipt says", description="Tells what a receipt says, unchecked.")
    show.add_argument("receipt", type=Path, metavar="RECEIPT", help="the file")
    _add_require(
        actions.add_parser(
            "require",
            help="whether every score of a model repo has a receipt that is good enough",
            description="Ends with 1 unless each entry of a model repo has a receipt that meets the policy.",
        )
    )


def _add_keygen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="private key; FILE.pub gets the public")


def _add_make(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("target", metavar="TARGET", help="what was verified: a model repo's folder, owner/name, owner/name#12")
    add("--report", type=Path, default=Path("evalmark-report"), metavar="DIR", help="what the rerun left")
    add("--repo", metavar="OWNER/NAME", help="the folder's model on the Hub (default: from its git remote)")
    add("--benchmark", action="append", default=[], metavar="OWNER/NAME=DIR", help="a benchmark of this machine")
    add("--out", type=Path, metavar="DIR", help="where receipts go (default: receipts in the report)")
    add("--by", required=True, metavar="NAME", help="the verifier, as others know it")
    add("--where", default="", metavar="TEXT", help="where it ran: an address, say")
    key = parser.add_argument_group("the private key (default: EVALMARK_SIGNING_KEY, as PEM)")
    key.add_argument("--key", type=Path, metavar="FILE", help="from a file")
    key.add_argument("--key-command", metavar="COMMAND", help="from what a command prints, such as a secret store's")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("receipt", type=Path, metavar="RECEIPT", help="the file")
    add("--keys", action="append", default=[], required=True, metavar="FILE|DIR|OWNER/NAME", help=KEYS)
    add("--claim", metavar="FILE[#N]", help="hold it against entry N (from 0) of a results file, as it stands now")
    add("--repo", metavar="OWNER/NAME", help="hold it against what this model on the Hub claims now")
    add("--log", type=Path, metavar="FILE", help="the log that it should name")
    add("--format", choices=("text", "json"), default="text", help="text")


def _add_require(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", type=Path, nargs="?", default=Path(), metavar="DIR", help="the model repo (this folder)")
    add("--repo", metavar="OWNER/NAME", help="its name on the Hub (default: from its git remote)")
    add("--receipts", type=Path, metavar="DIR", help="where receipts lie (default: .evalmark/receipts in it)")
    add("--keys", action="append", default=[], required=True, metavar="FILE|DIR|OWNER/NAME", help=KEYS)
    add("--min-rung", choices=RUNGS, default="sampled", help="the weakest evidence that is enough (sampled)")
    add("--by", action="append", default=[], metavar="KEY", help="signed by this key: its id, name or ed25519:…")
    add("--max-age", metavar="DAYS", help="at most so old: 180d")
    add("--accept-served", action="store_true", help="also if the model that ran was served under a name")
    add("--format", choices=("text", "json"), default="text", help="text")


def run(args: argparse.Namespace) -> ExitCode:
    """Do one of them."""
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("sign", "receipt")
    module = {"make": "making", "keygen": "keys", "show": "keys"}.get(args.action)
    code: ExitCode = importlib.import_module(f"evalmark.cli.receipt.{module or 'checking'}").run(args)
    return code
