"""The harness itself: what it hands on, and each thing that it refuses."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.action.expressions import holds
from tests.action.file_commands import parse_outputs
from tests.action.harness import Machine, Ran, run_action
from tests.action.log_commands import Annotation, parse_log
from tests.action.refusal import Refused

TOKEN = "a-token-of-the-job"
HEAD = """\
inputs:
  name: {default: world}
  token: {default: "${{ github.token }}"}
outputs:
  greeting: {value: "${{ steps.greet.outputs.greeting }}"}
runs:
  using: composite
  steps:
"""
TOOL = "someone/tool@0123456789012345678901234567890123456789"


def script(run: str, **more: object) -> dict[str, object]:
    """A step in bash."""
    return {"id": "greet", "shell": "bash", "env": {"NAME": "${{ inputs.name }}"}, "run": run} | more


def act(folder: Path, *steps: Mapping[str, object], **inputs: object) -> Ran:
    """Run an action of these steps."""
    (folder / "action").mkdir()
    lines = "".join(f"    - {json.dumps(step)}\n" for step in steps)  # JSON is YAML
    (folder / "action" / "action.yml").write_text(HEAD + lines)
    stubs = {"someone/tool": lambda settings: {"said": settings["say"].upper()}}
    return run_action(folder / "action", inputs, Machine(folder / "machine", {"PATH": "/usr/bin:/bin"}, TOKEN, stubs))


def test_run__an_input_reaches_the_script_as_a_value_and_never_as_code(tmp_path: Path) -> None:
    ran = act(tmp_path, script('echo "greeting=hello $NAME" >> "$GITHUB_OUTPUT"'), name="$(id) `id`")

    assert ran.outputs == {"greeting": "hello $(id) `id`"}


def test_run__defaults_are_filled_in(tmp_path: Path) -> None:
    ran = act(tmp_path, script("true", env={"NAME": "${{ inputs.name }}", "TOKEN": "${{ inputs.token }}"}))

    assert ran.last.environment == {"NAME": "world", "TOKEN": TOKEN}


def test_run__a_stub_plays_an_action_that_is_used(tmp_path: Path) -> None:
    used = {"id": "tool", "uses": TOOL, "with": {"say": "${{ inputs.name }}"}}
    said = script('echo "greeting=$SAID" >> "$GITHUB_OUTPUT"', env={"SAID": "${{ steps.tool.outputs.said }}"})

    assert act(tmp_path, used, said).outputs == {"greeting": "WORLD"}


def test_run__after_a_failure_nothing_runs_that_does_not_ask_for_it(tmp_path: Path) -> None:
    failing = script('echo "greeting=late" >> "$GITHUB_OUTPUT"; exit 3')
    steps = (failing, {"shell": "bash", "run": "true"}, {"shell": "bash", "run": "true", "if": "${{ !cancelled() }}"})

    ran = act(tmp_path, *steps)

    assert ran.failed
    assert [done.code for done in ran.steps] == [3, None, 0]
    assert ran.outputs == {"greeting": "late"}, "outputs that were written before the failure reach the caller"


def test_run__a_pipe_fails_with_its_first_part(tmp_path: Path) -> None:
    assert act(tmp_path, script("false | true")).last.code == 1


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        pytest.param({"uses": "someone/tool@v1"}, "not pinned", id="uses a tag"),
        pytest.param({"uses": "someone/other@" + "0" * 40}, "nothing plays someone/other", id="uses without a stub"),
        pytest.param(script("echo ${{ inputs.name }}"), "part of the script", id="expression in run"),
        pytest.param(script("true", shell="sh"), "not bash", id="another shell"),
        pytest.param({"run": "true"}, "not bash", id="no shell"),
        pytest.param(script("true", uses=TOOL), "either", id="uses and run"),
        pytest.param(script("true", **{"continue-on-error": True}), "does not know", id="unknown key"),
        pytest.param(script("true", env={"X": "${{ inputs.nmae }}"}), "no value `inputs.nmae`", id="misspelt input"),
        pytest.param(script("true", **{"if": "a && b"}), "does not understand", id="unknown condition"),
        pytest.param(script("echo A=1 >> $GITHUB_ENV"), "GITHUB_ENV", id="writes variables"),
        pytest.param(script("echo /x >> $GITHUB_PATH"), "GITHUB_PATH", id="writes the path"),
        pytest.param(script("echo a=1 >> $GITHUB_STATE"), "GITHUB_STATE", id="writes state"),
        pytest.param(script("head -c 1048577 /dev/zero >> $GITHUB_STEP_SUMMARY"), "over 1 MiB", id="large summary"),
        pytest.param(script("seq 11 | sed 's/^/::warning::/'"), "11 annotations", id="many annotations"),
        pytest.param(script("echo ::set-output name=a::b"), "set-output", id="old way to write an output"),
        pytest.param(script("echo $T", env={"T": "${{ github.token }}"}), "a secret is shown", id="token in the log"),
        pytest.param(
            script("echo $T >> $GITHUB_STEP_SUMMARY", env={"T": "${{ github.token }}"}),
            "a secret is shown",
            id="token in the summary",
        ),
    ],
)
def test_run__refuses(tmp_path: Path, step: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        act(tmp_path, step)


def test_run__refuses_an_unknown_input(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="unknown inputs: nmae"):
        act(tmp_path, script("true"), nmae="x")


@pytest.mark.parametrize(
    ("text", "outputs"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("a=1\nb=x=y\n", {"a": "1", "b": "x=y"}, id="pairs"),
        pytest.param("a<<END\n1\n\n2\nEND\nb=1\n", {"a": "1\n\n2", "b": "1"}, id="heredoc"),
        pytest.param("a<<END\nb=1\nc<<X\nEND\n", {"a": "b=1\nc<<X"}, id="heredoc holds what looks like outputs"),
        pytest.param("a=1\na=1\n", {"a": "1"}, id="the same twice"),
        pytest.param("a=b<<c\n", {"a": "b<<c"}, id="pair that holds a heredoc's sign"),
    ],
)
def test_outputs__are_read_as_github_reads_them(text: str, outputs: dict[str, str]) -> None:
    assert parse_outputs(text) == outputs


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("a", "not an output", id="no value"),
        pytest.param("=1", "not an output", id="no name"),
        pytest.param("a<<", "not an output", id="no delimiter"),
        pytest.param("a<<END\n1\n", "does not end", id="heredoc without an end"),
        pytest.param("a=1\na=2\n", "twice", id="two values"),
    ],
)
def test_outputs__refuses(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parse_outputs(text)


@pytest.mark.parametrize(
    ("log", "annotations"),
    [
        pytest.param("plain ::error::no\n", (), id="only at the start of a line"),
        pytest.param("  ::error::a%25b%0Ac%3A\n", (Annotation("error", "a%b\nc%3A"),), id="data is unescaped"),
        pytest.param(
            "::warning file=a%2Cb.yaml,line=3::m\n",
            (Annotation("warning", "m", {"file": "a,b.yaml", "line": "3"}),),
            id="place",
        ),
        pytest.param("said ##[error]m\n", (Annotation("error", "m"),), id="the old form, anywhere in a line"),
        pytest.param("a\r::error::m\r", (Annotation("error", "m"),), id="a carriage return starts a line"),
        pytest.param("::unknown::m\n", (), id="unknown command is text"),
        pytest.param(
            "::stop-commands::0123456789abcdef\n::error::a\n::0123456789abcdef::\n::error::b\n",
            (Annotation("error", "b"),),
            id="commands stop until the token",
        ),
    ],
)
def test_log__is_read_as_github_reads_it(log: str, annotations: tuple[Annotation, ...]) -> None:
    assert parse_log(log).annotations == annotations


def test_log__masks_are_kept() -> None:
    assert parse_log("::add-mask::hidden\n").masks == ("hidden",)


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        pytest.param("::set-env name=A::1", "set-env", id="set-env"),
        pytest.param("x ##[add-path]/tmp", "add-path", id="old form"),
        pytest.param("::stop-commands::x\n::x::", "guessed", id="short token"),
        pytest.param("::stop-commands::0123456789abcdef\n", "never started again", id="stopped for ever"),
        pytest.param("::error::m\n" * 11, "11 annotations of the kind error", id="too many errors"),
    ],
)
def test_log__refuses(log: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parse_log(log)


@pytest.mark.parametrize(
    ("condition", "well", "failed"),
    [
        pytest.param("success()", True, False, id="success"),
        pytest.param("failure()", False, True, id="failure"),
        pytest.param("${{ always() }}", True, True, id="always"),
        pytest.param("inputs.mode == 'RERUN'", True, False, id="equal, whatever the case"),
        pytest.param("${{ inputs.mode != 'rerun' }}", False, False, id="not equal"),
    ],
)
def test_condition__holds(condition: str, well: bool, failed: bool) -> None:
    context = {"inputs.mode": "rerun"}

    assert holds(condition, context, failed=False) is well
    assert holds(condition, context, failed=True) is failed
