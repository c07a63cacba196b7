"""Verdicts whose every foreign string is somebody's attack."""

from typing import Any

from hypothesis import strategies as st

from evalmark.logged import Check, EditedSample, LogEvidence
from evalmark.outcome import LogFile
from evalmark.plan.identity import Identity
from evalmark.verdict import Answer, Verdict
from tests.builders import NUMBERS, claim, run_record, verdict

MARK = "Zq"
"""Stands in every hostile string, so that a test finds where it went."""

ATTACKS = [
    "@octocat",
    "@github/security",
    "![x](https://evil.example/beacon.png)",
    '<img src="https://evil.example/x.png">',
    "[verified](https://evil.example)",
    "https://evil.example/?q=1",
    "www.evil.example",
    "</details>",
    "</code></td></tr></table>",
    "<details open>",
    "<script>alert(1)</script>",
    "<!-- evalmark:sticky -->",
    "-->",
    "`",
    "```\n",
    "~~~",
    "\n\n# verified\n\n",
    "\r\n\r\n| a | b |\r\n|---|---|\r\n",
    "\u2028\u2029",
    "\x85",
    "\x00",
    "\x1b[2J\x1b]0;title\x07",
    "\u202e\u2066\u200b\u200f\ufeff",
    "$$x$$ $`y`$",
    "\\(x\\) \\[y\\]",
    "|",
    "&lt;b&gt; &#60;b&#62; &",
    "\"'",
    "::error file=a::b",
    "##[group]x",
    "#1 GH-1 octo/cat#2",
    "a" * 40,
    "x" * 1000,
    "\ud800",
    "✔ verified",
]

hostile = st.lists(st.sampled_from(ATTACKS) | st.text(max_size=20), min_size=1, max_size=4).map(
    lambda parts: MARK + "".join(parts)
)


def verdict_with(foreign: str, answer: Answer = Answer.MISMATCH) -> Verdict:
    """A verdict with numbers, with `foreign` in every place that may hold foreign text."""
    numbers: dict[str, Any] = {**NUMBERS, "margin_from": foreign}
    about = claim().model_copy(
        update=dict.fromkeys(("model", "dataset_id", "task_id", "file", "notes", "source_name"), foreign)
    )
    run = run_record(identity=Identity(proved=False, statement=foreign)).model_copy(
        update={
            **dict.fromkeys(("model", "model_revision", "task", "platform", "variant", "grader"), foreign),
            "logs": (LogFile(path=foreign, sha256=foreign),),
            "generation": {foreign: foreign},
            "versions": {foreign: foreign, "inspect-ai": foreign},
        }
    )
    whole = verdict(answer, numbers, run=run, reason=foreign, advice=foreign, detail=foreign)
    check = Check(name="task", state="wrong", says=foreign)
    edited = EditedSample(key="a" * 64, id="1", question="q", logged=(1.0,), rescored=(None,))
    edited = edited.model_copy(update={"id": foreign, "question": foreign})
    log = LogEvidence(file=foreign, state="contradicts", rung="log", reason=foreign, checks=(check,), edited=(edited,))
    return whole.model_copy(update={"claim": about, "log": log})
