"""Boards, histories and conflicts for people and programs."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from html import unescape

import cmarkgfm
import pytest

from evalmark.board import BoardPage, RankedClaim
from evalmark.record import ClaimRecord, DisputeRecord
from evalmark.report.boards import board_as_csv, board_as_json, board_as_markdown, board_as_text
from evalmark.report.histories import (
    blame_as_text,
    conflicts_as_json,
    conflicts_as_text,
    events_as_json,
    events_as_text,
)
from tests.records import DAY, HOSTILE, claim, event, placed, rerun, task

VERIFIED = rerun(claim("acme/adder", 57.0, notes="With tools", variant="With tools"), "verified", 57.5)
WRONG = rerun(claim("zeta/boast", 99.0, state="open", pull_request=3), "mismatch", 41.0)


def board(*claims: ClaimRecord) -> BoardPage:
    rows = tuple(RankedClaim(each.rank, each.tied, each) for each in placed(claims))
    return BoardPage(task(claims=len(rows)), rows, len(rows))


def test_text() -> None:
    assert board_as_text(board(VERIFIED, WRONG, claim("beta/b", 56.0)), colour=False) == (
        "Sums · sums (acme/sums), higher is better\n"
        "\n"
        "RANK  MODEL       SCORE   VERDICT         RERUN                EVIDENCE                  SET-UP      SOURCE  DATE        BY\n"  # noqa: E501
        "1=    acme/adder  57.0 %  ✓ verified      57.5 % [55.5, 59.5]  rerun on all 200 samples  With tools          2026-11-01  ada\n"  # noqa: E501
        "1=    beta/b      56.0 %  ○ claimed                            fits the benchmark                            2026-11-01  ada\n"  # noqa: E501
        "–     zeta/boast  99.0 %  ✗ contradicted  41.0 % [39.0, 43.0]  rerun on all 200 samples                      2026-11-01  ada #3\n"  # noqa: E501
        "\n"
        "3 of 3 claims. Equal ranks (=) have intervals that overlap.\n"
    )


def test_text__a_token_that_only_its_maker_can_check_has_a_footnote() -> None:
    told = board_as_text(board(claim("acme/adder", 57.0, verify_token=True)), colour=False)

    assert told.splitlines()[-1].startswith("† ")


def test_text__in_colour_says_the_same() -> None:
    import re

    there = board(VERIFIED, WRONG)

    assert re.sub(r"\x1b\[[0-9]*m", "", board_as_text(there, colour=True)) == board_as_text(there, colour=False)
    assert "\x1b[32m" in board_as_text(there, colour=True)


def hostile() -> BoardPage:
    return board(claim("evil/name", 1.0, variant=HOSTILE, source_name=HOSTILE, author=HOSTILE, date=HOSTILE))


def test_text__foreign_text_is_harmless_on_a_terminal() -> None:
    text = board_as_text(hostile(), colour=False)

    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_markdown__foreign_text_is_no_markup() -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(board_as_markdown(hostile()))

    assert html.count("<td>") == 10
    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html


@pytest.mark.parametrize(
    "text", ["a|b", "`a`", "*a*", "[a](b)", "<b>", "@ada", "#1", "https://x.org", "$a$", "a\\", "a\nb"]
)
def test_markdown__a_cell_reads_as_it_was_written(text: str) -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(board_as_markdown(board(claim("a/b", 1.0, variant=text))))

    assert html.count("<td>") == 10
    assert f"<td>{' '.join(text.split())}</td>" in unescape(html)


def test_text__a_rerun_of_all_there_is_has_no_interval() -> None:
    exact = replace(VERIFIED, low=57.5, high=57.5)

    assert " 57.5 %  rerun on all" in board_as_text(board(exact), colour=False)


def test_csv__has_every_column_of_every_claim() -> None:
    rows = list(csv.DictReader(io.StringIO(board_as_csv(board(VERIFIED, WRONG)))))

    assert [(row["rank"], row["model"], row["verdict"], row["changed_at"]) for row in rows] == [
        ("1", "acme/adder", "verified", "2026-11-01T12:00:00Z"),
        ("", "zeta/boast", "mismatch", "2026-11-01T12:00:00Z"),
    ]
    assert set(rows[0]) == set(ClaimRecord.__dataclass_fields__)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv__nothing_that_a_spreadsheet_would_run(start: str) -> None:
    rows = list(csv.DictReader(io.StringIO(board_as_csv(board(claim(notes=f"{start}cmd|' /C calc'!A0"))), newline="")))

    assert rows[0]["notes"].startswith("'")


def test_json() -> None:
    told = json.loads(board_as_json(board(VERIFIED)))

    assert (told["task"]["dataset_id"], told["total"]) == ("acme/sums", 1)
    assert told["rows"][0]["verified_at"] == "2026-11-03T12:00:00Z"


def test_events__as_text() -> None:
    of = claim()
    told = events_as_text(
        [
            event(of, new="52.0", at=DAY),
            event(of, "amended", old="52.0", new="57.0", at=DAY + timedelta(days=1), detail="changed: notes"),
            event(of, "verified", old="57.0", new="57.5", at=None, by="prover", commit=None),
            event(of, "amended", old="52.0", new="90.0", at=DAY, gone=True, pull_request=3),
        ],
        colour=False,
    )

    assert told == (
        "2026-11-01 12:00 UTC  submitted  52.0                 acme/adder on acme/sums · sums    ada aaaaaaaaaa\n"
        "2026-11-02 12:00 UTC  changed    52.0 → 57.0          acme/adder on acme/sums · sums    ada aaaaaaaaaa     changed: notes\n"  # noqa: E501
        "at a time unknown     verified   57.0, measured 57.5  acme/adder on acme/sums · sums    prover\n"
        "2026-11-01 12:00 UTC  changed    52.0 → 90.0          acme/adder on acme/sums · sums    ada #3 aaaaaaaaaa  pushed away since\n"  # noqa: E501
    )


def test_events__none() -> None:
    assert events_as_text([], colour=False) == "no events\n"
    assert json.loads(events_as_json([])) == []


def test_events__foreign_text_is_harmless() -> None:
    text = events_as_text([event(claim(), by=HOSTILE, detail=HOSTILE, new=HOSTILE)], colour=False)

    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_blame__newest_first() -> None:
    of = claim()
    story = [event(of, new="52.0"), event(of, "amended", old="52.0", new="57.0")]

    told = blame_as_text([("f.yaml:1: 57.0", story), ("f.yaml:9: 1.0", [])])

    assert told.startswith("f.yaml:1: 57.0\n")
    assert told.index("52.0 → 57.0") < told.index("submitted")
    assert told.endswith("f.yaml:9: 1.0\n    not committed yet\n")


def test_conflicts() -> None:
    dispute = DisputeRecord(
        id="1", kind="contradicted", model="a/b", dataset_id="acme/sums", task_id=HOSTILE, variant="With tools",
        claims=[], message="99.0 is claimed, and a rerun measured 41", difference=58.0,
    )  # fmt: skip

    told = conflicts_as_text([dispute], colour=False)

    assert told.startswith("A rerun contradicts the claim: a/b on acme/sums · ")
    assert told.endswith("(With tools)\n    99.0 is claimed, and a rerun measured 41\n1 conflict\n")
    assert all(letter.isprintable() or letter == "\n" for letter in told)
    assert json.loads(conflicts_as_json([dispute]))[0]["difference"] == 58.0
    assert conflicts_as_text([replace(dispute), dispute], colour=False).endswith("2 conflicts\n")
