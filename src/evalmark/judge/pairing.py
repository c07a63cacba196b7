"""A rerun beside the log that a claim rests on, sample by sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log

from evalmark.logged import Key
from evalmark.outcome import SampleOutcome
from evalmark.stats.paired import Paired, flips
from evalmark.stats.scale import Known
from evalmark.verdict import DifferingSample, PairedRecord

LoggedScores = Mapping[Key, tuple[Fraction | None, ...]]

MOST_NAMED = 20
# Evidence of 20 to 1, at any look, that log and rerun are not two runs of one system.
LOG_NOT_REPRODUCED = log(20)


@dataclass(frozen=True, slots=True)
class Pairing:
    """The log's score of every sample of the benchmark, in the order of the rerun as far as it ran."""

    paired: Paired
    logged: tuple[Fraction, ...]


def pairing_of(scores: LoggedScores, samples: tuple[SampleOutcome, ...], total: int) -> Pairing | None:
    """None unless the log has one score for every sample of the benchmark, and knows all that ran."""
    every = [score for each in scores.values() for score in each]
    whole = [score for score in every if score is not None]
    if len(every) != total or len(whole) != total or not all(0 <= score <= 1 for score in whole):
        return None
    left = {key: list(each) for key, each in scores.items()}
    logged = [left[sample.key].pop(0) if left.get(sample.key) else None for sample in samples]
    matched = [score for score in logged if score is not None]
    if len(matched) != len(samples):
        return None
    return Pairing(Paired(sum(whole, Fraction(0)) / total), tuple(matched))


def record_of(
    pairing: Pairing, known: list[Known], samples: tuple[SampleOutcome, ...], ids: Mapping[Key, str]
) -> PairedRecord:
    """What the comparison shows so far. `ids`: what the log calls its samples."""
    both = list(zip(known, pairing.logged, strict=True))
    found = flips(both)
    differ = [
        DifferingSample(
            key=sample.key,
            id=ids.get(sample.key, ""),
            logged=float(logged),
            rerun=float(low) if low == high else None,
        )
        for sample, ((low, high), logged) in zip(samples, both, strict=True)
        if high < logged or low > logged
    ]
    return PairedRecord(
        compared=sum(low == high for low, high in known),
        lost=found.lost,
        gained=found.gained,
        not_reproduced=found.log_e >= LOG_NOT_REPRODUCED,
        differ=tuple(differ[:MOST_NAMED]),
    )
