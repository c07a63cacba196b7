"""What a pull request should bring."""

from evalmark.authoring.duplicates import Standing
from evalmark.authoring.submission import entries_of, submission, taken_out
from tests.authoring import PATH, entry_text, other

EASY, HARD = entry_text("57.0").encode(), entry_text("12.0", "hard").encode()


def test_all_is_new_where_main_has_nothing() -> None:
    found = submission({PATH: EASY}, {}, [])
    assert found.files == {PATH: EASY}
    assert [each.standing for each in found.brought] == [Standing.NEW]


def test_main_has_it_as_it_is() -> None:
    assert submission({PATH: EASY}, {PATH: EASY}, [other("57.0")]) == ({}, (), (), ())


def test_an_entry_more_in_a_file_of_main() -> None:
    found = submission({PATH: EASY + HARD}, {PATH: EASY}, [other("57.0")])
    assert found.files == {PATH: EASY + HARD}
    assert [each.entry.entry.dataset.task_id for each in found.brought] == ["hard"]


def test_what_somebody_has_proposed_is_left_out_and_the_rest_is_brought() -> None:
    found = submission({PATH: EASY + HARD}, {}, [other("0.57", pull_request=7)])
    assert found.files == {PATH: HARD}
    assert [(each.standing, each.other and each.other.pull_request) for each in found.left_out] == [(Standing.SAME, 7)]


def test_nothing_is_left_of_a_file_that_others_propose_whole() -> None:
    found = submission({PATH: EASY}, {}, [other("57.0", pull_request=7)])
    assert (found.files, found.brought) == ({}, ())


def test_main_s_file_gets_only_what_is_new() -> None:
    main = entry_text("3.0", "third").encode()
    found = submission({PATH: main + EASY + HARD}, {PATH: main}, [other("3.0", "third"), other("57.0", pull_request=7)])
    assert found.files == {PATH: main + HARD}


def test_an_entry_of_main_that_is_not_here_stays() -> None:
    found = submission({PATH: HARD}, {PATH: EASY}, [other("57.0")])
    assert found.files == {PATH: EASY + HARD}
    assert [each.entry.dataset.task_id for each in found.kept] == ["easy"]


def test_what_supports_a_score_of_main_stays() -> None:
    main = entry_text("57.0", more="  source:\n    url: https://a.b/c\n").encode()
    assert submission({PATH: EASY}, {PATH: main}, [other("57.0")]).files == {}
    assert submission({PATH: EASY + HARD}, {PATH: main}, [other("57.0")]).files == {PATH: main + HARD}


def test_notes_that_are_written_anew_are_one_change() -> None:
    local = entry_text("57.0", more="  notes: 5-shot\n").encode()
    found = submission({PATH: local}, {PATH: EASY}, [other("57.0")])
    assert (found.files, found.kept) == ({PATH: local}, ())


def test_another_score_of_main_is_an_amendment_of_main() -> None:
    found = submission({PATH: entry_text("58.0").encode()}, {PATH: EASY}, [other("57.0")])
    (brought,) = found.brought
    assert brought.standing is Standing.OTHER
    assert brought.other is not None
    assert brought.other.entry.value_text == "57.0"


def test_more_evidence_for_main_s_own_score_is_new() -> None:
    found = submission({PATH: entry_text("57.0", more="  notes: default\n").encode()}, {PATH: EASY}, [other("57.0")])
    assert [each.standing for each in found.brought] == [Standing.NEW]


def test_an_amended_entry_beside_one_that_is_left_out() -> None:
    local = entry_text("58.0").encode() + HARD
    found = submission({PATH: local}, {PATH: EASY}, [other("57.0"), other("12.0", "hard", pull_request=7)])
    assert found.files == {PATH: entry_text("58.0").encode()}


def test_another_score_in_a_pull_request_is_told() -> None:
    found = submission({PATH: EASY}, {}, [other("60.0", pull_request=7)])
    assert [each.standing for each in found.brought] == [Standing.OTHER]


def test_what_going_on_with_a_pull_request_takes_out_of_it() -> None:
    mine = [other("57.0", pull_request=7), other("12.0", "hard", pull_request=7), other("3.0", "third", pull_request=7)]
    main = {PATH: entry_text("3.0", "third").encode()}
    assert [each.entry.entry.dataset.task_id for each in taken_out({PATH: EASY}, main, mine)] == ["hard"]
    assert taken_out({}, main, mine) == ()


def test_entries_are_in_order_of_their_files() -> None:
    assert [each.entry.value for each in entries_of({"b.yaml": EASY, "a.yaml": HARD})] == [12.0, 57.0]
