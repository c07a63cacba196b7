"""Questions to the person at the terminal. Elsewhere what is not known is an error that names the option."""

import select
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evalmark.errors import Interrupted, UsageProblem
from evalmark.report.escape import plain

TRIES = 5
NOTICED_AFTER = 0.2
NOTHING_DONE = "nothing was changed; run the same command to start again"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, the answer that Enter gives (None if there is no sensible one), and the option that says it too."""

    words: str
    option: str
    default: str | None = None


class Asker:
    """Asks on the terminal if there is one; `yes` takes every default without asking."""

    def __init__(self, *, yes: bool = False, terminal: bool | None = None) -> None:
        self._yes = yes
        self.terminal = sys.stdin.isatty() and sys.stderr.isatty() if terminal is None else terminal

    @property
    def asks(self) -> bool:
        """Whether a person is asked at all."""
        return self.terminal and not self._yes

    def text(self, question: Question, wrong: Callable[[str], str | None] = lambda _answer: None) -> str:
        """A line of text; `wrong` says what is wrong with an answer, or None. Raises `UsageProblem`, `Interrupted`."""
        if self._yes and question.default is not None:
            return question.default
        self._need_terminal(question)
        return self._asked(question.words, question, wrong)

    def _asked(self, words: str, question: Question, wrong: Callable[[str], str | None]) -> str:
        for _ in range(TRIES):
            answer = self._line(f"{words}{_shown(question.default)}: ") or question.default or ""
            problem = wrong(answer) if answer else "an answer is needed"
            if problem is None:
                return answer
            _say(f"    {problem}")
        raise UsageProblem(f"no usable answer to: {question.words}", f"give it with {question.option}")

    def proposal(self, words: str, proposed: str) -> str:
        """A line of text that is known, for a person to change; elsewhere it is taken. Raises `Interrupted`."""
        return self.text(Question(words, "", proposed)) if self.terminal else proposed

    def choice(self, question: Question, choices: Sequence[str], notes: Mapping[str, str] | None = None) -> str:
        """One of `choices`, by its number or by itself; `notes` tells more of some. Raises what `text` raises."""
        if self._yes and question.default is not None:
            return question.default
        self._need_terminal(question, choices)
        _say(f"\n{question.words}")
        width = max(map(len, choices), default=0)
        for number, choice in enumerate(choices, 1):
            note = f"{'':{width - len(choice)}}  {notes[choice]}" if notes and choice in notes else ""
            _say(f"    {number}  {plain(choice)}{note}")
        wrong = f"write a number from 1 to {len(choices)}"
        answer = self._asked("  your choice", question, lambda said: None if _chosen(said, choices) else wrong)
        return _chosen(answer, choices) or answer

    def confirm(self, question: Question, *, default: bool) -> bool:
        """Yes or no. Without a terminal it is no, unless `yes`. Raises `Interrupted`."""
        if self._yes:
            return True
        if not self.terminal:
            return False
        answer = self._line(f"{question.words} [{'Y/n' if default else 'y/N'}]: ").lower()
        return default if not answer else answer in ("y", "yes")

    def _need_terminal(self, question: Question, choices: Sequence[str] = ()) -> None:
        if not self.terminal:
            among = f" (one of: {', '.join(plain(choice) for choice in choices[:20])})" if choices else ""
            raise UsageProblem(f"it is not known: {question.words}{among}", f"give it with {question.option}")

    def _line(self, prompt: str) -> str:
        _say(prompt, end="")
        try:
            _wait_for_line()
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            _say("")
            raise Interrupted("stopped", NOTHING_DONE) from None
        if not line:
            raise Interrupted("stopped: there is nothing more to read from the terminal", NOTHING_DONE)
        return line.strip()


def _wait_for_line() -> None:
    """In short steps: of a Ctrl-C in the moment before a read blocks, Python would tell only after the next line."""
    while not select.select([sys.stdin], [], [], NOTICED_AFTER)[0]:
        pass


def _shown(default: str | None) -> str:
    return f" [{plain(default)}]" if default is not None else ""


def _chosen(answer: str, choices: Sequence[str]) -> str | None:
    if answer in choices:
        return answer
    return choices[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(choices) else None


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
