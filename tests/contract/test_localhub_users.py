"""Who may do what on the local Hub."""

import base64
import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from evalmark.errors import UsageProblem
from evalmark.localhub import LocalHub, RepoId
from evalmark.localhub.people import Person, Users, may_write, person_id
from evalmark.localhub.users_file import read_users
from tests.contract.localhub_fixtures import write

FILE = """
[people.ada]
token = "hf_ada"
read_token = "hf_ada_read"
orgs = ["acme"]
write = ["acme/*"]

[people.bob]
token = "hf_bob"

[people.eve]
token = "hf_eve"

[repos."models/acme/secret"]
private = true
readers = ["bob"]

[repos."datasets/acme/gated"]
gated = true
readers = ["bob"]
"""
OPEN, SECRET, GATED = RepoId("models", "acme/open"), RepoId("models", "acme/secret"), RepoId("datasets", "acme/gated")
NOBODY, ANY = "", "hf_who"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    root = tmp_path_factory.mktemp("users")
    write(root, {"users.toml": FILE})
    for repo in (OPEN, SECRET, GATED):
        write(root / str(repo), {"a.txt": "a", "README.md": "# x\n"})
    sources = {repo: root / str(repo) for repo in (OPEN, SECRET, GATED)}
    with LocalHub(sources, users=read_users(root / "users.toml")) as hub:
        yield hub


def client(hub: LocalHub, token: str) -> HfApi:
    return HfApi(endpoint=hub.url, token=token or False)


def outcome(call: Callable[[], object]) -> object:
    """200, or the status of the error."""
    try:
        call()
    except HfHubHTTPError as refused:
        return refused.response.status_code
    return 200


def add(hub: LocalHub, token: str, repo: RepoId, *, create_pr: bool) -> object:
    """What comes of a commit; the file has another name each time."""
    return outcome(
        lambda: client(hub, token).create_commit(
            repo.name,
            [CommitOperationAdd(f"{len(hub.requests)}.txt", b"x")],
            commit_message="x",
            repo_type=repo.kind.removesuffix("s"),
            create_pr=create_pr,
        )
    )


@pytest.mark.parametrize(
    ("token", "repo", "commit", "pull_request"),
    [
        ("hf_ada", OPEN, 200, 200),
        ("hf_ada", SECRET, 200, 200),
        ("hf_ada", GATED, 200, 200),
        ("hf_ada_read", OPEN, 403, 403),
        ("hf_bob", OPEN, 403, 200),
        ("hf_bob", SECRET, 403, 200),
        ("hf_bob", GATED, 403, 200),
        ("hf_eve", OPEN, 403, 200),
        ("hf_eve", SECRET, 404, 404),
        ("hf_eve", GATED, 403, 200),
        (NOBODY, OPEN, 401, 401),
        (NOBODY, SECRET, 404, 404),
        (ANY, OPEN, 401, 401),
    ],
)
def test_commit__by(hub: LocalHub, token: str, repo: RepoId, commit: int, pull_request: int) -> None:
    assert add(hub, token, repo, create_pr=False) == commit
    assert add(hub, token, repo, create_pr=True) == pull_request


@pytest.mark.parametrize(
    ("token", "repo", "info", "download"),
    [
        (NOBODY, OPEN, 200, 200),
        ("hf_eve", OPEN, 200, 200),
        (NOBODY, SECRET, 404, 404),
        ("hf_eve", SECRET, 404, 404),
        ("hf_bob", SECRET, 200, 200),
        ("hf_ada_read", SECRET, 200, 200),
        (NOBODY, GATED, 200, 403),
        ("hf_eve", GATED, 200, 403),
        ("hf_bob", GATED, 200, 200),
        (ANY, OPEN, 401, 401),
    ],
)
def test_read__by(hub: LocalHub, tmp_path: Path, token: str, repo: RepoId, info: int, download: int) -> None:
    api, kind = client(hub, token), repo.kind.removesuffix("s")
    assert outcome(lambda: api.repo_info(repo.name, repo_type=kind)) == info
    url = f"{hub.url}/{'datasets/' if kind == 'dataset' else ''}{repo.name}/resolve/main/a.txt"
    assert outcome(lambda: api.auth_check(repo.name, repo_type=kind)) in {info, 404}
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request) as answer:
            status = answer.status
    except urllib.request.HTTPError as refused:
        refused.close()
        status = refused.code
    assert status == download


def test_private__is_not_found_in_the_words_of_what_is_not_there(hub: LocalHub) -> None:
    eve = client(hub, "hf_eve")
    with pytest.raises(RepositoryNotFoundError, match="no repo models/acme/secret here") as hidden:
        eve.model_info("acme/secret")
    assert "acme/secret" not in str(hidden.value).partition("(served")[2]
    assert [model.id for model in eve.list_models(author="acme")] == ["acme/open"]
    assert [model.id for model in client(hub, "hf_bob").list_models()] == ["acme/open", "acme/secret"]


def test_gated__says_so(hub: LocalHub, tmp_path: Path) -> None:
    with pytest.raises(GatedRepoError, match="eve is not in the authorized list"):
        client(hub, "hf_eve").hf_hub_download("acme/gated", "a.txt", repo_type="dataset", cache_dir=tmp_path)


@pytest.mark.parametrize(
    ("token", "name", "status"),
    [
        ("hf_ada", "acme/new", 200),
        ("hf_ada", "ada/new", 200),
        ("hf_bob", "bob/new", 200),
        ("hf_bob", "acme/newer", 403),
        ("hf_ada_read", "ada/newer", 403),
        (NOBODY, "acme/newer", 401),
        (ANY, "acme/newer", 401),
    ],
)
def test_create_repo__by(hub: LocalHub, token: str, name: str, status: int) -> None:
    assert outcome(lambda: client(hub, token).create_repo(name)) == status


@pytest.mark.parametrize(("token", "status"), [("hf_eve", 200), ("hf_ada_read", 403), (NOBODY, 401), (ANY, 401)])
def test_discuss__by(hub: LocalHub, token: str, status: int) -> None:
    assert outcome(lambda: client(hub, token).create_discussion("acme/open", "A question")) == status


def test_whoami__says_who_and_with_which_rights(hub: LocalHub) -> None:
    said = client(hub, "hf_ada_read").whoami()
    assert (said["name"], said["id"], said["auth"]["accessToken"]["role"]) == ("ada", person_id("ada"), "read")
    assert [(org["name"], org["type"]) for org in said["orgs"]] == [("acme", "org")]


def test_whoami__with_a_wrong_token(hub: LocalHub) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        client(hub, ANY).whoami()


def test_overview__tells_which_id_belongs_to_a_name(hub: LocalHub) -> None:
    api = client(hub, NOBODY)
    assert api.get_user_overview("ada").username == "ada"
    assert api.get_organization_overview("acme").name == "acme"
    with urllib.request.urlopen(f"{hub.url}/api/users/ada/overview") as answer:
        assert json.load(answer)["_id"] == person_id("ada")
    assert outcome(lambda: api.get_user_overview("nobody")) == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer hf_ada", 200),
        ("bearer  hf_ada ", 200),
        ("Basic " + base64.b64encode(b"anything:hf_ada").decode(), 200),
        ("Basic !!!", 401),
        ("Basic " + base64.b64encode(b"\xff").decode(), 401),
        ("Digest x", 401),
        ("Bearer", 401),
        ("Bearer hf_ada\x7f", 401),
    ],
)
def test_token__in_a_header(hub: LocalHub, header: str, status: int) -> None:
    request = urllib.request.Request(f"{hub.url}/api/whoami-v2", headers={"Authorization": header})
    try:
        with urllib.request.urlopen(request) as answer:
            found = answer.status
    except urllib.request.HTTPError as refused:
        refused.close()
        found = refused.code
    assert found == status


# ── the file ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people = 1", "people: Input should be"),
        ("[people.ada]", "people.ada.token: Field required"),
        ('[people.ada]\ntoken = "a b"', "people.ada.token: String should match"),
        ('[people.ada]\ntoken = "x"\nadmin = true', "people.ada.admin: Extra inputs"),
        ('[people."a/b"]\ntoken = "x"', "String should match"),
        ('[people.ada]\ntoken = "x"\nwrite = ["../*"]', "people.ada.write.0: String should match"),
        ('[people.ada]\ntoken = "x"\n[people.bob]\ntoken = "x"', "one token twice"),
        ('[people]\n[repos."acme/x"]', "String should match"),
        ("[people", "is not TOML"),
        ("\udcff", "is not TOML"),
    ],
)
def test_file__odd(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "users.toml").write_text(text, errors="surrogateescape")
    with pytest.raises(UsageProblem, match=says):
        read_users(tmp_path / "users.toml")


def test_file__that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="cannot read"):
        read_users(tmp_path / "absent.toml")


def test_file__error_does_not_show_a_token(tmp_path: Path) -> None:
    (tmp_path / "users.toml").write_text('[people.ada]\ntoken = "hf_canary with a space"')
    with pytest.raises(UsageProblem) as problem:
        read_users(tmp_path / "users.toml")
    assert "canary" not in f"{problem.value.message} {problem.value.advice}"


@pytest.mark.parametrize(
    ("write_list", "repo", "may"),
    [
        ((), "ada/x", True),
        ((), "adam/x", False),
        (("org/*",), "org/x", True),
        (("org/*",), "organ/x", False),
        (("org/x",), "org/x", True),
        (("models/org/x",), "org/x", True),
        (("datasets/org/x",), "org/x", False),
        (("*",), "any/thing", True),
    ],
)
def test_right__to_write(write_list: tuple[str, ...], repo: str, may: bool) -> None:
    assert may_write(Person("ada", write=write_list), RepoId("models", repo)) is may


def test_users__nobody_may_write() -> None:
    assert Users().token("x") is None
    assert not may_write(None, OPEN)
