"""`evalmark receipt verify` and `require`: signature, trusted key, and whether the claim still is what was signed."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evalmark.adapters.hub import HubClient
from evalmark.adapters.signing import open_envelope
from evalmark.adapters.tree.model import results_files
from evalmark.adapters.tree.receipts import receipts_below, receipts_in
from evalmark.adapters.weights import sha256_of
from evalmark.cli import options
from evalmark.cli.keys import keys_at
from evalmark.cli.receipt.keys import as_json, read_receipt
from evalmark.cli.receipt.today import InFile, OnHub, claimed_in_folder, model_of, subject
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.flows.receipts import Policy, check, unmet
from evalmark.keyring import TrustedKey
from evalmark.receipt import ClaimToday, Receipt
from evalmark.report.escape import plain
from evalmark.report.receipts import checked_as_data, checked_as_text
from evalmark.trust import Checked, State
from evalmark.verdict import Answer, Rung

DAYS = re.compile(r"([1-9][0-9]{0,4})d?")


def run(args: argparse.Namespace) -> ExitCode:
    """Check one receipt, or a whole model repo's."""
    settings = read_settings()
    client = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
    keys = keys_at(args.keys, client)
    return _verify(args, settings, client, keys) if args.action == "verify" else _require(args, keys)


def _verify(args: argparse.Namespace, settings: Settings, client: HubClient, keys: tuple[TrustedKey, ...]) -> ExitCode:
    if args.claim and args.repo:
        raise UsageProblem("`--claim` and `--repo` are two places to look at", "give one of them")
    text, now = read_receipt(args.receipt), datetime.now(UTC)
    log = sha256_of(args.log) if args.log else None
    checked = check(text, open_envelope, keys, now, None, log)
    if checked.receipt is not None and checked.state is State.VALID and (args.claim or args.repo):
        checked = check(text, open_envelope, keys, now, _today(args, settings, client, checked.receipt), log)
    print(as_json(checked_as_data(checked)) if args.format == "json" else checked_as_text(checked), end="")
    verified = checked.receipt is not None and checked.receipt.result.verdict is Answer.VERIFIED
    return ExitCode.FINE if checked.state is State.VALID and verified else ExitCode.FOUND


def _today(args: argparse.Namespace, settings: Settings, client: HubClient, receipt: Receipt) -> ClaimToday | str:
    """The claim as it stands now, or a sentence that it is no longer made."""
    if args.repo:
        return OnHub(client, settings, options.repo_name(args.repo, "--repo")).today(receipt)
    file, _, number = args.claim.partition("#")
    if number and not number.isdecimal():
        raise UsageProblem(f"`--claim {args.claim}` names no entry", "write FILE#0 for the first entry")
    return InFile(Path(file), int(number) if number else None).today(receipt)


def _require(args: argparse.Namespace, keys: tuple[TrustedKey, ...]) -> ExitCode:
    policy = Policy(Rung(args.min_rung), frozenset(args.by), _age(args.max_age), args.accept_served)
    model = options.repo_name(args.repo, "--repo") if args.repo else model_of(args.folder)
    claims = claimed_in_folder(args.folder, results_files(args.folder))
    receipts = receipts_below(args.receipts) if args.receipts else receipts_in(args.folder)
    now = datetime.now(UTC)
    told = []
    for claim in claims:
        checked = [check(text, open_envelope, keys, now, claim.today(text, model)) for text in receipts.values()]
        why = [unmet(each, policy, now) for each in checked if _is_about(each, claim.name)]
        good = any(not reasons for reasons in why)
        reasons = [] if good else list(_first(why) or _none(checked))
        told.append({"claim": claim.name, "value": claim.entry.value_text, "met": good, "reasons": reasons})
    _say(told, args.format)
    return ExitCode.FINE if all(each["met"] for each in told) else ExitCode.FOUND


def _is_about(checked: Checked, name: str) -> bool:
    """Whether a receipt speaks of the claim, as it is or as it was."""
    return checked.receipt is not None and subject(checked.receipt.claim) == name


def _first(why: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Of several receipts, the reasons of the one that lacks least."""
    return min(why, key=len, default=())


def _none(checked: Iterable[Checked]) -> Iterator[str]:
    yield "there is no receipt for it"
    for reason, count in Counter(each.reasons[0] for each in checked if each.receipt is None).items():
        yield f"of what lies here, {count} could not be believed: {reason}"


def _say(told: list[dict[str, object]], form: str) -> None:
    if form == "json":
        sys.stdout.write(as_json(told))
        return
    for each in told:
        claim = f"{plain(str(each['value']), 40)} on {plain(str(each['claim']), 200)}"
        print(f"{'met  ' if each['met'] else 'LACKS'} {claim}")
        for reason in each["reasons"]:  # type: ignore[attr-defined] # a list of sentences
            print(f"      {plain(reason, 500)}")


def _age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    match = DAYS.fullmatch(text)
    if match is None:
        raise UsageProblem(f"`--max-age {text}` is no number of days", "write --max-age 180d")
    return timedelta(days=int(match[1]))
