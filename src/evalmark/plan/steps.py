"""How far a rerun goes before it is looked at again."""

from dataclasses import dataclass

# Not statistical: a broken harness shows on some dozens of samples, and no verdict may rest on fewer.
FEWEST_SAMPLES = 50
# A waiting person sees the interval close in at least when a quarter more samples have run.
GROWTH, LEAST_GROWTH = 4, 25


@dataclass(frozen=True, slots=True)
class Step:
    """Run the samples of the plan's order up to `upto` (not including it, from 0) in their `epoch`-th pass, from 1.

    `regrade`: also let the judge grade so many transcripts a second time.
    """

    upto: int
    epoch: int = 1
    regrade: bool = False


def next_stop(done: int, connections: int, soonest: int = 1) -> int:
    """Where to look next, after `done` samples: where a verdict may stand, and never fewer than keep the model busy.

    `soonest`: the fewest further samples that may decide it. A sample that was not needed is the most expensive thing
    here, and a look costs a fraction of a second.
    """
    seen_soon = max(LEAST_GROWTH, done // GROWTH)
    return max(FEWEST_SAMPLES, done + max(connections, min(soonest, seen_soon)))
