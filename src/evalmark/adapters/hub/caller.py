"""What every client of the Hub here is built on."""

from collections.abc import Callable
from typing import TypeVar

from huggingface_hub import HfApi

from evalmark.adapters.hub.trouble import TROUBLE, in_words, patiently

T = TypeVar("T")


class HubCaller:
    """Calls the Hub at `endpoint` for the holder of `token`, and puts its trouble in words."""

    def __init__(self, endpoint: str, token: str | None) -> None:
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._endpoint = endpoint

    def _ask(self, what: str, ask: Callable[[], T]) -> T:
        """Ask, and again after trouble that passes: only for what may be done twice."""
        return self._once(what, lambda: patiently(ask))

    def _once(self, what: str, do: Callable[[], T]) -> T:
        try:
            return do()
        except TROUBLE as error:
            raise in_words(error, what, self._endpoint) from error
