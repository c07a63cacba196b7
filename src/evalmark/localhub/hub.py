"""`LocalHub`: the embedded Hub, from its sources to its address."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from evalmark.errors import UsageProblem
from evalmark.localhub.community import Community
from evalmark.localhub.extensions import EXTENSIONS
from evalmark.localhub.names import RepoId
from evalmark.localhub.people import AnyToken, Users
from evalmark.localhub.repositories import Repositories
from evalmark.localhub.server import Served, answering, open_server
from evalmark.localhub.state import HubState, only_hub_on


class LocalHub:
    """Serves folders and git repositories over the Hub's API while its `with` block runs.

    A source is a git repository (work tree or bare), of which all commits are served and **uncommitted changes are
    not**, or a plain folder, which is served as one commit whose sha depends only on its content. `port` 0 takes any
    free one. Only this machine can connect.

    Commits and pull requests go into a source that is a bare git repository, and for any other into a copy in the
    folder `state`, where discussions are too; without one they are gone at the end. `users` says who may do what;
    without it any token is the owner of everything. With `read_only` nothing is written at all.

    >>> with LocalHub({RepoId("datasets", "org/bench"): Path("examples/bench")}) as hub:   # doctest: +SKIP
    ...     HfApi(endpoint=hub.url).dataset_info("org/bench").sha == hub.sha(RepoId("datasets", "org/bench"))
    True

    Entering raises `UsageProblem` for a source or a port that cannot be served, `CouldNotFinish` if git fails, or
    the port or the state folder is in use. The attributes work inside the `with` block; `requests` also after it.
    """

    def __init__(
        self,
        sources: Mapping[RepoId, Path],
        *,
        port: int = 0,
        state: Path | None = None,
        users: Users | None = None,
        read_only: bool = False,
    ) -> None:
        self._sources = dict(sources)
        self._port = port
        self._folder = state
        self._users = users or AnyToken()
        self._read_only = read_only
        self._served: list[Served] = []
        self._opened = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        """Open the repositories and start to serve."""
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evalmark-localhub-")))
            self.state = self._open_state(stack, scratch)
            server = stack.enter_context(open_server(self._port, self.state, self._served))
            self.url = self.state.url = f"http://127.0.0.1:{server.server_address[1]}"
            for extension in EXTENSIONS:
                stack.enter_context(extension(self.state))
            stack.enter_context(answering(server))
            self._opened = stack.pop_all()
        return self

    def _open_state(self, stack: ExitStack, scratch: Path) -> HubState:
        folder = self._folder.absolute() if self._folder is not None else scratch / "state"
        stack.enter_context(only_hub_on(folder))
        repositories = Repositories(folder / "repos")
        stack.callback(repositories.close)
        repositories.open(self._sources, scratch)
        community = Community(folder / "discussions")
        return HubState(folder, repositories, community, self._users, self._read_only)

    def __exit__(self, *_exception: object) -> None:
        """Stop serving, and remove what was imported."""
        self._opened.close()

    @property
    def requests(self) -> tuple[Served, ...]:
        """The requests served so far, in the order in which they were answered."""
        return tuple(self._served)

    @property
    def repos(self) -> tuple[RepoId, ...]:
        """All that is served, also what was made over the API."""
        return tuple(sorted(self.state.repositories, key=str))

    def sha(self, repo: RepoId, revision: str = "main") -> str:
        """The 40-hex sha of the commit that `revision` stands for. Raises `UsageProblem` if there is none."""
        if repo not in self.state.repositories:
            raise UsageProblem(f"the local Hub does not serve {repo}", "name one of the repos it was started with")
        sha = self.state.repositories[repo].resolve(revision)
        if sha is None:
            raise UsageProblem(
                f"{repo} has no revision {revision!r}", "name a branch, a tag, refs/pr/<number> or a full 40-digit sha"
            )
        return sha

    def checked_out(self, repo: RepoId) -> str:
        """The sha of the commit that the repo's folder is on, whatever its branch is called."""
        return self.state.repositories[repo].checked_out() or self.sha(repo)
