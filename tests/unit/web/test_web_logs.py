"""Secrets in no line of a log."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from evalmark.web.logs import REMOVED, Redaction, configure, logger, secrets_in

TOKEN, SECRET, KEY = "hf_canary_token", "webhook-canary-secret", "sk-canary"
HIDDEN = (TOKEN, SECRET, KEY)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, in JSON; the root logger is as before in the end."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    out = io.StringIO()
    configure(HIDDEN, "json", out)
    yield out
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        (f"Bearer {TOKEN}!", f"Bearer {REMOVED}!"),
        ({"a": [f"x{SECRET}", {"b": KEY}]}, {"a": [f"x{REMOVED}", {"b": REMOVED}]}),
        ({"token": "short", "api_key": 1, "X-Webhook-Secret": 2, "kept": 3}, {"kept": 3}),
        ({f"name-{TOKEN}": 1}, {}),
        ({f"name {KEY}": 1}, {f"name {REMOVED}": 1}),
        ((1, 2.5, None, True), [1, 2.5, None, True]),
        (ValueError(TOKEN), REMOVED),
        (TOKEN.encode(), f"b'{REMOVED}'"),
    ],
)
def test_redaction(value: object, clean: object) -> None:
    assert Redaction(HIDDEN).of(value) == clean


def test_redaction__what_is_nested_deeper_than_it_looks() -> None:
    value: object = TOKEN
    for _ in range(30):
        value = [value]

    assert TOKEN not in str(Redaction(HIDDEN).of(value))


def test_secrets__by_their_names_and_those_that_are_named() -> None:
    environment = {
        "HF_TOKEN": TOKEN,
        "EVALMARK_WEBHOOK_SECRET": SECRET,
        "ACME_API_KEY": KEY,
        "PATH": "/usr/bin",
        "MODEL_PASS": "chosen-by-name",
        "SOME_TOKEN": "1",
    }

    found = secrets_in(environment, ["MODEL_PASS"])

    assert set(found) == {TOKEN, SECRET, KEY, "chosen-by-name"}
    assert list(found) == sorted(found, key=len, reverse=True)


def test_log__one_object_a_line_without_secrets(lines: io.StringIO) -> None:
    logger("test").info("says", line=f"token={TOKEN}", secret=SECRET, model="acme/adder")
    logging.getLogger("a.library").warning("GET %s", f"https://x/?secret={SECRET}")
    try:
        raise ValueError(KEY)
    except ValueError:
        logger("test").exception("trouble")

    text = lines.getvalue()
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["event"] for event in events] == ["says", f"GET https://x/?secret={REMOVED}", "trouble"]
    assert (events[0]["model"], events[0]["level"], "timestamp" in events[0]) == ("acme/adder", "info", True)
    assert "ValueError" in events[2]["exception"]
    assert not [secret for secret in HIDDEN if secret in text]


def test_log__a_line_break_in_a_name_makes_no_second_line(lines: io.StringIO) -> None:
    logger("test").info("says", line='a\n{"event": "forged"}\u2028')

    assert len(lines.getvalue().splitlines()) == 1
