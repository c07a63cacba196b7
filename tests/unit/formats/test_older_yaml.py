"""What YAML 1.1 makes of a scalar, beside PyYAML itself, which Inspect and huggingface_hub use."""

import math

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.formats.older_yaml import LONGEST_CONVERTED, older_reading
from evalmark.formats.scalars import resolve

REFUSED = object()
ATOMS = [
    "0", "1", "7", "8", "9", "_", ".", "e", "E", "+", "-", ":", "x", "b", "o", "yes", "No", "ON", "off", "=", "<<", "y",
    "2026-01-15", "2026-13-45", "T10:30:00", "Z", " 10:00:00", "12", "60", "inf", "nan", "~", "null", "true", "f", "00",
    "190:20:30",
]  # fmt: skip


def read_by_pyyaml(text: str) -> object:
    """The value, or REFUSED."""
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.constructor.ConstructorError, ValueError):
        return REFUSED


def is_one_plain_scalar(text: str) -> bool:
    try:
        events = list(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return False
    scalars = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    return len(events) == 5 and len(scalars) == 1 and not scalars[0].style and scalars[0].value == text


def is_the_same(older: object, newer: object) -> bool:
    if isinstance(older, float) and isinstance(newer, float) and math.isnan(older) and math.isnan(newer):
        return True
    numbers = type(older) in (int, float) and type(newer) in (int, float)
    return (numbers or type(older) is type(newer)) and older == newer


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=6).map("".join).filter(is_one_plain_scalar))
def test_older_reading__is_told_exactly_when_pyyaml_reads_otherwise(text: str) -> None:
    assert (older_reading(text) is None) == is_the_same(read_by_pyyaml(text), resolve(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1e3", "a text"),
        ("0o17", "a text"),
        ("-.5", "a text"),
        ("089", "a text"),
        ("012", "the number 10"),
        ("1_000", "the number 1000"),
        ("-0x3A", "the number -58"),
        ("0b11", "the number 3"),
        ("1:30", "the number 90"),
        ("-1:30", "the number -90"),
        ("190:20:30", "the number 685230"),
        ("0:30.5", "the number 30.5"),
        ("1_0.5", "the number 10.5"),
        ("yes", "`true`"),
        ("OFF", "`false`"),
        ("2026-01-15", "a date"),
        ("2026-01-15 10:30:00 +2", "a date"),
        ("2026-02-30", "an error that hides the whole file"),
        ("=", "an error that hides the whole file"),
        ("0x_", "an error that hides the whole file"),
    ],
)
def test_older_reading__in_words(text: str, words: str) -> None:
    reading = older_reading(text)

    assert reading is not None
    assert reading.words == words


@pytest.mark.parametrize(
    "text",
    ["", "20.9", "-5", "+1", "0", ".5", "5.", "0x1F", ".inf", ".nan", "~", "null", "true", "nobody", "y", "2026", "-"],
)
def test_older_reading__same_in_both(text: str) -> None:
    assert older_reading(text) is None


def test_older_reading__does_not_convert_what_is_endless() -> None:
    assert older_reading("1" + ":1" * LONGEST_CONVERTED) is None
