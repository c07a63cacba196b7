"""Draw the three runs of `docs/statistics.md`: the engine's own interval at some looks, until it has a verdict.

    python -m scripts.plots

The samples run in an order that follows from a seed, so the same pictures come out every time.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from evalmark.stats.margins import Margins, margins
from evalmark.stats.question import Question
from evalmark.stats.sequential import Sequential

FOLDER = Path(__file__).resolve().parents[1] / "docs"
LOOKS = 60
# How much of the spread of the scores is generation noise (ρ in `benchmarks/verdict.py`).
NOISY = 0.3
LEFT, TOP, WIDE, HIGH = 56, 96, 580, 300
RIGHT, BOTTOM = LEFT + WIDE, TOP + HIGH
STYLE = """
text{font:12px 'Segoe UI','Noto Sans','DejaVu Sans',Arial,sans-serif;fill:#1f2328}
.head{font-size:16px;font-weight:600} .strong{font-size:13px;font-weight:600}
.right{text-anchor:end} .middle{text-anchor:middle} .green{fill:#1a7f37} .red{fill:#b3202c}
.grid{stroke:#e1e4e8} .axis{stroke:#57606a} .end{stroke:#1f2328;stroke-width:1.5}
.range{fill:#0969da;fill-opacity:.2;stroke:#0969da} .mean{fill:none;stroke:#0a3069;stroke-width:2}
.claim{stroke:#1f2328;stroke-dasharray:7 4} .same{fill:#1a7f37;fill-opacity:.16}
.far{stroke:#b3202c;stroke-width:1.5;stroke-dasharray:2 3}
"""


@dataclass(frozen=True)
class Run:
    """A rerun with `ones` right answers, and the part of the plane to show: samples, and score in percent."""

    name: str
    title: str
    total: int
    claim: Fraction
    ones: int
    seed: int
    samples: range
    scores: range

    @property
    def margins(self) -> Margins:
        """Of a claim in percent with one decimal, one epoch on both sides."""
        return margins(self.total, self.claim, Fraction(1, 2000), NOISY * float(self.claim * (1 - self.claim)))

    def order(self) -> list[int]:
        """The score of each sample, as they run."""
        digests = [hashlib.sha256(f"{self.seed} {place}".encode()).digest() for place in range(self.total)]
        return [int(place < self.ones) for place in sorted(range(self.total), key=digests.__getitem__)]

    def x(self, samples: float) -> float:
        return LEFT + WIDE * samples / self.samples[-1]

    def y(self, score: float) -> float:
        return BOTTOM - HIGH * (score - self.scores[0]) / (self.scores[-1] - self.scores[0])


MMLU_PRO, GPQA = (12032, Fraction(783, 1000)), (198, Fraction(412, 1000))
# Seeds: runs that take about the median number of samples.
RUNS = (
    Run("honest", "Claimed 78.3 %, and true", *MMLU_PRO, 9421, 8, range(0, 6001, 1000), range(68, 89, 2)),
    Run("inflated", "Claimed 78.3 %, in truth 73.3 %", *MMLU_PRO, 8819, 4, range(0, 2501, 500), range(62, 83, 2)),
    Run("undecided", "Claimed 41.2 %, rerun 35.4 %", *GPQA, 70, 5, range(0, 201, 50), range(15, 61, 5)),
)


@dataclass(frozen=True)
class Look:
    """After so many samples: the interval for R and the mean so far, in percent."""

    samples: int
    low: float
    high: float
    mean: float


@cache
def trace(run: Run) -> tuple[list[Look], tuple[str, str]]:
    """Some looks and what is said in the end. The engine may decide at any sample; not every one is drawn."""
    engine = Sequential(Question(run.total, run.claim, run.margins, binary=True))
    last = min(run.total, run.samples[-1])
    drawn = {round(50 + (last - 50) * (look / LOOKS) ** 2) for look in range(LOOKS + 1)}
    looks, right = [], 0
    for score in run.order():
        engine.add((Fraction(score), Fraction(score)))
        right += score
        if engine.decided or engine.samples in drawn:
            low, high = engine.interval()
            looks.append(Look(engine.samples, float(100 * low), float(100 * high), 100 * right / engine.samples))
        if engine.decided:
            break
    if engine.answer == "inconclusive":
        return looks, ("inconclusive after", f"all {run.total:,} samples")
    return looks, (f"{engine.answer} after", f"{engine.samples:,} of {run.total:,} samples")


def line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    return f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'


def across(kind: str, y: float) -> str:
    return line(kind, (LEFT, y), (RIGHT, y))


def box(kind: str, x: float, y: float, size: tuple[float, float]) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"/>'


def text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def axes(run: Run) -> Iterator[str]:
    for score in run.scores:
        yield across("grid", run.y(score)) + text("right", LEFT - 8, run.y(score) + 4, str(score))
    for samples in run.samples:
        x = run.x(samples)
        yield line("axis", (x, BOTTOM), (x, BOTTOM + 5)) + text("middle", x, BOTTOM + 20, f"{samples:,}")
    yield across("axis", BOTTOM) + line("axis", (LEFT, TOP), (LEFT, BOTTOM))
    yield text("middle", LEFT + WIDE / 2, BOTTOM + 40, "samples run") + text("", 16, TOP - 12, "score in percent")


def claimed(run: Run) -> Iterator[str]:
    """The claim with both margins."""
    claim, same, far = (float(100 * part) for part in (run.claim, run.margins.verified, run.margins.mismatch))
    yield box("same", LEFT, run.y(claim + same), (WIDE, run.y(claim - same) - run.y(claim + same)))
    yield across("claim", run.y(claim)) + text("", RIGHT + 6, run.y(claim) + 4, f"claim {claim:.1f}")
    for sign, side in (("+", 1), ("−", -1)):
        y = run.y(claim + side * far)
        yield across("far", y) + text("red", RIGHT + 6, y + 4, f"{sign}{far:.1f}")
        if same != far:
            yield text("green", RIGHT + 6, run.y(claim + side * same) + 4, f"{sign}{same:.1f}")


def measured(run: Run, looks: list[Look], said: tuple[str, str]) -> Iterator[str]:
    """The interval, the mean, and where they end."""

    def points(places: list[tuple[int, float]]) -> str:
        return " ".join(f"{run.x(samples):.1f},{run.y(score):.1f}" for samples, score in places)

    around = [(look.samples, look.high) for look in looks] + [(look.samples, look.low) for look in reversed(looks)]
    yield f'<g clip-path="url(#plot)"><polygon class="range" points="{points(around)}"/>'
    yield f'<polyline class="mean" points="{points([(look.samples, look.mean) for look in looks])}"/></g>'
    x, y = run.x(looks[-1].samples), run.y(looks[-1].mean)
    yield line("end", (x, TOP), (x, BOTTOM)) + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    kind, beside = ("strong right", x - 10) if x > LEFT + WIDE * 0.7 else ("strong", x + 10)
    yield text(kind, beside, BOTTOM - 30, said[0]) + text(kind, beside, BOTTOM - 12, said[1])


def legend() -> Iterator[str]:
    yield box("range", 16, 44, (22, 12)) + text("", 44, 54, "interval for R")
    yield line("mean", (142, 50), (164, 50)) + text("", 170, 54, "mean so far")
    yield line("claim", (258, 50), (282, 50)) + text("", 288, 54, "claim")
    yield box("same", 338, 44, (22, 12)) + text("", 366, 54, "margin of “verified”")
    yield line("far", (502, 50), (526, 50)) + text("", 532, 54, "margin of “mismatch”")


def picture(run: Run) -> str:
    """One run as SVG, on white so that it can be read anywhere."""
    looks, said = trace(run)
    first, last = (f"{look.low:.1f} to {look.high:.1f} % at {look.samples:,} samples" for look in (looks[0], looks[-1]))
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 450" role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(run.title)}: {" ".join(said)}</title>',
        f'<desc id="desc">The interval for the score over all samples narrows from {first} to {last}.</desc>',
        f"<style>{STYLE}</style>",
        f'<clipPath id="plot">{box("", LEFT, TOP, (WIDE, HIGH))}</clipPath>',
        '<rect width="720" height="450" fill="#fff"/>',
        text("head", 16, 28, run.title),
        *(*legend(), *axes(run), *claimed(run), *measured(run, looks, said)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def pictures() -> dict[Path, str]:
    """What belongs into `docs/`."""
    return {FOLDER / f"statistics-{run.name}.svg": picture(run) for run in RUNS}


def main() -> int:
    """Write them."""
    for path, content in pictures().items():
        path.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
