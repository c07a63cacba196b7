"""Pull requests of the Hub through the real client: read at exact commits, and answered by one account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

from evalmark.adapters.hub import HubClient, HubPublisher, HubReviews
from evalmark.comment import Draft, Run
from evalmark.errors import CouldNotFinish, EvalmarkError, Forbidden, TooLong, UsageProblem
from evalmark.facts import RefusedFile, ShownScore
from evalmark.flows.publish import publish_comment
from evalmark.localhub import LocalHub, RepoId
from evalmark.localhub.people import Person, Token, Users
from evalmark.review import OpenPullRequest
from tests.builders import eval_yaml

MODEL = "acme/model"
REPO = RepoId("models", MODEL)
FILE = ".eval_results/sums.yaml"
USERS = Users(
    tokens={
        "hf_owner": Token(Person("acme")),
        "hf_ada": Token(Person("ada")),
        "hf_bot": Token(Person("evalmark-bot")),
        "hf_read": Token(Person("evalmark-bot"), "read"),
    },
    private={"models/acme/secret": ()},
    gated={"models/acme/gated": ()},
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    for name in ("model", "secret", "gated"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("a model")
    sources = {RepoId("models", f"acme/{name}"): tmp_path / name for name in ("model", "secret", "gated")}
    (tmp_path / "sums").mkdir()
    (tmp_path / "sums/eval.yaml").write_text(eval_yaml())
    sources[RepoId("datasets", "acme/sums")] = tmp_path / "sums"
    with LocalHub(sources, users=USERS) as running:
        yield running


def api(hub: LocalHub, who: str) -> HfApi:
    return HfApi(endpoint=hub.url, token=f"hf_{who}")


def propose(hub: LocalHub, text: str = "- x", who: str = "ada", revision: str | None = None, path: str = FILE) -> int:
    operation = CommitOperationAdd(path, text.encode())
    more = {"revision": revision} if revision else {"create_pr": True}
    commit = api(hub, who).create_commit(MODEL, [operation], commit_message="Add a score", **more)
    return commit.pr_num or 0


def reviews(hub: LocalHub, tmp_path: Path, who: str | None = "bot", model: str = MODEL) -> HubReviews:
    return HubReviews(hub.url, tmp_path / "cache", f"hf_{who}" if who else None, model)


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def test_pull_request__is_read_at_its_commits(hub: LocalHub, tmp_path: Path) -> None:
    main = hub.sha(REPO)
    number = propose(hub)
    found = reviews(hub, tmp_path).pull_request(number)

    assert (found.head, found.base, found.target) == (hub.sha(REPO, f"refs/pr/{number}"), main, main)
    assert (found.is_open, found.from_fork) == (True, True)


def test_pull_request__what_main_did_since_is_not_its_own(hub: LocalHub, tmp_path: Path) -> None:
    left = hub.sha(REPO)
    number = propose(hub)
    propose(hub, "better", "owner", "main", "README.md")
    found = reviews(hub, tmp_path).pull_request(number)

    assert (found.base, found.target) == (left, hub.sha(REPO))


def test_listing_and_content__are_those_of_the_commit(hub: LocalHub, tmp_path: Path) -> None:
    number = propose(hub, "- one")
    there = reviews(hub, tmp_path)
    head = there.pull_request(number).head
    propose(hub, "- two", revision=f"refs/pr/{number}")
    (file,) = there.listing(head, ".eval_results")

    assert (file.path, file.kind, file.size) == (FILE, "file", 5)
    assert there.content(file) == b"- one"
    assert there.listing(hub.sha(REPO), ".eval_results") == ()
    assert [each.kind for each in there.listing(head, "")] == ["folder", "file"]


def test_listing__of_a_commit_is_asked_for_once(hub: LocalHub, tmp_path: Path) -> None:
    number = propose(hub)
    head = reviews(hub, tmp_path).pull_request(number).head
    (file,) = reviews(hub, tmp_path).listing(head, ".eval_results")
    reviews(hub, tmp_path).listing(head, ".eval_results")
    again = reviews(hub, tmp_path)
    asked = len(hub.requests)

    assert again.listing(head, ".eval_results") == (file,)
    assert len(hub.requests) == asked


def test_open_ones__are_those_that_wait(hub: LocalHub, tmp_path: Path) -> None:
    numbers = [propose(hub, f"- {number}", path=f".eval_results/{number}.yaml") for number in range(13)]
    api(hub, "owner").change_discussion_status(MODEL, numbers[0], "closed")
    api(hub, "owner").merge_pull_request(MODEL, numbers[1])
    found = reviews(hub, tmp_path).open_ones()

    assert {each.number for each in found} == set(numbers[2:])
    assert OpenPullRequest(numbers[2], hub.sha(REPO, f"refs/pr/{numbers[2]}")) in found


def test_pull_request__a_file_that_it_removes_is_gone(hub: LocalHub, tmp_path: Path) -> None:
    propose(hub, "- one", "owner", "main")
    commit = api(hub, "ada").create_commit(
        MODEL, [CommitOperationDelete(FILE)], commit_message="Remove it", create_pr=True
    )
    there = reviews(hub, tmp_path)
    found = there.pull_request(commit.pr_num or 0)

    assert there.listing(found.head, ".eval_results") == ()
    assert len(there.listing(found.base, ".eval_results")) == 1


def test_pull_request__in_words_what_is_not_there(hub: LocalHub, tmp_path: Path) -> None:
    api(hub, "ada").create_discussion(MODEL, "A question", description="?")
    for number, said in ((99, "there is none"), (1, "proposes no change")):
        with pytest.raises(UsageProblem, match=said):
            reviews(hub, tmp_path).pull_request(number)


@pytest.mark.parametrize(
    ("model", "kind", "said"),
    [
        ("acme/nothing", UsageProblem, "there is no such repo"),
        ("acme/secret", UsageProblem, "if it is private, set HF_TOKEN"),
    ],
)
def test_trouble__is_said_in_one_sentence(
    hub: LocalHub, tmp_path: Path, model: str, kind: type[EvalmarkError], said: str
) -> None:
    with pytest.raises(kind) as caught:
        reviews(hub, tmp_path, model=model).pull_request(1)

    assert said in f"{caught.value.message} {caught.value.advice}"


def test_trouble__files_of_a_gated_repo(hub: LocalHub, tmp_path: Path) -> None:
    there = reviews(hub, tmp_path, model="acme/gated")
    (file,) = there.listing(hub.sha(RepoId("models", "acme/gated")), "")
    with pytest.raises(Forbidden, match="gated"):
        there.content(file)


def test_models__of_an_owner_and_of_a_leaderboard(hub: LocalHub, tmp_path: Path) -> None:
    propose(hub, "- dataset: {id: acme/sums, task_id: sums}\n  value: 57.0\n")
    client = HubClient(hub.url, tmp_path / "cache", "hf_owner")

    assert set(client.models_of("acme")) == {MODEL, "acme/secret", "acme/gated"}
    assert client.models_of("nobody") == ()
    assert client.models_on_board("acme/sums") == (MODEL,)


def test_shown_scores__with_file_and_pull_request_and_what_was_refused(hub: LocalHub, tmp_path: Path) -> None:
    good = "- dataset: {id: acme/sums, task_id: sums}\n  value: 57.0\n"
    propose(hub, good, "owner", "main")
    propose(hub, "- nothing", "owner", "main", ".eval_results/bad.yaml")
    number = propose(hub, good.replace("57.0", "60.0"), path=".eval_results/more.yaml")
    rows = HubClient(hub.url, tmp_path / "cache").shown_scores(MODEL)

    scores = {(row.path, row.value, row.pull_request) for row in rows if isinstance(row, ShownScore)}
    assert scores == {(FILE, 57.0, None), (".eval_results/more.yaml", 60.0, number)}
    assert {row.path for row in rows if isinstance(row, RefusedFile)} == {".eval_results/bad.yaml"}


# ── answering ───────────────────────────────────────────────────────────────────────────────


def publisher(hub: LocalHub, who: str | None = "bot") -> HubPublisher:
    return HubPublisher(hub.url, f"hf_{who}" if who else None, MODEL)


def draft(at: int, text: str) -> Draft:
    return Draft("default", "a" * 40, Run(at), text, hidden="link")


def test_comment__is_written_found_and_edited_in_place(hub: LocalHub) -> None:
    number = propose(hub)
    api(hub, "ada").comment_discussion(MODEL, number, draft(9, "a spoof").body)
    first = publish_comment(publisher(hub), number, draft(1, "one"), worth_a_first=True)
    second = publish_comment(publisher(hub), number, draft(2, "two"), worth_a_first=True)

    ours = [comment for comment in publisher(hub).comments(number) if comment.author == "evalmark-bot"]
    assert [comment.body for comment in ours] == [draft(2, "two").body]
    assert first.comment is not None
    assert second.comment is not None
    assert first.comment.id == second.comment.id == ours[0].id
    events = api(hub, "ada").get_discussion_details(MODEL, number).events
    (edited,) = [event for event in events if event.id == ours[0].id]
    assert edited.number_of_edits == 1  # type: ignore[attr-defined] # a comment


def test_comment__one_that_was_hidden_is_no_longer_ours(hub: LocalHub) -> None:
    number = propose(hub)
    posted = publish_comment(publisher(hub), number, draft(1, "one"), worth_a_first=True)
    assert posted.comment is not None
    publisher(hub).delete_comment(number, posted.comment.id)
    publish_comment(publisher(hub), number, draft(2, "two"), worth_a_first=True)

    assert [comment.body for comment in publisher(hub).comments(number)][1:] == [draft(2, "two").body]


def test_comment__whose_reply_was_lost_is_not_written_twice(hub: LocalHub) -> None:
    number = propose(hub)
    hub.state.extras["faults"].lose_reply("POST", "/comment")
    publish_comment(publisher(hub), number, draft(1, "one"), worth_a_first=True)

    assert [comment.body for comment in publisher(hub).comments(number)][1:] == [draft(1, "one").body]


def test_comment__too_long_for_the_hub_is_told(hub: LocalHub) -> None:
    with pytest.raises(TooLong):
        publisher(hub).create_comment(propose(hub), "x" * 70_000)


def test_comment__waits_as_long_as_it_is_told(hub: LocalHub) -> None:
    number = propose(hub)
    hub.state.extras["faults"].status(429, "GET", "/discussions/", ratelimit='"api";r=0;t=1')

    assert len(publisher(hub).comments(number)) == 1


@pytest.mark.parametrize("who", ["read", None])
def test_comment__without_the_right_is_told_with_what_to_do(hub: LocalHub, who: str | None) -> None:
    with pytest.raises(Forbidden) as caught:
        publisher(hub, who).create_comment(propose(hub), "words")

    assert "HF_TOKEN" in caught.value.advice


def test_comment__a_hub_that_stays_away_is_ours_to_tell(hub: LocalHub) -> None:
    number = propose(hub)
    hub.state.extras["faults"].status(500, "POST", "/comment", times=9)
    with pytest.raises(CouldNotFinish):
        publish_comment(publisher(hub), number, draft(1, "one"), worth_a_first=True)


def test_me__is_asked_once(hub: LocalHub) -> None:
    speaker = publisher(hub)
    asked = len(hub.requests)

    assert [speaker.me(), speaker.me()] == ["evalmark-bot"] * 2
    assert len(hub.requests) - asked == 1
