"""Foreign text made harmless: names, notes, addresses and error messages are somebody else's."""

import unicodedata

LONGEST = 200
# Control, format (bidirectional and zero-width marks), private, surrogate and line-separator characters.
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
ENTITIES = {ord(character): f"&#{ord(character)};" for character in "&<>\"'`@$\\|"}


def plain(text: str, longest: int = LONGEST) -> str:
    """One line of visible characters, cut to `longest`: safe for a terminal and a workflow log."""
    spaced = "".join(" " if unicodedata.category(character) in UNSEEN else character for character in text)
    line = " ".join(spaced.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def visible(text: str) -> str:
    """Text of several lines for a terminal: spaces and line ends stay, what cannot be seen is shown as such."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def code(text: str, longest: int = LONGEST) -> str:
    """Foreign text inside an HTML block of a Markdown comment: literal, no link, no mention, no markup.

    GitHub and the Hub link no mentions inside `<code>`; the backtick and the at sign are written as entities so that
    nothing changes if a host does.
    """
    return f"<code>{plain(text, longest).translate(ENTITIES)}</code>"


def painted(text: str, code_of_colour: str, colour: bool) -> str:  # noqa: FBT001 - a switch that is passed on
    """Text in an ANSI colour (its SGR code), if colours are wanted."""
    return f"\x1b[{code_of_colour}m{text}\x1b[0m" if colour else text
