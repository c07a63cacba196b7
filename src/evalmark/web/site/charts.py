"""Charts as Vega-Lite: pure data, drawn by the browser. Colours are the page's own, in the order of `KINDS`."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, TypeAlias

from evalmark.record import ClaimRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain

Spec: TypeAlias = dict[str, Any]
LinkTo: TypeAlias = Callable[[ClaimRecord], str]
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
KINDS: Final = tuple(each.kind for each in words.LEGEND)
_SALTIRE: Final = "M-.7-1L-1-.7-.3 0-1 .7-.7 1 0 .3 .7 1 1 .7 .3 0 1-.7 .7-1 0-.3Z"
SHAPES: Final = ("circle", _SALTIRE, "square", "triangle-up", "diamond")
MOST_POINTS: Final = 200
HEIGHT: Final = 300
HEADINGS: Final = ("Model", "Claimed", "Measured", "Interval", "Standing")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, and the table that says the same."""

    id: str
    title: str
    about: str
    spec: Spec
    headings: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


def over_time(task: TaskRecord, claims: Sequence[ClaimRecord], link: LinkTo) -> Chart | None:
    """Each claim at the day of its last change, and the best score so far as steps; None without two days."""
    dated = sorted(((each.changed_at, each) for each in claims if each.changed_at is not None), key=lambda of: of[0])
    if len({words.day(at) for at, _ in dated}) < 2:
        return None
    best = best_so_far(dated, lower_is_better=task.lower_is_better)
    shown = _thinned(dated, {claim.id for _, claim in best})
    points = [_point(task, claim, link) | {"at": words.instant(at)} for at, claim in shown]
    steps = [{"at": words.instant(at), "score": claim.score} for at, claim in best]
    steps.extend({**step, "at": words.instant(dated[-1][0])} for step in steps[-1:])
    at = {"field": "at", "type": "temporal", "title": None}
    y = _scale("score", f"score{_in(task)}")
    layers: list[Spec] = [
        {
            "data": {"values": steps},
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.5},
            "encoding": {"x": at, "y": y},
        },
        {"data": {"values": points}, "mark": _POINT, "encoding": {"x": at, "y": y, **_look(points)}},
    ]
    table = tuple((words.day(at), *_said(task, claim)) for at, claim in reversed(shown))
    about = "Each claim when it last changed; the line is the best score so far that no rerun contradicted."
    about += _of_how_many(len(shown), max(len(claims), task.claims))
    return Chart("over-time", "Score over time", about, _spec(layers), ("Day", *HEADINGS), table)


def against_claimed(task: TaskRecord, claims: Sequence[ClaimRecord], link: LinkTo) -> Chart | None:
    """What reruns measured against what was claimed; on the diagonal both are the same. None without a rerun."""
    rerun = [each for each in claims if words.interval(each, task.unit) and each.measured is not None]
    shown = spread(rerun, MOST_POINTS)
    if not shown:
        return None
    points = [_point(task, claim, link) for claim in shown]
    values = [each[name] for each in points for name in ("score", "measured", "low", "high")]
    low, high = padded(min(values), max(values))
    domain = {"domain": [low, high], "nice": False, "zero": False}
    x = {**_scale("score", f"claimed{_in(task)}"), "scale": domain}
    y = {**_scale("measured", f"measured{_in(task)}"), "scale": domain}
    ends = {**y, "field": "low"}
    layers: list[Spec] = [
        {
            "data": {"values": [{"score": end, "measured": end} for end in (low, high)]},
            "mark": {"type": "line", "strokeDash": [4, 4], "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": points},
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
            "encoding": {"x": x, "y": ends, "y2": {"field": "high"}, "color": _look(points)["color"]},
        },
        {"data": {"values": points}, "mark": _POINT, "encoding": {"x": x, "y": y, **_look(points)}},
    ]
    about = "On the diagonal, a rerun measured what was claimed; bars are the reruns' intervals."
    about += _of_how_many(len(shown), len(rerun))
    table = tuple(_said(task, claim) for claim in shown)
    return Chart("against-claimed", "Measured against claimed", about, _spec(layers), HEADINGS, table)


def best_so_far(
    dated: Iterable[tuple[datetime, ClaimRecord]], *, lower_is_better: bool
) -> list[tuple[datetime, ClaimRecord]]:
    """Those that were better than all before them, and that no rerun contradicted."""
    found: list[tuple[datetime, ClaimRecord]] = []
    sign = -1 if lower_is_better else 1
    for at, claim in dated:
        contradicted = claim.verdict == "mismatch" and claim.stale is None
        if not contradicted and (not found or sign * claim.score > sign * found[-1][1].score):
            found.append((at, claim))
    return found


def padded(low: float, high: float) -> tuple[float, float]:
    """A bit more room than what is shown needs."""
    room = (high - low) * 0.04 or abs(high) * 0.04 or 1.0
    return low - room, high + room


def as_file(value: object) -> bytes:
    """JSON as a file: it is fetched, so that a page is small without it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


_POINT: Final = {"type": "point", "filled": True, "size": 60, "opacity": 0.9, "cursor": "pointer"}


def _spec(layers: list[Spec]) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        # The page has words and a table for those who do not see it.
        "config": {"aria": False},
        "layer": layers,
    }


def _scale(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": False}}


def _look(points: Sequence[Spec]) -> Spec:
    """Colour and shape by standing, with one legend of those that there are; what is told of a point."""
    legend = {"values": [kind for kind in KINDS if any(each["kind"] == kind for each in points)]}
    kind = {"field": "kind", "type": "nominal", "title": None, "legend": {**legend, "orient": "bottom"}}
    return {
        "color": {**kind, "scale": {"domain": list(KINDS)}},
        "shape": {**kind, "scale": {"domain": list(KINDS), "range": list(SHAPES)}},
        "tooltip": {"field": "told", "type": "nominal"},
    }


def _point(task: TaskRecord, claim: ClaimRecord, link: LinkTo) -> Spec:
    ends = words.interval(claim, task.unit)
    model, claimed, measured, interval, standing = _said(task, claim)
    told = [model, *([plain(claim.variant, 60)] if claim.variant else []), f"claimed {claimed}"]
    if measured:
        told.append(f"measured {measured} ({interval})" if interval else f"measured {measured}")
    point = {
        "score": claim.score,
        "kind": words.standing(claim).kind,
        "told": "\n".join((*told, standing)),
        "to": link(claim),
    }
    if ends is not None:
        point |= {"measured": words.measured(claim, task.unit), "low": ends[0], "high": ends[1]}
    return point


def _said(task: TaskRecord, claim: ClaimRecord) -> tuple[str, ...]:
    """A row of the table below a chart."""
    measured, ends = words.measured(claim, task.unit), words.interval(claim, task.unit)
    return (
        plain(claim.model, 120),
        words.score(claim, task.unit),
        "" if measured is None else words.with_unit(words.number(measured, task.unit), task.unit),
        "" if ends is None else " – ".join(words.number(end, task.unit) for end in ends),
        words.standing(claim).word,
    )


def _in(task: TaskRecord) -> str:
    return " (%)" if task.unit == "percent" else ""


def _thinned(dated: Sequence[tuple[datetime, ClaimRecord]], kept: set[str]) -> Sequence[tuple[datetime, ClaimRecord]]:
    """Of more than a chart can show: what is named, then reruns and others from all over the board."""
    if len(dated) <= MOST_POINTS:
        return dated
    rest = sorted((claim for _, claim in dated if claim.id not in kept), key=attrgetter("place"))
    room = max(MOST_POINTS - len(kept), 0)
    reruns = spread([claim for claim in rest if claim.measured is not None], room // 2)
    others = spread([claim for claim in rest if claim.measured is None], room - len(reruns))
    chosen = kept | {claim.id for claim in (*reruns, *others)}
    return [(at, claim) for at, claim in dated if claim.id in chosen]


def spread(rows: Sequence[ClaimRecord], most: int) -> Sequence[ClaimRecord]:
    """So many of them, evenly from the first to the last."""
    if len(rows) <= most:
        return rows
    return [rows[index * (len(rows) - 1) // max(most - 1, 1)] for index in range(most)]


def _of_how_many(shown: int, there: int) -> str:
    return "" if shown == there else f" Shown are {shown:,} of {there:,}."
