"""How much one generation of a sample varies, as far as anybody knows: declared, seen in a second pass, or unknown."""

from dataclasses import dataclass, replace
from fractions import Fraction

from evalmark.formats.declaration import TaskDeclaration
from evalmark.logged import LogEvidence
from evalmark.outcome import Measured, SampleOutcome
from evalmark.stats.noise import LARGEST, generation_noise
from evalmark.stats.scale import exact_score

# A second pass over so many samples says the variance to within a quarter (facts on the method: docs/statistics.md).
NOISE_SAMPLES = 100
# Fewer say next to nothing.
FEWEST_PAIRS = 30


@dataclass(frozen=True, slots=True)
class KnownNoise:
    """`variance` for what is called the same, `at_most` for what accuses; both None if it is unknown."""

    variance: float | None
    at_most: float | None
    words: str

    @property
    def is_known(self) -> bool:
        return self.variance is not None


UNKNOWN = KnownNoise(None, None, "noise unknown, so the largest possible")


def noise_of(
    declaration: TaskDeclaration, measured: Measured, log: LogEvidence | None = None, *, binary: bool
) -> KnownNoise:
    """What the benchmark declares, else what a second pass of this rerun shows, else what the epochs of the log do."""
    if declaration.noise is not None:
        return _with_judge(declaration.noise, measured)
    pairs = [pair for sample in measured.samples if (pair := _scores(sample)) is not None]
    if len(pairs) < min(FEWEST_PAIRS, measured.total):
        return _of_log(log)
    noise = generation_noise(pairs, measured.total, binary=binary)
    return KnownNoise(noise.variance, noise.at_most, f"noise measured by a second pass over {len(pairs)} samples")


def _of_log(log: LogEvidence | None) -> KnownNoise:
    """Samples that shared a seed share their luck: what their epochs show is not the noise of a run."""
    if log is None or log.state == "unusable":
        return UNKNOWN
    if log.generation.get("seed") is not None and log.generation.get("temperature") != 0:
        return replace(UNKNOWN, words=f"{UNKNOWN.words} (the log has one seed for all samples: a single draw)")
    if log.noise is None:
        return UNKNOWN
    noise = min(log.noise, LARGEST)
    return KnownNoise(noise, noise, "noise between the epochs of the linked log")


def _with_judge(declared: float, measured: Measured) -> KnownNoise:
    """The declared noise of the model, and that of the judge if it graded some transcripts twice."""
    pairs = [[exact_score(score) for score in pair] for pair in measured.regraded]
    if not pairs:
        return KnownNoise(declared, declared, "declared noise")
    # The measured pairs are a sample of all transcripts, so what accuses takes the upper end of their variance.
    judge = generation_noise(pairs, max(measured.total, len(pairs)), binary=False)
    words = f"declared noise and that of the judge, who graded {len(pairs)} transcripts twice"
    return KnownNoise(min(declared + judge.variance, LARGEST), min(declared + judge.at_most, LARGEST), words)


def _scores(sample: SampleOutcome) -> list[Fraction] | None:
    """All scores of a sample that ran twice, if each pass has one."""
    scores = [sample.score, *sample.again]
    if len(scores) < 2 or None in scores:
        return None
    return [exact_score(score) for score in scores if score is not None]
