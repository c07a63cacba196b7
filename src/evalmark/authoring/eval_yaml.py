"""The text of an `eval.yaml` and of the `.evalmark.toml` beside it, from what a person has decided."""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from evalmark.formats.declaration import Unit

Scalar: TypeAlias = str | int | float | bool
Task: TypeAlias = Literal["free text", "multiple choice"]

WIDTH: Final = 100
_PLAIN = re.compile(r"[A-Za-z][\w.-]*(?: [A-Za-z][\w.-]*)*", re.ASCII)
# What YAML 1.1, which Inspect and huggingface_hub read, takes for a boolean or nothing.
_OTHER_MEANING: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a benchmark with one task needs. `labels` are the only answers that there are, if they are few.

    `context` is a column with a text that the question is about; its name is an identifier.
    """

    dataset_id: str
    name: str
    description: str
    task_id: str
    config: str
    split: str
    input: str
    target: str
    scorer: str
    choices: str | tuple[str, ...] | None = None
    image: str | None = None
    context: str | None = None
    shuffled: bool = False
    numeric: bool = False
    labels: tuple[str, ...] = ()
    judge: str | None = None
    max_tokens: int = 1024
    temperature: float = 0
    unit: Unit = "percent"

    @property
    def kind(self) -> Task:
        """Whether a model chooses, or writes."""
        return "free text" if self.choices is None else "multiple choice"


def eval_yaml(draft: Draft) -> str:
    """The file; `evalmark check` finds no error in it."""
    task = f"{draft.dataset_id}/{draft.task_id}"
    lines = [
        f"# How this benchmark is run. Plain Inspect runs it too: inspect eval hf/{task}",
        f"name: {_scalar(draft.name)}",
        "description: >-",
        *textwrap.wrap(draft.description, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False),
        "evaluation_framework: inspect-ai",
        "",
        "tasks:",
        f"  - id: {_scalar(draft.task_id)}",
        f"    config: {_scalar(draft.config)}",
        f"    split: {_scalar(draft.split)}",
        *_field_spec(draft),
        *(["    shuffle_choices: true"] if draft.shuffled else []),
        *_components("solvers", _solvers(draft)),
        *_components("scorers", [(draft.scorer, _scorer_args(draft))]),
    ]
    return "".join(f"{line}\n" for line in lines)


def declaration(draft: Draft) -> str:
    """What a verifier may rely on. `multiple_choice` takes no temperature, so it is declared here."""
    lines = ["# What a verifier of claims about this benchmark may rely on.", f'unit = "{draft.unit}"']
    if draft.kind == "multiple choice":
        lines += ["", "[settings]", f"temperature = {draft.temperature:g}"]
    return "".join(f"{line}\n" for line in lines)


def _field_spec(draft: Draft) -> Iterator[str]:
    yield "    field_spec:"
    yield f"      input: {_scalar(draft.input)}"
    yield f"      target: {_scalar(draft.target)}"
    if isinstance(draft.choices, str):
        yield f"      choices: {_scalar(draft.choices)}"
    elif draft.choices is not None:
        yield f"      choices: [{', '.join(_scalar(name) for name in draft.choices)}]"
    if draft.context is not None:
        yield f"      metadata: [{_scalar(draft.context)}]"
    if draft.image is not None:
        yield f"      input_image: {_scalar(draft.image)}"


def _solvers(draft: Draft) -> list[tuple[str, dict[str, Scalar]]]:
    template = _template(draft)
    ask: list[tuple[str, dict[str, Scalar]]] = [("prompt_template", {"template": template})] if template else []
    if draft.kind == "multiple choice":
        return [*ask, ("multiple_choice", {"max_tokens": draft.max_tokens})]
    return [*ask, ("generate", {"temperature": draft.temperature, "max_tokens": draft.max_tokens})]


def _template(draft: Draft) -> str | None:
    """The prompt around a question, if it needs more. It begins with a word: Inspect opens what looks like a place."""
    if draft.context is None and draft.scorer != "answer":
        return None
    parts = ["Answer this question."] if draft.context is None else ["Read this text.", f"{{{draft.context}}}"]
    parts.append("{prompt}")
    if draft.scorer == "answer":
        one_of = f" It is one of: {', '.join(draft.labels)}." if draft.labels else ""
        parts.append(f'End with a line "ANSWER: ..." that holds your answer and nothing else.{one_of}')
    return "\n\n".join(parts)


def _scorer_args(draft: Draft) -> dict[str, Scalar]:
    if draft.scorer == "answer":
        return {"pattern": "line"}
    if draft.scorer == "match" and draft.numeric:
        return {"numeric": True}
    return {"model": draft.judge} if draft.judge is not None else {}


def _components(key: str, components: list[tuple[str, dict[str, Scalar]]]) -> Iterator[str]:
    yield f"    {key}:"
    for name, args in components:
        yield f"      - name: {name}"
        if args:
            yield "        args:"
        for arg, value in args.items():
            yield f"          {arg}: {_scalar(value)}"


def _scalar(value: Scalar) -> str:
    """A value that YAML 1.1 and 1.2 read alike: a JSON string is one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value) if isinstance(value, int) else f"{value:g}"
    is_plain = _PLAIN.fullmatch(value) and value.lower() not in _OTHER_MEANING
    return value if is_plain else json.dumps(value, ensure_ascii=False)
