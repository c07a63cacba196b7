"""Rows 7 to 9, 16 and 17: foreign words want to be more than words, in the comment and in the log of the run."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from evalmark import comment
from evalmark.adapters.inspect_runner.runner import InspectRunner
from evalmark.cli.ci.workflow import read_workflow
from evalmark.comment import Draft, Run
from evalmark.finding import Finding, Place, Severity
from evalmark.outcome import Failed, Outcome
from evalmark.plan.making import Job
from evalmark.report.overall import overall
from evalmark.report.pull_request import Told, told_as_markdown
from evalmark.report.run_annotations import annotations
from evalmark.review import Comment
from tests.acceptance.conftest import EVAL_YAML
from tests.action.file_commands import parse_outputs
from tests.action.log_commands import OLD, parse_log
from tests.action.refusal import Refused as ObeyedACommand
from tests.attacks.attack import Attack, all_of, instead
from tests.attacks.scene import BENCHMARK, BOT, Scene, scene
from tests.builders import entry_text
from tests.unit.report.hostile import verdict_with
from tests.unit.report.test_markdown import Document

HEAD = "a" * 40
FORGED = "### evalmark: 1 verified"
OTHER_MARKER = "<!-- other:sticky -->"
KNOWN = "0" * 32
"""What the attacker takes for the word that is drawn at random."""

Page = Callable[[Document], bool]


# ── 7: Markdown and HTML in the comment ─────────────────────────────────────────────────────


def shows(foreign: str, wanted: Page) -> Callable[[Path], bool]:
    """Foreign text in every name, note and message; rendered as GitHub does."""

    def works(_folder: Path) -> bool:
        found = Finding("value-missing", Severity.ERROR, Place(foreign, 1), foreign, foreign)
        verdicts = (verdict_with(foreign),)
        told = Told(HEAD, overall(verdicts, (found,), frozenset()), verdicts, (found,))
        return wanted(Document(told_as_markdown(told)))

    return works


def has_tag(tag: str) -> Page:
    return lambda page: any(isinstance(part, tuple) and part[0] == tag for part in page.structure)


def says_outside_code(word: str) -> Page:
    """GitHub looks for mentions and links in all text that is not in `<code>`."""
    return lambda page: any(isinstance(part, str) and word in part for part in page.structure)


def closes_more_than_it_opens(page: Document) -> bool:
    opened = [part for part in page.structure if isinstance(part, tuple) and part[0] == "details"]
    closed = [part for part in page.structure if part == "/details"]
    return len(closed) > len(opened)


def loads_an_image(folder: Path) -> bool:
    """The whole way: a task's name in the results file of a pull request."""
    with scene(folder) as at:
        at.propose(entry_text("57.0", task='"<img src=https://evil.example/b.png>"'))
        at.report()
    return has_tag("img")(Document(at.own))


RAW = all_of(
    instead("evalmark.report.markdown.code", lambda text, _longest=200: text),
    instead("evalmark.report.pull_request.code", lambda text, _longest=200: text),
)
"""Both places where foreign text is written."""


# ── 8, 9 and 16: whose comment it is, and which run's ───────────────────────────────────────


def marked(text: str, run: int, at: Scene) -> str:
    return Draft("default", at.head, Run(run), text).body


def silences_as_a_stranger(folder: Path) -> bool:
    return _silent(folder, "mallory", is_bot=False)


def silences_with_a_bots_name(folder: Path) -> bool:
    return _silent(folder, BOT, is_bot=False)


def silences_by_a_quote(folder: Path) -> bool:
    """Another workflow posts, as the same bot, a text that a stranger has written."""
    return _silent(folder, BOT, is_bot=True, before="Thank you! You wrote: ")


def _silent(folder: Path, author: str, *, is_bot: bool, before: str = "") -> bool:
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.repo.add_comment(at.number, author, before + marked(FORGED, 10**9, at), bot=is_bot)
        at.report()
    return "not-rerunnable" not in "".join(body for _, body in at.said)


def gets_our_words(folder: Path) -> bool:
    """We write into the stranger's comment, which he can then change as he likes."""
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.repo.add_comment(at.number, "mallory", marked(FORGED, 1, at))
        at.report()
    return any(author == "mallory" and "not-rerunnable" in body for author, body in at.said)


def any_author(patch: pytest.MonkeyPatch) -> None:
    usual = comment._run_of
    patch.setattr(comment, "_run_of", lambda each, me, key: usual(Comment(each.id, me, each.body), me, key))


def no_order(patch: pytest.MonkeyPatch) -> None:
    usual = comment._run_of
    patch.setattr(comment, "_run_of", lambda *asked: Run(0) if usual(*asked) else None)


class Anywhere:
    """The marker wherever it stands."""

    match = staticmethod(comment._MARKER.search)


def stays_forged(folder: Path) -> bool:
    """Somebody who may write edits our comment; then the next run comes."""
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.report()
        (ours,) = at.repo.comments(at.number)
        ours.body = marked(FORGED, at.run_id, at)
        at.run_id += 1
        at.report()
    return FORGED in at.own


def overwrites_what_is_newer(folder: Path) -> bool:
    """An older run, which was slow or is started again, ends after a newer one."""
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.report()
        at.run_id -= 1
        at.report()
    return f"run={at.run_id} " in at.own


# ── 17: commands to the runner ──────────────────────────────────────────────────────────────


def obeyed(log: str) -> bool:
    """Whether the runner takes anything in the log for a command that is not ours."""
    try:
        said = parse_log(log)
    except ObeyedACommand:
        return True
    return bool(said.masks)


def commands_by_a_plan(folder: Path) -> bool:
    """The name of a benchmark's task stands in the plan and in the progress of the rerun."""
    hostile = EVAL_YAML.replace("id: sums", 'id: "##[add-mask]a"')
    with scene(folder, hostile) as at, pytest.MonkeyPatch.context() as patch:
        patch.setattr(InspectRunner, "run", _start_and_fail)
        at.propose(entry_text("57.0", task='"##[add-mask]a"'))
        step = at.rerun(inputs={"benchmarks": BENCHMARK, "model-base-url": "http://127.0.0.1:9"})
    assert "##[add-mask]a" in step.log
    return obeyed(step.log)


def _start_and_fail(self: InspectRunner, job: Job, *_more: object) -> Outcome:
    self._progress(job, 0, 0)
    return Outcome(job=job.id, result=Failed(failure="crashed"), seconds=0)


def says(text: str, heard: Callable[[str], bool]) -> Callable[[Path], bool]:
    """Text for people, which somebody else has written, in the log of the run."""

    def works(folder: Path) -> bool:
        log = io.StringIO()
        with contextlib.redirect_stdout(log):
            read_workflow({"GITHUB_REPOSITORY": "acme/adder", "RUNNER_TEMP": str(folder)}).say(text)
        return heard(log.getvalue())

    return works


def obeyed_by_one_that_never_stops(log: str) -> bool:
    """A runner that does not know `stop-commands`, or reads commands before it does."""
    return any(OLD.fullmatch(line) for line in log.splitlines())


def sets_an_output(folder: Path) -> bool:
    """A value with a line end in it begins an output of the attacker's."""
    output = folder / "output"
    known = {"GITHUB_REPOSITORY": "acme/adder", "RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(output)}
    read_workflow(known).set_output(comment_url=f"x\nevalmark_{KNOWN}\nverdict=verified\nrest<<evalmark_{KNOWN}")
    return parse_outputs(output.read_text()).get("verdict") == "verified"


def annotates(_folder: Path) -> bool:
    """A line end in a message ends the annotation, and a command of the attacker's begins."""
    found = Finding("rule", Severity.ERROR, Place("a.yaml", 1), "x\n::add-mask::a", "y\r::add-mask::b")
    return obeyed(annotations((found,), ()))


def moves_an_annotation(_folder: Path) -> bool:
    """A colon and a comma in the name of a file put the annotation somewhere else."""
    found = Finding("rule", Severity.ERROR, Place("a.yaml,line=7,file=b.yaml,x=y", 1), "wrong")
    (annotation,) = parse_log(annotations((found,), ())).annotations
    return annotation.place["file"] == "b.yaml"


AS_IT_IS: Callable[..., str] = lambda text, *_longest: text  # noqa: E731 - it stands in for a function
NOT_STOPPED = instead("evalmark.cli.ci.workflow.obeying_nothing", contextlib.nullcontext)
NOT_STOPPED_IN_A_RERUN = instead("evalmark.cli.ci.rerun.obeying_nothing", contextlib.nullcontext)
NOT_TAMED = instead("evalmark.cli.ci.workflow._tamed", AS_IT_IS)
GUESSED = instead("evalmark.cli.ci.workflow.secrets.token_hex", lambda _length: KNOWN)
NOT_ONE_LINE = instead("evalmark.report.annotations.plain", AS_IT_IS)
NOT_ENCODED = instead("evalmark.report.annotations._data", AS_IT_IS)

ATTACKS = [
    Attack(7, "image that tells who reads", shows("<img src=https://evil.example/b.png>", has_tag("img")), RAW),
    Attack(7, "image by Markdown", shows("\n\n![x](https://evil.example/b.png)\n\n", has_tag("img")), RAW),
    Attack(7, "link", shows("\n\n[verified](https://evil.example)\n\n", has_tag("a")), RAW),
    Attack(7, "heading with a verdict", shows("\n\n# 1 verified\n\n", has_tag("h1")), RAW),
    Attack(7, "end of what is folded", shows("</code></td></tr></table></details>", closes_more_than_it_opens), RAW),
    Attack(7, "mention", shows("@octocat", says_outside_code("@octocat")), RAW),
    Attack(
        7,
        "marker of another bot",
        shows("<!-- other:sticky -->", lambda page: "<!-- other:sticky -->" in page.structure),
        RAW,
    ),
    Attack(7, "image in a task's name", loads_an_image, RAW),
    Attack(8, "stranger with our marker silences us", silences_as_a_stranger, any_author),
    Attack(8, "stranger gets our words", gets_our_words, any_author),
    Attack(
        8,
        "account called like the bot",
        silences_with_a_bots_name,
        instead("evalmark.adapters.github.publisher._author", lambda user: user["login"].text()),
    ),
    Attack(8, "our marker in a quote", silences_by_a_quote, instead("evalmark.comment._MARKER", Anywhere)),
    Attack(9, "edited comment", stays_forged, instead("evalmark.comment._same", lambda _posted, _body: True)),
    Attack(16, "older run", overwrites_what_is_newer, no_order),
    Attack(17, "command in a task's name", commands_by_a_plan, NOT_STOPPED_IN_A_RERUN),
    Attack(17, "output by a command", says("::set-output name=verdict::verified", obeyed), NOT_STOPPED),
    Attack(17, "mask by a command", says(" ::add-mask::a", obeyed), NOT_STOPPED),
    Attack(17, "word that starts commands again", says(f"::{KNOWN}::\n::add-mask::a", obeyed), GUESSED),
    Attack(17, "old command", says("x ##[error]y", obeyed_by_one_that_never_stops), NOT_TAMED),
    Attack(
        17,
        "old command, for a runner that stops",
        says("x ##[add-mask]y", obeyed),
        all_of(NOT_STOPPED, NOT_TAMED),
        layers=(NOT_STOPPED, NOT_TAMED),
    ),
    Attack(17, "line end in an output", sets_an_output, GUESSED),
    Attack(
        17,
        "line end in an annotation",
        annotates,
        all_of(NOT_ONE_LINE, NOT_ENCODED),
        layers=(NOT_ONE_LINE, NOT_ENCODED),
    ),
    Attack(
        17,
        "annotation at another place",
        moves_an_annotation,
        instead("evalmark.report.annotations._property", AS_IT_IS),
    ),
]
