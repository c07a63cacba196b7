"""One browser and both forms of the dashboard for all tests; nothing may go wrong in the console of any page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, expect

from tests.browser.world import CHROMIUM, browser, live_site, static_site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here starts a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.slow)


UNREADY = "[aria-busy], .drawing:not([data-drawn]):visible"


@dataclass
class Visit:
    """A page in a browser, and what it complained of or asked elsewhere for."""

    page: Page
    root: str
    trouble: list[str] = field(default_factory=list)

    def refuse(self, dialog: Dialog) -> None:
        """No page of ours opens one."""
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def look_at(self, request: Request) -> None:
        """Nothing but the dashboard itself is asked for."""
        if not request.url.startswith(self.root):
            self.trouble.append(f"asked: {request.url}")

    def go(self, where: str = "") -> Page:
        """Open a page of the dashboard, and wait until it is what it shall be."""
        self.page.goto(f"{self.root}{where}")
        return self.arrive()

    def arrive(self) -> Page:
        """Wait until the page has its rows and charts."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator(UNREADY)).to_have_count(0)
        return self.page


# Not for the session: as long as Playwright runs, no other test of the process can have an event loop of its own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    with browser() as made:
        yield made


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the dashboard is: as files, and as a server answers."""
    with static_site(tmp_path_factory.mktemp("site")) as static, live_site() as live:
        yield {"static": static, "live": live}


@pytest.fixture(params=["static", "live"])
def form(request: pytest.FixtureRequest) -> str:
    """Both forms of the dashboard."""
    return str(request.param)


@pytest.fixture
def visit_as(chromium: Browser, roots: dict[str, str]) -> Iterator[Callable[..., Visit]]:
    """Visits of a form, in a context of its own; at the end none may have had trouble."""
    visits: list[Visit] = []

    def start(form: str, **how: Any) -> Visit:
        page = chromium.new_context(**how).new_page()
        visit = Visit(page, roots[form])
        visits.append(visit)
        page.on("console", lambda said: visit.trouble.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: visit.trouble.append(f"error: {error}"))
        page.on("dialog", visit.refuse)
        page.on("request", visit.look_at)
        return visit

    yield start
    trouble = [each for visit in visits for each in visit.trouble]
    for visit in visits:
        visit.page.context.close()
    assert trouble == []


@pytest.fixture
def visit(visit_as: Callable[..., Visit], form: str) -> Visit:
    """A visit of both forms."""
    return visit_as(form)
