"""The unmodified huggingface_hub in the community tab of the local Hub."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import DiscussionComment, DiscussionStatusChange, DiscussionTitleChange, HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users
from evalmark.localhub.events import (
    CommentCreated,
    CommentUpdated,
    ContentUpdated,
    DiscussionCreated,
    DiscussionUpdated,
    Event,
)
from tests.contract.localhub_fixtures import commit, git, init, write

# The client warns at every call that hides something.
pytestmark = pytest.mark.filterwarnings("ignore:Hidden comments' content cannot be retrieved")
MODEL = RepoId("models", "org/model")
ID = re.compile(r"[0-9a-f]{24}")
PEOPLE = {"hf_owner": "owner", "hf_ada": "ada", "hf_bob": "bob"}
USERS = Users(
    {token: Token(Person(name, write=("org/*",) if name == "owner" else ())) for token, name in PEOPLE.items()}
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    write(folder, {"a.txt": "a\n", "b.txt": "b\n"})
    return folder


@pytest.fixture
def hub(model: Path) -> Iterator[LocalHub]:
    with LocalHub({MODEL: model}, users=USERS) as hub:
        yield hub


@pytest.fixture
def events(hub: LocalHub) -> list[Event]:
    heard: list[Event] = []
    hub.state.listeners.append(heard.append)
    return heard


def client(hub: LocalHub, name: str) -> HfApi:
    return HfApi(endpoint=hub.url, token=f"hf_{name}")


@pytest.fixture
def owner(hub: LocalHub) -> HfApi:
    return client(hub, "owner")


@pytest.fixture
def ada(hub: LocalHub) -> HfApi:
    return client(hub, "ada")


@pytest.fixture
def bob(hub: LocalHub) -> HfApi:
    return client(hub, "bob")


def propose(api: HfApi, data: bytes = b"new\n", path: str = "a.txt") -> int:
    """Open a pull request that changes a file; its number."""
    info = api.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id="org/model", create_pr=True)
    return int(info.pr_num or 0)


# ── read ────────────────────────────────────────────────────────────────────────────────────


def test_discussion__is_opened_and_read(ada: HfApi) -> None:
    opened = ada.create_discussion("org/model", "A question", description="How was it *measured*?")

    assert (opened.num, opened.title, opened.status, opened.author) == (1, "A question", "open", "ada")
    assert (opened.is_pull_request, opened.diff, opened.target_branch) == (False, None, None)
    [description] = opened.events
    assert isinstance(description, DiscussionComment)
    assert (description.content, description.author, description.edited) == ("How was it *measured*?", "ada", False)
    assert ID.fullmatch(description.id)


def test_list__of_a_type_a_status_and_an_author(ada: HfApi, bob: HfApi, owner: HfApi) -> None:
    ada.create_discussion("org/model", "A question")
    propose(ada)
    bob.create_pull_request("org/model", "A draft")
    propose(bob, b"other\n")
    owner.change_discussion_status("org/model", 1, "closed")
    owner.merge_pull_request("org/model", 2)

    def numbers(**wanted: object) -> list[int]:
        return [found.num for found in ada.get_repo_discussions("org/model", **wanted)]  # type: ignore[arg-type]

    assert numbers() == [4, 3, 2, 1]
    assert numbers(discussion_type="discussion") == [1]
    assert numbers(discussion_type="pull_request") == [4, 3, 2]
    assert numbers(discussion_status="open") == [4, 3]
    assert numbers(discussion_status="closed") == [2, 1]
    assert numbers(author="ada", discussion_type="all", discussion_status="all") == [2, 1]


def test_list__in_pages(ada: HfApi, hub: LocalHub) -> None:
    for number in range(21):
        ada.create_discussion("org/model", f"Question {number}")
    assert [found.num for found in ada.get_repo_discussions("org/model")] == list(range(21, 0, -1))
    assert len([served for served in hub.requests if "p=" in served.target]) == 3


# ── comment, edit, hide ─────────────────────────────────────────────────────────────────────


def test_comment__raw_text_comes_back_unchanged(ada: HfApi, bob: HfApi) -> None:
    ada.create_discussion("org/model", "A question")
    text = "[//]: # (evalmark:report:v1)\n\n| a | b |\n|---|---|\n<b>`x`</b> 🤗\r\n<!-- x -->\n"
    said = bob.comment_discussion("org/model", 1, text)

    assert isinstance(said, DiscussionComment)
    assert (said.content, said.author, said.number_of_edits) == (text, "bob", 0)
    assert ada.get_discussion_details("org/model", 1).events[-1] == said


def test_comment__edits_keep_the_history(ada: HfApi) -> None:
    ada.create_discussion("org/model", "A question", description="v0")
    said = ada.comment_discussion("org/model", 1, "v1")
    ada.edit_discussion_comment("org/model", 1, said.id, "v2")
    edited = ada.edit_discussion_comment("org/model", 1, said.id.upper(), "v3")

    assert (edited.id, edited.content, edited.edited, edited.created_at) == (said.id, "v3", True, said.created_at)
    assert [version["raw"] for version in edited.edit_history] == ["v1", "v2"]
    assert edited.last_edited_by == "ada"
    assert edited.last_edited_at >= said.created_at
    assert edited._event["data"]["numEdits"] == 2


def test_comment__the_description_is_one_and_can_be_edited(ada: HfApi) -> None:
    description = ada.create_discussion("org/model", "A question", description="v0").events[0]
    assert ada.edit_discussion_comment("org/model", 1, description.id, "v1").content == "v1"


def test_comment__hidden_is_gone_for_good(ada: HfApi, owner: HfApi, hub: LocalHub) -> None:
    ada.create_discussion("org/model", "A question")
    said = ada.comment_discussion("org/model", 1, "my password")
    ada.edit_discussion_comment("org/model", 1, said.id, "my new password")
    hidden = owner.hide_discussion_comment("org/model", 1, said.id)

    assert (hidden.hidden, hidden.author, hidden.edit_history) == (True, "ada", [])
    assert not any(b"password" in path.read_bytes() for path in hub.state.folder.rglob("*.json"))
    with pytest.raises(BadRequestError, match="cannot be undone"):
        ada.edit_discussion_comment("org/model", 1, said.id, "back")


@pytest.mark.parametrize("length", [65_536, 65_537])
def test_comment__has_a_longest(ada: HfApi, length: int) -> None:
    ada.create_discussion("org/model", "A question")
    if length <= 65_536:
        assert ada.comment_discussion("org/model", 1, "x" * length).content == "x" * length
    else:
        with pytest.raises(BadRequestError, match="1 to 65536 characters; this has 65537"):
            ada.comment_discussion("org/model", 1, "x" * length)


@pytest.mark.parametrize("title", ["ab", "x" * 201, "two\nlines"])
def test_title__odd_is_a_bad_request(ada: HfApi, title: str) -> None:
    with pytest.raises(BadRequestError, match="3 to 200 characters"):
        ada.create_discussion("org/model", title)


# ── title and status ────────────────────────────────────────────────────────────────────────


def test_rename__is_an_event(ada: HfApi) -> None:
    ada.create_discussion("org/model", "A question")
    renamed = ada.rename_discussion("org/model", 1, "An answer")

    assert isinstance(renamed, DiscussionTitleChange)
    assert (renamed.old_title, renamed.new_title) == ("A question", "An answer")
    assert ada.get_discussion_details("org/model", 1).title == "An answer"


def test_status__is_closed_with_a_comment_and_opened_again(ada: HfApi) -> None:
    ada.create_discussion("org/model", "A question")
    closed = ada.change_discussion_status("org/model", 1, "closed", comment="Never mind")
    ada.change_discussion_status("org/model", 1, "open")

    assert isinstance(closed, DiscussionStatusChange)
    assert closed.new_status == "closed"
    events = ada.get_discussion_details("org/model", 1).events
    assert [event.type for event in events] == ["comment", "comment", "status-change", "status-change"]


def test_draft__takes_commits_and_must_be_opened_before_it_is_merged(ada: HfApi, owner: HfApi, hub: LocalHub) -> None:
    draft = ada.create_pull_request("org/model", "A score", description="Soon")
    assert (draft.status, draft.git_reference, draft.diff) == ("draft", "refs/pr/1", "")
    ada.upload_file(path_or_fileobj=b"c", path_in_repo="c.txt", repo_id="org/model", revision="refs/pr/1")
    with pytest.raises(BadRequestError, match="no open pull request, but draft"):
        owner.merge_pull_request("org/model", 1)
    ada.change_discussion_status("org/model", 1, "open")
    owner.merge_pull_request("org/model", 1)
    assert "c.txt" in ada.list_repo_files("org/model")


# ── merge ───────────────────────────────────────────────────────────────────────────────────


def test_merge__makes_a_merge_commit_and_keeps_the_ref(ada: HfApi, owner: HfApi, hub: LocalHub) -> None:
    number = propose(ada)
    before = ada.get_discussion_details("org/model", number)
    owner.upload_file(path_or_fileobj=b"c", path_in_repo="c.txt", repo_id="org/model")
    main = hub.sha(MODEL)
    owner.merge_pull_request("org/model", number, comment="Thanks")

    after = ada.get_discussion_details("org/model", number)
    assert (after.status, after.merge_commit_oid, after.diff) == ("merged", hub.sha(MODEL), before.diff)
    assert [event.type for event in after.events] == ["comment", "commit", "comment", "status-change"]
    history = [commit.commit_id for commit in ada.list_repo_commits("org/model")]
    assert {main, hub.sha(MODEL, "refs/pr/1")} < set(history)
    assert sorted(ada.list_repo_files("org/model")) == ["a.txt", "b.txt", "c.txt"]


def test_merge__with_conflicts_is_an_error(ada: HfApi, owner: HfApi, hub: LocalHub) -> None:
    number = propose(ada)
    owner.upload_file(path_or_fileobj=b"theirs\n", path_in_repo="a.txt", repo_id="org/model")
    main = hub.sha(MODEL)

    assert ada.get_discussion_details("org/model", number).conflicting_files == ["a.txt"]
    with pytest.raises(HfHubHTTPError, match=r"conflicts in: a\.txt") as refused:
        owner.merge_pull_request("org/model", number)
    assert (refused.value.response.status_code, hub.sha(MODEL)) == (409, main)


def test_merge__twice_is_an_error(ada: HfApi, owner: HfApi) -> None:
    number = propose(ada)
    owner.merge_pull_request("org/model", number)
    with pytest.raises(BadRequestError, match="no open pull request, but merged"):
        owner.merge_pull_request("org/model", number)
    with pytest.raises(BadRequestError, match="cannot be undone"):
        owner.change_discussion_status("org/model", number, "open")


def test_merge__of_a_discussion_is_an_error(ada: HfApi, owner: HfApi) -> None:
    ada.create_discussion("org/model", "A question")
    with pytest.raises(BadRequestError, match="no open pull request"):
        owner.merge_pull_request("org/model", 1)


def test_merge__configuration_of_a_source_starts_no_program(tmp_path: Path) -> None:
    commit(init(tmp_path / "repo"), "One", {"a.txt": "1\n", ".gitattributes": "* merge=evil\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "repo", "bare.git")
    bare, mark = tmp_path / "bare.git", tmp_path / "mark"
    git(bare, "config", "merge.evil.driver", f"touch {mark}")
    (bare / "info").mkdir(exist_ok=True)
    (bare / "info" / "attributes").write_text("* merge=evil\n")
    with LocalHub({MODEL: bare}) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        number = propose(api, b"2\n")
        api.upload_file(path_or_fileobj=b"0\n", path_in_repo="a.txt", repo_id="org/model")
        api.get_discussion_details("org/model", number)
        with pytest.raises(HfHubHTTPError, match="conflicts"):
            api.merge_pull_request("org/model", number)
    assert not mark.exists()


# ── who may ─────────────────────────────────────────────────────────────────────────────────


def test_rights__of_a_stranger_in_somebody_elses_discussion(ada: HfApi, bob: HfApi) -> None:
    number = propose(ada)
    description = ada.get_discussion_details("org/model", number).events[0]
    for attempt in (
        lambda: bob.edit_discussion_comment("org/model", number, description.id, "mine now"),
        lambda: bob.hide_discussion_comment("org/model", number, description.id),
        lambda: bob.rename_discussion("org/model", number, "Mine now"),
        lambda: bob.change_discussion_status("org/model", number, "closed"),
        lambda: bob.merge_pull_request("org/model", number),
        lambda: bob.upload_file(
            path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", revision=f"refs/pr/{number}"
        ),
    ):
        with pytest.raises(HfHubHTTPError, match="Forbidden") as refused:
            attempt()
        assert refused.value.response.status_code == 403
    assert bob.comment_discussion("org/model", number, "I only talk").author == "bob"


def test_rights__of_those_who_may_write_to_the_repo(ada: HfApi, owner: HfApi) -> None:
    number = propose(ada)
    description = ada.get_discussion_details("org/model", number).events[0]
    assert owner.edit_discussion_comment("org/model", number, description.id, "Better").content == "Better"
    owner.rename_discussion("org/model", number, "Better")
    owner.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", revision=f"refs/pr/{number}")
    owner.change_discussion_status("org/model", number, "closed")
    with pytest.raises(HfHubHTTPError, match="is closed; open a new one"):
        ada.upload_file(path_or_fileobj=b"x", path_in_repo="y", repo_id="org/model", revision=f"refs/pr/{number}")


# ── what listeners hear ─────────────────────────────────────────────────────────────────────


def test_events__of_all_that_can_happen(ada: HfApi, owner: HfApi, events: list[Event]) -> None:
    ada.create_discussion("org/model", "A question", description="Why?")
    said = owner.comment_discussion("org/model", 1, "Because")
    owner.edit_discussion_comment("org/model", 1, said.id, "Because!")
    owner.hide_discussion_comment("org/model", 1, said.id)
    ada.rename_discussion("org/model", 1, "An answer")
    ada.change_discussion_status("org/model", 1, "closed")
    number = propose(ada)
    owner.merge_pull_request("org/model", number)

    assert [(type(event), event.who.name) for event in events] == [
        (DiscussionCreated, "ada"),
        (CommentCreated, "owner"),
        (CommentUpdated, "owner"),
        (CommentUpdated, "owner"),
        (DiscussionUpdated, "ada"),
        (DiscussionUpdated, "ada"),
        (DiscussionCreated, "ada"),
        (ContentUpdated, "ada"),
        (DiscussionUpdated, "owner"),
        (ContentUpdated, "owner"),
    ]
    created, _, edited, hidden = events[:4]
    assert isinstance(created, DiscussionCreated)
    assert isinstance(edited, CommentUpdated)
    assert isinstance(hidden, CommentUpdated)
    assert (created.comment.content, created.discussion.author) == ("Why?", "ada")
    assert (edited.comment.content, hidden.comment.hidden) == ("Because!", True)
    assert hidden.comment.content != "Because!"


def test_listener__that_fails_is_not_the_clients_problem(ada: HfApi, hub: LocalHub, events: list[Event]) -> None:
    def broken(event: Event) -> None:
        raise ZeroDivisionError

    hub.state.listeners.insert(0, broken)
    ada.create_discussion("org/model", "A question")
    assert len(events) == 1


def test_damaged_file__is_told_and_hurts_no_other_repo(tmp_path: Path, model: Path) -> None:
    damaged = tmp_path / "discussions/models/org/model/1.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{")
    other = RepoId("models", "org/other")
    with LocalHub({MODEL: model, other: model}, state=tmp_path) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        with pytest.raises(HfHubHTTPError, match=r"1\.json is no discussion"):
            api.get_discussion_details("org/model", 1)
        assert api.create_discussion("org/other", "A question").num == 1
