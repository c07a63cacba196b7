"""The bot with a stand-in for the Hub and for the verification: a program of its own, so that it can be killed.

    python -m tests.acceptance.serve_world FOLDER SECONDS

`FOLDER/heads.json` is the Hub: `{"acme/adder#1": "<40 hex>"}` are the open pull requests; `comments.json` has the
comments by their ids. What the bot does is written to `FOLDER/journal`, a line each: `begin`, `end`, `comment`.
"""

import argparse
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from evalmark.errors import CouldNotFinish, Interrupted
from evalmark.review import Comment
from evalmark.web.app import Door, make_app
from evalmark.web.carrier import HubCarrier
from evalmark.web.commands import Allowed
from evalmark.web.desk import Desk
from evalmark.web.ledger import Ledger
from evalmark.web.logs import configure
from evalmark.web.metrics import Metrics
from evalmark.web.page import page
from evalmark.web.queue import in_files
from evalmark.web.worker import Rules, Workers

SECRET = "the-webhooks-canary-secret"
ME = "61d2f90c3c2083e1c08af22d"
MODEL = "acme/adder"


@dataclass
class Stub:
    """The Hub and the verification, as files of a folder say."""

    folder: Path
    seconds: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def write(self, name: str, body: object) -> None:
        """Write a file whole."""
        draft = self.folder / f".{name}"
        draft.write_text(json.dumps(body))
        draft.replace(self.folder / name)

    def read(self, name: str) -> dict[str, Any]:
        """A file, or nothing."""
        path = self.folder / name
        body: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return body

    @property
    def journal(self) -> list[str]:
        """What the bot has done."""
        path = self.folder / "journal"
        return path.read_text().splitlines() if path.exists() else []

    def head(self, model: str, number: int) -> str | None:
        return self.read("heads.json").get(f"{model}#{number}")

    def comment(self, _model: str, _number: int, comment: str) -> Comment | None:
        found = self.read("comments.json").get(comment)
        return Comment(comment, found["author"], found["content"]) if found else None

    def members(self, _owner: str) -> tuple[str, ...]:
        return ()

    def publisher(self, model: str) -> "Published":
        return Published(self, model)

    def deal_with(self, model: str, number: int) -> str:
        head = self.head(model, number)
        self.note(f"begin {model}#{number} {head}")
        if "trouble" in self.read("settings.json"):
            raise CouldNotFinish("the Hub is out of reach", "wait")
        if self.stopped.wait(self.seconds):
            raise Interrupted("stopped", "it goes on")
        self.note(f"end {model}#{number} {head}")
        return "1 verified; answered"

    def interrupt(self) -> None:
        self.stopped.set()

    def note(self, line: str) -> None:
        """Add to the journal."""
        with (self.folder / "journal").open("a") as file:
            file.write(f"{line}\n")


@dataclass
class Published:
    """The comments of a model's pull requests."""

    stub: Stub
    model: str

    def me(self) -> str:
        return "evalmark-bot"

    def comments(self, number: int) -> tuple[Comment, ...]:
        found = self.stub.read("published.json").get(f"{self.model}#{number}", [])
        return tuple(Comment(str(place), "evalmark-bot", body) for place, body in enumerate(found))

    def create_comment(self, number: int, body: str) -> Comment:
        bodies = [comment.body for comment in self.comments(number)]
        self._keep(number, [*bodies, body])
        return Comment(str(len(bodies)), "evalmark-bot", body)

    def update_comment(self, number: int, comment: str, body: str) -> Comment:
        bodies = [each.body for each in self.comments(number)]
        bodies[int(comment)] = body
        self._keep(number, bodies)
        return Comment(comment, "evalmark-bot", body)

    def delete_comment(self, number: int, comment: str) -> None:
        raise AssertionError("nothing is removed")

    def _keep(self, number: int, bodies: list[str]) -> None:
        self.stub.write("published.json", {**self.stub.read("published.json"), f"{self.model}#{number}": bodies})


@dataclass
class Bot:
    """The running bot, in this process."""

    stub: Stub
    desk: Desk
    workers: Workers
    metrics: Metrics
    server: uvicorn.Server
    listener: socket.socket

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])


def make_bot(stub: Stub, rules: Rules, port: int = 0) -> Bot:
    """As cli/serve/serving.py puts it together, but for the Hub and the verification."""
    data = stub.folder / "data"
    data.mkdir(exist_ok=True)
    queue, store = in_files(str(data))
    desk = Desk(Ledger(store, "here"), queue, time.time)
    allowed = Allowed(frozenset({"ada"}))
    carrier = HubCarrier(desk, stub, stub, allowed, stub.publisher, lambda _model, _number: None)
    metrics = Metrics()
    workers = Workers(desk, carrier, metrics, rules)
    metrics.watch("evalmark_queue_length", "…", desk.ledger.waiting)
    metrics.watch("evalmark_given_up", "…", desk.ledger.given_up)
    metrics.watch("evalmark_verifications_left_today", "…", workers.left_today)
    app = make_app(desk, Door(SECRET, frozenset(), lambda: ME), metrics, workers.alive, page([], []))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1, lifespan="off")
    return Bot(stub, desk, workers, metrics, uvicorn.Server(config), socket.create_server(("127.0.0.1", port)))


def pushed(number: int, head: str, model: str = MODEL) -> dict[str, Any]:
    """A webhook: a push to a pull request."""
    return {
        "event": {"action": "update", "scope": "repo.content"},
        "repo": {"type": "model", "name": model},
        "updatedRefs": [{"ref": f"refs/pr/{number}", "oldSha": None, "newSha": head}],
        "webhook": {"id": "6390e855e30d9209411de93b", "version": 3},
    }


def discussed(number: int, status: str = "open", model: str = MODEL, **comment: Any) -> dict[str, Any]:
    """A webhook: a pull request is opened, or with a comment, somebody has written one."""
    about = {"id": f"d{number}", "status": status, "num": number, "isPullRequest": True, "author": {"id": "a1"}}
    return {
        "event": {"action": "create", "scope": "discussion.comment" if comment else "discussion"},
        "repo": {"type": "model", "name": model},
        "discussion": about,
        **({"comment": {"hidden": False, "author": {"id": "a1"}, **comment}} if comment else {}),
        "webhook": {"id": "6390e855e30d9209411de93b", "version": 3},
    }


def heads(numbers: Mapping[int, str], model: str = MODEL) -> dict[str, str]:
    """For heads.json."""
    return {f"{model}#{number}": head for number, head in numbers.items()}


def main() -> None:
    """Serve until killed. The port is written to `FOLDER/port`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    configure((SECRET,), "json")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as cli/main.py does
    bot = make_bot(Stub(args.folder, args.seconds), Rules(threads=args.threads))
    bot.workers.start()
    bot.stub.write("port", {"port": bot.port, "pid": os.getpid()})
    try:
        bot.server.run(sockets=[bot.listener])
    except KeyboardInterrupt:
        pass
    finally:
        bot.workers.stop()


if __name__ == "__main__":
    main()
