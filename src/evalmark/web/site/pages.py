"""The dashboard as a function from an address to a page. It reads records and packaged files, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from evalmark.ports import Records
from evalmark.query import PAGE, Condition, Page
from evalmark.record import DisputeRecord, ModelRecord, TaskRecord
from evalmark.web.site import addresses, board_page, claim_page, conflict_pages, front_page, model_pages
from evalmark.web.site.remembering import Remembered
from evalmark.web.site.rendering import HTML, MISSING, Look, PageAnswer, asset, assets, html

_ASSETS: Final = "assets/"
_DATA: Final = re.compile(r"(?P<list>.*/)rows-(?P<number>[1-9][0-9]{0,6})\.json", re.ASCII)
_CHART: Final = re.compile(r"(?P<list>.*/)(?P<name>over-time|against-claimed)\.json", re.ASCII)
_STEP: Final = 5000
_LONGEST: Final = 1000


class Site:
    """All pages over one store. Safe for any number of threads."""

    def __init__(self, records: Records, look: Look | None = None) -> None:
        self._records = Remembered(records)
        self._look = look or Look()

    def answer(self, path: str, query: Mapping[str, str]) -> PageAnswer | None:
        """What stands at an address, given without the dashboard's root; None if nothing does."""
        address = path.removeprefix("/")
        if len(path) > _LONGEST or not path.isprintable():
            return None
        if address.startswith(_ASSETS):
            return asset(address.removeprefix(_ASSETS))
        if address and not address.endswith("/"):
            return self._file(address)
        return self._page(address, 1, query) or self._further(address, query)

    def not_found(self, path: str) -> PageAnswer:
        """The page that says so, for an address that has nothing."""
        return html(MISSING, path.removeprefix("/"), self._look, status=404)

    def paths(self, claims: Iterator[str] | tuple[str, ...] = ()) -> Iterator[str]:
        """Every address that has something, for a static site: with the pages of these claims."""
        yield from (f"/{_ASSETS}{name}" for name in assets())
        yield from ("/", *self._listed(addresses.MODELS, self._records.count(ModelRecord), model_pages.CHUNK))
        for task in self._records.find(TaskRecord):
            yield from self._listed(_of(task), task.claims, board_page.CHUNK)
            for chart in board_page.drawn(self._records, task, self._look):
                yield f"/{addresses.chart(_of(task), chart.id)}"
        for name in self._models():
            yield f"/{addresses.model(name)}"
        for kind in (None, *conflict_pages.KINDS):
            where = (Condition("kind", "=", kind),) if kind else ()
            yield from self._listed(addresses.conflicts(kind), self._records.count(DisputeRecord, where))
        yield from (f"/{addresses.claim(identifier)}" for identifier in claims)

    def _listed(self, home: addresses.Address, rows: int, chunk: int = 0) -> Iterator[str]:
        """The pages of a list, and its files of data."""
        for number in range(1, max(-(-rows // PAGE), 1) + 1):
            yield f"/{addresses.page(home, number)}"
        if chunk and self._look.static:
            yield from (f"/{home}rows-{number}.json" for number in range(1, -(-rows // chunk) + 1))

    def _models(self) -> Iterator[str]:
        for start in range(0, self._records.count(ModelRecord), _STEP):
            for each in self._records.find(ModelRecord, (), ("model",), Page(start, _STEP)):
                yield each.model

    def _further(self, address: addresses.Address, query: Mapping[str, str]) -> PageAnswer | None:
        home, number = addresses.split_page(address)
        return self._page(home, number, query) if number > 1 else None

    def _page(self, address: addresses.Address, number: int, query: Mapping[str, str]) -> PageAnswer | None:
        """A page of ours, by the first part of its address."""
        part, _, rest = address.partition("/")
        if address == addresses.FRONT and number == 1:
            return front_page.front_page(self._records, self._look)
        if address == addresses.MODELS:
            return model_pages.models_page(self._records, number, query, self._look)
        if part == "boards":
            task = self._task(address)
            return board_page.answer(self._records, task, number, query, self._look) if task else None
        if part == "conflicts":
            return self._conflicts(rest.removesuffix("/"), number, query)
        return self._single(part, rest.removesuffix("/")) if number == 1 else None

    def _single(self, part: str, rest: str) -> PageAnswer | None:
        """A page that is never a list."""
        if part == "models" and (name := self._model(rest)) is not None:
            return model_pages.model_page(self._records, name, self._look)
        if part == "claims" and rest:
            return claim_page.answer(self._records, rest, self._look)
        return None

    def _conflicts(self, kind: str, number: int, query: Mapping[str, str]) -> PageAnswer | None:
        if kind and kind not in conflict_pages.KINDS:
            return None
        return conflict_pages.answer(self._records, kind or None, number, query, self._look)

    def _file(self, address: addresses.Address) -> PageAnswer | None:
        """What JavaScript fetches; or a page that was asked for without its last slash."""
        if chart := _CHART.fullmatch(address):
            task = self._task(chart["list"])
            return board_page.chart_file(self._records, task, chart["name"], self._look) if task else None
        found = _DATA.fullmatch(address) if self._look.static else None
        if found is None:
            return self._slash(address) if self.answer(f"{address}/", {}) else None
        if found["list"] == addresses.MODELS:
            return model_pages.data_file(self._records, int(found["number"]))
        task = self._task(found["list"])
        return board_page.data_file(self._records, task, int(found["number"]), self._look) if task else None

    def _slash(self, address: addresses.Address) -> PageAnswer:
        there = f"{address.rpartition('/')[2]}/"
        return PageAnswer(308, HTML, b"", {"location": there})

    def _task(self, address: addresses.Address) -> TaskRecord | None:
        found = (each for each in self._records.find(TaskRecord) if _of(each) == address)
        return next(found, None)

    def _model(self, name: str) -> str | None:
        """The model whose page it is. An altered name is looked for among all."""
        if "/" not in name:
            return None
        if "~" not in name:
            return name
        return next((each for each in self._models() if addresses.model(each) == f"models/{name}/"), None)


def _of(task: TaskRecord) -> addresses.Address:
    return addresses.board(task.dataset_id, task.task_id)
