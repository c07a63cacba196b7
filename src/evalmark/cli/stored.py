"""What all commands have in common that read a store."""

import argparse
import importlib.util
from pathlib import Path

from evalmark.errors import MissingExtra

STORE = Path("evalmark.duckdb")


def add_store(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--store FILE`."""
    parser.add_argument("--store", type=Path, default=STORE, metavar="FILE", help=f"the store ({STORE})")


def need_board(command: str, *parts: str) -> None:
    """Raise `MissingExtra` if a part that the command needs is not installed."""
    if any(importlib.util.find_spec(part) is None for part in parts or ("duckdb",)):
        raise MissingExtra("board", command)
