"""Receipts as a claim's page shows them: signed by whom, about what, and whether that still holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from evalmark.record import ReceiptRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site.places import Hosts, Link

_ORDER: Final[Mapping[str, int]] = {state: place for place, state in enumerate(words.RECEIPTS)}
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt in words. `says`: the standing that its verdict gives, while it holds."""

    state: words.Standing
    says: words.Standing | None
    reasons: tuple[str, ...]
    facts: tuple[tuple[str, Link], ...]
    command: str


def shown(receipts: Iterable[ReceiptRecord], hosts: Hosts) -> tuple[Shown, ...]:
    """The best first, of those the newest."""
    newest = sorted(receipts, key=lambda each: "" if each.at is None else words.instant(each.at), reverse=True)
    return tuple(_shown(each, hosts) for each in sorted(newest, key=lambda each: _ORDER.get(each.state, len(_ORDER))))


def _shown(receipt: ReceiptRecord, hosts: Hosts) -> Shown:
    return Shown(
        state=words.RECEIPTS.get(receipt.state, words.RECEIPTS["unchecked"]),
        says=words.STANDINGS.get(receipt.verdict or "") if receipt.state == "valid" else None,
        reasons=tuple(plain(reason, _LONGEST_REASON) for reason in receipt.reasons),
        facts=tuple(_facts(receipt, hosts)),
        command="evalmark receipt verify FILE --keys KEYS",
    )


def _facts(receipt: ReceiptRecord, hosts: Hosts) -> Iterator[tuple[str, Link]]:
    model = hosts.commit("hub", receipt.model, receipt.model_revision)
    # A file that nobody vouches for only says whose key it is.
    signed = "Names the key" if receipt.verdict is None else "Signed by"
    said = words.STANDINGS.get(receipt.verdict or "") if receipt.state != "valid" else None
    facts = (
        (signed, Link(" ".join(filter(None, (plain(receipt.key_name or "", 60), _key(receipt)))))),
        ("It said", Link(said.word if said else "")),
        ("Verified by", Link(plain(receipt.by or "", 60))),
        ("Evidence", Link(words.RUNGS.get(receipt.rung or "", ""))),
        ("Date", Link(words.minute(receipt.at))),
        ("Model's revision", model if receipt.origin == "hub" and model else Link(_short(receipt.model_revision))),
        ("Benchmark's revision", Link(_short(receipt.benchmark_revision))),
        ("Identity of the model", Link("" if receipt.at is None or receipt.identity_proved else "not proved")),
        ("Claim's digest", Link(_short(receipt.claim_digest))),
        ("File", _file(receipt, hosts)),
    )
    return (fact for fact in facts if fact[1].text)


def _key(receipt: ReceiptRecord) -> str:
    return f"(key {plain(receipt.key, 20)})" if receipt.key else ""


def _short(digits: str | None) -> str:
    return plain(digits or "", 64)[:12]


def _file(receipt: ReceiptRecord, hosts: Hosts) -> Link:
    """Where it lies; a folder of somebody's machine has no address."""
    root = {
        "repo": hosts.repo(receipt.origin, receipt.repo) if receipt.holder == receipt.repo else None,
        "dataset": hosts.dataset(receipt.holder),
    }.get(receipt.source)
    commit = hosts.commit("hub", receipt.model, receipt.commit)
    where = f"{plain(receipt.path, 160)} in {plain(receipt.holder, 120)}"
    if receipt.pull_request is not None:
        where += f", open pull request #{receipt.pull_request}"
    safe = root is not None and commit is not None and commit.href is not None
    return Link(where, f"{root}/blob/{receipt.commit}/{quote(receipt.path)}" if safe else None)
