"""What was asked and answered in one sample of a trial run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transcript:
    """`score` is None, and `error` says why, if the sample failed. All text is a benchmark's or a model's."""

    prompt: str
    answer: str
    target: str
    score: float | None
    error: str = ""
