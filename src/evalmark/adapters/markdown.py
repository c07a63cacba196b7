"""Tables of a Markdown file, by markdown-it-py: CommonMark with the tables of GitHub."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from evalmark.harness.card_tables import CardTable

LARGEST = 1 << 20
MOST_TABLES = 100


def tables_of(text: str) -> tuple[CardTable, ...]:
    """All tables, the first hundred. Of a file over 1 MB only the beginning is looked at."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text[:LARGEST])
    starts = [number for number, token in enumerate(tokens) if token.type == "table_open"]
    return tuple(_table(tokens[start:]) for start in starts[:MOST_TABLES])


def _table(tokens: Sequence[Token]) -> CardTable:
    rows = list(_rows(takewhile(lambda token: token.type != "table_close", tokens)))
    return CardTable(rows[0][1], tuple(rows[1:])) if rows else CardTable((), ())


def _rows(tokens: Iterator[Token]) -> Iterator[tuple[int, tuple[str, ...]]]:
    line = 0
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            line, cells = (token.map[0] + 1 if token.map else 0), []
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            yield line, tuple(cells)
