"""Badges: what is known of a score, in words, as an SVG of our own and as the JSON that shields.io reads.

Source of the JSON: "Endpoint Badge" in badges/shields, `schemaVersion` 1.
"""

import json
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from evalmark.record import ClaimRecord
from evalmark.report import words
from evalmark.report.escape import plain

LONGEST: Final = 60
HEIGHT: Final = 20
PAD: Final = 7
# Widths of Verdana's letters at 11 px, near enough for a box that fits: narrow, wide, and all others.
NARROW, WIDE = frozenset("iljtfrI.,:;'|![]() "), frozenset("mwMWQO@%—…")
# Dark enough for white letters (contrast of at least 4.5 : 1).
COLOURS: Final = {
    "verified": "#1a7f37",
    "contradicted": "#b62324",
    "inconclusive": "#7d5700",
    "stale": "#7d5700",
    "claimed": "#57606a",
}
NAMES: Final = {
    "verified": "brightgreen",
    "contradicted": "red",
    "inconclusive": "yellow",
    "stale": "yellow",
    "claimed": "lightgrey",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A label, what is said of it, and the kind of standing that gives the colour."""

    label: str
    message: str
    kind: str


def badge_of(claim: ClaimRecord, name: str, unit: str | None) -> Badge:
    """`Sums | 57.0 % verified: rerun in full, signed by NAME on DATE`. `name` is the board's: foreign text."""
    standing = words.standing(claim)
    evidence = words.evidence(claim) if claim.verdict else words.RUNGS.get(claim.rung, claim.rung)
    label = plain(name, 40) + (f" ({plain(claim.variant, 30)})" if claim.variant else "")
    known = ", ".join(filter(None, (evidence, words.signature(claim) or words.receipt_note(claim))))
    return Badge(plain(label, LONGEST), f"{words.score(claim, unit)} {standing.word}: {known}", standing.kind)


def badge_as_svg(badge: Badge) -> str:
    """A picture that needs no font, script, style or address of anybody."""
    left, right = _width(badge.label), _width(badge.message)
    title = f"{badge.label}: {badge.message}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}" role="img" '
        f"aria-label={quoteattr(title)}><title>{escape(title)}</title>"
        f'<rect width="{left}" height="{HEIGHT}" fill="#24292f"/>'
        f'<rect x="{left}" width="{right}" height="{HEIGHT}" fill="{COLOURS[badge.kind]}"/>'
        '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2}" y="14">{escape(badge.label)}</text>'
        f'<text x="{left + right / 2}" y="14">{escape(badge.message)}</text></g></svg>\n'
    )


def badge_as_endpoint(badge: Badge) -> str:
    """What https://img.shields.io/endpoint?url=… reads."""
    body = {"schemaVersion": 1, "label": badge.label, "message": badge.message, "color": NAMES[badge.kind]}
    return json.dumps(body, ensure_ascii=False) + "\n"


def _width(text: str) -> int:
    letters = sum(4 if letter in NARROW else 10 if letter in WIDE or ord(letter) > 0x2FF else 7 for letter in text)
    return letters + 2 * PAD
