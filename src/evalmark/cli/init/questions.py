"""What `evalmark init benchmark` asks: each question with the most likely answer, and an option that says it."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from evalmark.adapters.dataset_rows.rows import DatasetRows, Split
from evalmark.authoring.answers import SCORERS, WHAT, labels_of, look_of, note_on, trouble_with
from evalmark.authoring.columns import LITERAL_FIRST, Column, Guess, guess, unread_choices
from evalmark.authoring.eval_yaml import Draft
from evalmark.cli.asking import Asker, Question
from evalmark.cli.init.writing import say
from evalmark.errors import UsageProblem
from evalmark.formats.safety import JUDGED_BY_A_MODEL
from evalmark.report.escape import plain

NONE: Final = "none"
USUAL_CONFIG: Final = "default"
USUAL_SPLITS: Final = ("test", "validation", "dev", "train")
TASK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
TOKENS: Final = 1024
PICTURES: Final = "the column `{}` holds picture files, and Inspect takes data URIs in a column of text"
AS_URIS: Final = (
    "store them as text: data:image/png;base64,…; or add --image none, if the questions can be answered without"
)


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the benchmark before anybody is asked."""

    dataset_id: str
    name: str
    description: str
    names_files: bool = False
    """The README.md says which file is which split."""
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The draft, the split that it is about, and the files of each split where the README.md must name them."""

    draft: Draft
    split: Split
    files: Mapping[str, tuple[str, ...]]


class Interview:
    """Asks for what the options leave open."""

    def __init__(self, args: argparse.Namespace, asker: Asker) -> None:
        self._args = args
        self._asker = asker

    def draft(self, rows: DatasetRows, about: About) -> Answered:
        """All that the files need. Raises `UsageProblem`, `Interrupted`, and what the rows raise."""
        config, split = self._place(rows)
        found = rows.split(config, split)
        columns = {column.name: column for column in found.columns}
        if not any(column.values for column in found.columns):
            raise UsageProblem(f"the split {plain(split)} of {plain(config)} has no rows", "give another with --split")
        _show(found, config, split)
        best = guess(found.columns)
        asked = self._column("Which column has the question?", "--input", tuple(columns), best.input, self._args.input)
        choices = self._choices(columns, best)
        taken = {asked, *([choices] if isinstance(choices, str) else choices or ())}
        target = self._target(columns, best, choices, [name for name in columns if name not in taken])
        image = self._image(columns, best)
        scorer = self._scorer(columns, target, choices)
        draft = Draft(
            dataset_id=about.dataset_id,
            name=self._text("What is the benchmark called?", "--name", about.name),
            description=self._text("What does it measure, in a sentence?", "--description", about.description),
            task_id=self._task_id(about),
            config=config,
            split=split,
            input=asked,
            target=target,
            choices=choices,
            image=image,
            context=self._context(columns, best),
            shuffled=target == LITERAL_FIRST,
            scorer=scorer,
            numeric=target in columns and look_of(columns[target].values) == "numbers",
            labels=labels_of(columns[target].values) if scorer == SCORERS["labels"] and target in columns else (),
            judge=self._judge(scorer),
            max_tokens=self._tokens(),
            unit=self._args.unit,
        )
        files = rows.files(config) if rows.configs() == (USUAL_CONFIG,) and not about.names_files else {}
        if self._args.split is None and _is_unnamed(files):
            draft, files = replace(draft, split=USUAL_SPLITS[0]), {USUAL_SPLITS[0]: files[split]}
            say(f"\nno name of a file says that its rows are for training: README.md will call them {USUAL_SPLITS[0]}")
        return Answered(draft, found, files)

    def _place(self, rows: DatasetRows) -> tuple[str, str]:
        configs = rows.configs()
        config = self._of(
            "Which config?", "--config", configs, _best(configs, (USUAL_CONFIG, "main")), self._args.config
        )
        splits = rows.splits(config)
        split = self._of("Which split is evaluated?", "--split", splits, _best(splits, USUAL_SPLITS), self._args.split)
        return config, split

    def _column(self, words: str, option: str, names: Sequence[str], best: str | None, given: str | None) -> str:
        if given is None and len(names) == 1:
            say(f"{words} {plain(names[0])}, the only one left")
        return self._of(words, option, names, best if best in names else None, given)

    def _choices(self, columns: Mapping[str, Column], best: Guess) -> str | tuple[str, ...] | None:
        """One column with lists, several with one choice each, or None for free text."""
        given: str | None = self._args.choices
        unread = unread_choices(columns.values())
        if given is None and unread is not None:
            say(f"    note: `{plain(unread)}` is no list of texts, so Inspect cannot take it for choices")
        if given is None:
            default = _joined(best.choices)
            lists = [column.name for column in columns.values() if column.kind == "texts"]
            offered = dict.fromkeys([default, *lists, NONE])
            if tuple(offered) == (NONE,):
                return None
            words = "Which column(s) have the choices? (none: the model writes freely)"
            given = self._asker.choice(Question(words, "--choices", default), tuple(offered))
        if given == NONE:
            return None
        names = [
            name if name in columns else name.strip() for name in ([given] if given in columns else given.split(","))
        ]
        for name in names:
            _known(name, tuple(columns), "--choices")
        return names[0] if len(names) == 1 else tuple(names)

    def _target(
        self, columns: Mapping[str, Column], best: Guess, choices: str | tuple[str, ...] | None, left: Sequence[str]
    ) -> str:
        given: str | None = self._args.target
        if given is None and best.shuffled and choices == best.choices:
            return LITERAL_FIRST
        if given is not None and given.startswith("literal:"):
            return given
        if given is not None:
            target = _known(given, tuple(columns), "--target")
        else:
            target = self._column("Which column has the right answer?", "--target", left, best.target, None)
        if choices is not None:
            _check_target(columns, target, choices)
        elif (note := note_on(columns[target])) is not None:
            say(f"    note: {plain(note)}")
        return target

    def _image(self, columns: Mapping[str, Column], best: Guess) -> str | None:
        given: str | None = self._args.image
        pictures = tuple(column.name for column in columns.values() if column.kind in ("data-uri", "image"))
        if given is None and not pictures:
            return None
        image = self._of("Which column has an image for the model?", "--image", (*pictures, NONE), best.image, given)
        if image == NONE:
            return None
        if columns[image].kind == "image":
            raise UsageProblem(PICTURES.format(plain(image)), AS_URIS)
        return image

    def _context(self, columns: Mapping[str, Column], best: Guess) -> str | None:
        """Asked only where a column looks like it."""
        given: str | None = self._args.context
        if given is None and best.context is None:
            return None
        texts = [name for name, column in columns.items() if column.kind == "text" and name.isidentifier()]
        words = "Which column has a text that the question is about, and that goes before it?"
        context = self._of(words, "--context", (*texts, NONE), best.context, given)
        return None if context == NONE else context

    def _scorer(self, columns: Mapping[str, Column], target: str, choices: str | tuple[str, ...] | None) -> str:
        given: str | None = self._args.scorer
        if choices is not None:
            return _known(given, (SCORERS["choice"],), "--scorer") if given is not None else SCORERS["choice"]
        look = look_of(columns[target].values) if target in columns else "short"
        if given is not None:
            return _known(given, (*WHAT, *JUDGED_BY_A_MODEL), "--scorer")
        return self._of("How is an answer scored?", "--scorer", tuple(WHAT), SCORERS[look], None, WHAT)

    def _judge(self, scorer: str) -> str | None:
        if scorer not in JUDGED_BY_A_MODEL:
            return None
        given: str | None = self._args.judge
        words = "Which model judges? (with a date in its name, so that it stays the same)"
        return given or self._asker.text(Question(words, "--judge"), _wrong_model)

    def _tokens(self) -> int:
        given: int | None = self._args.max_tokens
        if given is None:
            words = "Most tokens of one answer? (a model that thinks first needs thousands)"
            given = int(self._asker.text(Question(words, "--max-tokens", str(TOKENS)), _wrong_number))
        if given < 1:
            raise UsageProblem(f"`--max-tokens {given}` leaves no answer", f"write for example --max-tokens {TOKENS}")
        return given

    def _task_id(self, about: About) -> str:
        usual = re.sub(r"[^a-z0-9]+", "_", about.dataset_id.rpartition("/")[2].lower()).strip("_") or "task"
        default = about.task_id or usual
        task_id = self._text("What is the leaderboard's id, which every reported score names?", "--task-id", default)
        if _wrong_id(task_id):
            raise UsageProblem(f"`--task-id {plain(task_id)}` cannot be addressed by Inspect", f"write {usual}")
        return task_id

    def _text(self, words: str, option: str, default: str) -> str:
        given: str | None = getattr(self._args, option.removeprefix("--").replace("-", "_"))
        wrong = _wrong_id if option == "--task-id" else lambda _answer: None
        text = given if given is not None else self._asker.text(Question(words, option, default), wrong)
        return " ".join(text.split()) or default

    def _of(
        self,
        words: str,
        option: str,
        offered: Sequence[str],
        default: str | None,
        given: str | None,
        notes: Mapping[str, str] | None = None,
    ) -> str:
        """One of several: as the option says, or the only one, or as the person says."""
        if given is not None:
            return _known(given, offered, option)
        if len(offered) == 1:
            return offered[0]
        return self._asker.choice(Question(words, option, default), offered, notes)


def _known(name: str, offered: Sequence[str], option: str) -> str:
    if name in offered:
        return name
    close = get_close_matches(name, offered, n=1)
    hint = f"did you mean {plain(close[0])}?" if close else f"there are: {', '.join(map(plain, offered[:20]))}"
    raise UsageProblem(f"`{option} {plain(name)}`: there is no such thing here", hint)


def _check_target(columns: Mapping[str, Column], target: str, choices: str | tuple[str, ...]) -> None:
    several = columns[choices] if isinstance(choices, str) else _together([columns[name] for name in choices])
    many = max((len(value) for value in several.values if isinstance(value, tuple)), default=0)
    trouble = trouble_with(columns[target], several, many)
    if trouble is not None:
        raise UsageProblem(plain(trouble.what, 400), trouble.advice)


def _together(columns: Sequence[Column]) -> Column:
    """Columns with one choice each, as one column with all of them."""
    rows = zip(*(column.values for column in columns), strict=False)
    return Column("choices", "texts", tuple(tuple(str(value) for value in row) for row in rows))


def _best(names: Sequence[str], usual: Sequence[str]) -> str | None:
    return next((name for name in usual if name in names), names[0] if names else None)


def _is_unnamed(files: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether rows are called `train` only because no name of a file says what they are."""
    return set(files) == {"train"} and not any("train" in file.lower() for file in files["train"])


def _joined(choices: str | tuple[str, ...] | None) -> str:
    return NONE if choices is None else choices if isinstance(choices, str) else ",".join(choices)


def _wrong_number(answer: str) -> str | None:
    return None if answer.isdecimal() and 0 < int(answer) < 10**7 else "write a whole number, such as 1024"


def _wrong_model(answer: str) -> str | None:
    return None if "/" in answer and not answer.startswith("/") else "write provider/name"


def _wrong_id(answer: str) -> str | None:
    return None if TASK_ID.fullmatch(answer) else "use letters, digits, dots, hyphens and underscores"


def _show(found: Split, config: str, split: str) -> None:
    rows = "an unknown number of" if found.total is None else f"{found.total:,}"
    say(f"\n{plain(config)} / {plain(split)}: {rows} rows\n")
    for column in found.columns:
        example = next((value for value in column.values if value not in (None, "")), "")
        shown = " · ".join(example) if isinstance(example, tuple) else str(example)
        say(f"    {plain(column.name, 30):<30}  {column.kind:<9}  {plain(shown, 60)}")
    say()
