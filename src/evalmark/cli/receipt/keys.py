"""`evalmark receipt keygen` and `show`; and where a private key comes from."""

import argparse
import json
import shlex
import subprocess
from pathlib import Path

from evalmark.adapters.signing import SigningKey, payload_of, write_key
from evalmark.adapters.tree.reading import read_regular
from evalmark.cli.settings import Settings
from evalmark.errors import CouldNotFinish, ExitCode, UsageProblem
from evalmark.ports.places import LARGEST_RECEIPT
from evalmark.receipt import NotAReceipt, Receipt, read_statement
from evalmark.report.receipts import receipt_as_text

VARIABLE = "EVALMARK_SIGNING_KEY"
COMMAND_SECONDS = 60


def run(args: argparse.Namespace) -> ExitCode:
    """Make a key pair, or tell what a receipt says."""
    if args.action == "keygen":
        key = SigningKey.generate()
        beside = write_key(key, args.out)
        print(f"private key {key.id}: {args.out} (keep it secret; who has it can sign in your name)")
        print(f"public key:  {key.public}")
        print(f"written to {beside}; a benchmark trusts it by trusted_keys in its .evalmark.toml")
        return ExitCode.FINE
    print("its signature was not checked: evalmark receipt verify does that\n")
    print(receipt_as_text(read_statement_unchecked(args.receipt)), end="")
    return ExitCode.FINE


def read_statement_unchecked(path: Path) -> Receipt:
    """What an envelope holds, whoever signed it. Raises `UsageProblem` if it is no receipt."""
    try:
        return read_statement(payload_of(read_receipt(path)))
    except NotAReceipt as problem:
        raise UsageProblem(f"{path} is no receipt: {problem}", "give a file that evalmark receipt make wrote") from None


def read_receipt(path: Path) -> bytes:
    """The bytes of a receipt. Raises `UsageProblem`."""
    if path.is_file() and path.stat().st_size > LARGEST_RECEIPT:
        raise UsageProblem(f"{path} has over {LARGEST_RECEIPT} bytes, and a receipt has a few thousand", "give another")
    return read_regular(path, LARGEST_RECEIPT)


def signing_key(args: argparse.Namespace, settings: Settings) -> SigningKey:
    """The private key, from where the options say or the environment. Raises `UsageProblem` if there is none."""
    if args.key is not None:
        return SigningKey.load(read_regular(args.key), str(args.key))
    if args.key_command is not None:
        return SigningKey.load(_printed(args.key_command), "what the command printed")
    if settings.signing_key:
        return SigningKey.load(settings.signing_key.encode(), VARIABLE)
    raise UsageProblem(
        "there is no private key to sign with", f"give --key FILE or --key-command COMMAND, or set {VARIABLE}"
    )


def _printed(command: str) -> bytes:
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=COMMAND_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UsageProblem("the command of --key-command could not be run", "try it by itself") from error
    if done.returncode != 0:
        raise CouldNotFinish(f"the command of --key-command ended with {done.returncode}", "try it by itself")
    return done.stdout


def as_json(body: object) -> str:
    """For programs."""
    return json.dumps(body, indent=2, ensure_ascii=False, default=str) + "\n"
