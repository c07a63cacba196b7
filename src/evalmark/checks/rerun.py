"""Whether a benchmark can be rerun safely, by anybody, and with the same result.

What Inspect does with each field: `inspect_ai/_eval/task/hf.py`, 0.3.285.
"""

import re
from collections.abc import Iterator

from evalmark.checks.fields import items_in, mapping_in, text_in
from evalmark.checks.registry import found
from evalmark.finding import Finding
from evalmark.formats.edits import is_score
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence, nodes_below, shown
from evalmark.formats.safety import JUDGED_BY_A_MODEL, opens_a_place

# Inspect's providers that send a bill; the others run weights on the machine, or nothing at all.
PAID_PROVIDERS = frozenset(
    {
        "anthropic", "azureai", "bedrock", "cloudflare", "deepseek", "fireworks", "google", "grok", "groq",
        "hf-inference-providers", "meta", "mistral", "moonshot", "openai", "openai-api", "openrouter", "perplexity",
        "sagemaker", "sambanova", "together",
    }
)  # fmt: skip
# A day in the name (`-2024-08-06`, `-20241022`, `-0613`), or a commit behind an @.
_PINNED = re.compile(r".*(?:[-@](?:20[0-9]{2}-?[0-9]{2}-?[0-9]{2}|[0-9]{4})|@[0-9a-f]{40})(?:-v[0-9]+(?::[0-9]+)?)?")


def rerun_findings(root: Mapping) -> Iterator[Finding]:
    """What stands between a benchmark for Inspect and a rerun."""
    for task in items_in(root, "tasks"):
        yield from _repeats(task)
        yield from _surroundings(task)
        for component in (*items_in(task, "solvers"), *items_in(task, "scorers")):
            yield from _places(component)
            yield from _judges(component)


def _repeats(task: Mapping) -> Iterator[Finding]:
    epochs, shuffled = task.get("epochs"), task.get("shuffle_choices")
    if isinstance(epochs, Scalar) and is_score(epochs.value) and epochs.value > 1:
        yield found(
            "epochs-multiply-cost",
            epochs.place,
            f"a rerun costs {epochs.value:g} times as much as one answer a sample",
            "nothing, if the spread between answers is what you mean to measure; else take fewer",
        )
    if isinstance(shuffled, Scalar) and shuffled.value is True:
        yield found(
            "choices-shuffled",
            shuffled.place,
            "every rerun shuffles the choices anew, for the format has no seed",
            "nothing, if the order should not matter; else store the choices shuffled, and delete the line",
        )


def _surroundings(task: Mapping) -> Iterator[Finding]:
    image = text_in(mapping_in(task, "field_spec"), "input_image")
    if image is not None:
        yield found(
            "image-input",
            image.place,
            "the samples bring images, and Inspect opens paths and addresses among them on the machine that reruns",
            "store data URIs only; evalmark itself reruns text tasks",
        )
    for solver in items_in(task, "solvers"):
        name = text_in(solver, "name")
        if name is not None and name.text == "use_tools":
            yield found(
                "tools-need-a-sandbox",
                name.place,
                "the task gives the model tools, which whoever reruns it must put into a sandbox",
                "nothing, if the benchmark needs them; evalmark itself starts no sandboxes",
            )


def _places(component: Mapping) -> Iterator[Finding]:
    args = mapping_in(component, "args")
    for node in nodes_below(args) if args is not None else ():
        if isinstance(node, Scalar) and isinstance(node.value, str) and opens_a_place(node.text):
            yield found(
                "argument-opens-a-place",
                node.place,
                f"Inspect opens `{shown(node.text)}` if there is such a file or address, and puts it into the prompt",
                "write the text itself, without :// in it, and let it begin with a word",
            )


def _judges(component: Mapping) -> Iterator[Finding]:
    """The models that a component calls besides the one that is evaluated."""
    name, args = text_in(component, "name"), mapping_in(component, "args")
    judge = args.get("model") if args is not None else None
    if args is not None and judge is not None:
        for model in _models(judge):
            yield from _judge_findings(model)
    elif name is not None and name.text in JUDGED_BY_A_MODEL and not _has_role(args):
        yield found(
            "judge-missing",
            name.place,
            f"`{name.text}` without a judge lets the model grade itself",
            "add `model:` below `args:` with a dated name (openai/gpt-4o-2024-08-06), or take a scorer that computes",
        )


def _has_role(args: Mapping | None) -> bool:
    return args is not None and args.get("model_role") is not None


def _models(judge: Node) -> Iterator[Scalar]:
    items = judge.items if isinstance(judge, Sequence) else (judge,)
    return (item for item in items if isinstance(item, Scalar) and isinstance(item.value, str) and item.value)


def pinned_findings(model: Scalar) -> Iterator[Finding]:
    """Whether a model that grades can change under its name."""
    if not _PINNED.fullmatch(model.text):
        yield found(
            "judge-not-pinned",
            model.place,
            f"the judge `{shown(model.text)}` can change under its name, and every score with it",
            "name a dated version, such as openai/gpt-4o-2024-08-06, or weights at a commit: hf/owner/name@<40 digits>",
        )


def _judge_findings(model: Scalar) -> Iterator[Finding]:
    yield from pinned_findings(model)
    provider = model.text.partition("/")[0]
    if provider in PAID_PROVIDERS:
        yield found(
            "judge-paid",
            model.place,
            f"whoever reruns the benchmark pays {shown(provider)} for the judge, and needs a key",
            "nothing, if it must be this judge; else take a scorer that computes, or a judge with open weights",
        )
