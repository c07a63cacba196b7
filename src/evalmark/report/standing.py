"""How a rerun stands, in one line each: what it will take, and how the interval closes in."""

import contextlib
from collections.abc import Iterable, Iterator

from evalmark.amounts import duration, points, round_tokens, score
from evalmark.judge.case import Case, Unfinished, case_of
from evalmark.judge.forecast import Forecast
from evalmark.outcome import Measured
from evalmark.plan.claims import Claim
from evalmark.plan.cost import Cost
from evalmark.plan.making import Limits
from evalmark.report.escape import plain
from evalmark.stats.claimed import readings
from evalmark.stats.expected import samples_to_decide
from evalmark.verdict import Answer


def forecasts_as_text(forecasts: Iterable[Forecast], total: int, each: Cost) -> str:
    """One line for each different score that is claimed. `each`: what one sample costs, as far as it is known."""
    lines = {forecast.claim.digits: _forecast(forecast, total, each) for forecast in forecasts}
    return "".join(f"    {line}\n" for line in lines.values())


def _forecast(forecast: Forecast, total: int, each: Cost) -> str:
    ways = (
        ("if it is true", forecast.samples.honest),
        ("if it is 5 points too high", forecast.samples.five_points_less),
        ("if it is 10 points too high", forecast.samples.ten_points_less),
    )
    counts = ", ".join(f"{count:,} {way}" for way, count in ways if count is not None and count < total)
    worst = max((count for _, count in ways if count is not None), default=total)
    tokens = f"; up to {round_tokens(worst * each.tokens)} tokens" if each.tokens else ""
    money = f", {worst * each.dollars:.2f} dollars" if each.dollars is not None else ""
    claimed = plain(forecast.claim.digits, 24)
    inside = points(forecast.margins.verified, forecast.scale)
    when = f"probably decided after {counts}" if counts else f"it will probably take all {total:,}"
    return f"{claimed} within ±{inside}, {total:,} samples: {when}{tokens}{money}"


def budget_as_text(forecasts: Iterable[Forecast], total: int, limits: Limits, each: Cost) -> str:
    """One line if the budget will probably leave a claim open, said before any of it is spent; else nothing."""
    allowed = [limits.samples] if limits.samples else []
    if limits.all_tokens and each.tokens:
        allowed.append(int(limits.all_tokens / each.tokens))
    needed = max((min(forecast.samples.honest or total, total) for forecast in forecasts), default=0)
    if not allowed or min(allowed) >= needed:
        return ""
    return (
        f"    the budget allows {min(allowed):,} samples, and a true claim takes about {needed:,}: "
        "it will probably stay inconclusive\n"
    )


def standings(
    claims: Iterable[Claim], rerun: Unfinished, measured: Measured, seconds: float | None = None
) -> Iterator[str]:
    """A line for each claim, as far as the scores can be judged at all. `seconds`: what these samples have taken."""
    for claim in claims:
        with contextlib.suppress(ValueError):
            reading = readings(claim.digits, rerun.unit)[0]
            case = case_of(claim, rerun, measured, reading)
            yield standing(case) + (_time_left(case, seconds) if seconds else "")


def _time_left(case: Case, seconds: float) -> str:
    """How long it will take, if the score stays where it is and the model is as fast."""
    done = len(case.measured.samples)
    more = samples_to_decide(case.question, case.mean) - done
    if case.answer is not Answer.INCONCLUSIVE or more <= 0 or done == case.measured.total:
        return ""
    return f", about {duration(more * seconds / done)} more"


def standing(case: Case) -> str:
    """`57.1 % [48.0, 65.9], claimed 57.0: undecided`."""
    scale = case.reading.scale
    low, high = (score(float(end * scale), scale).removesuffix(" %") for end in case.interval)
    state = "undecided" if case.answer is Answer.INCONCLUSIVE else str(case.answer)
    mean = score(float(case.mean * scale), scale)
    return f"{mean} [{low}, {high}], claimed {plain(case.claim.digits, 24)}: {state}"
