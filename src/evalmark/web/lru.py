"""What was made lately, up to a size."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """Values by key, at most `most` in weight; the one that was not asked for the longest goes first.

    For any number of threads. What alone is heavier than `most` is not kept, so 0 keeps nothing.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: K) -> V | None:
        """The value, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep a value, in the place of an older one."""
        with self._lock:
            self._drop(key)
            if weight > self._most:
                return
            self._kept[key] = value, weight
            self._weight += weight
            while self._weight > self._most:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Keep nothing of what was."""
        with self._lock:
            self._kept.clear()
            self._weight = 0

    @property
    def weight(self) -> int:
        """Of all that is kept."""
        return self._weight

    def _drop(self, key: K) -> None:
        dropped = self._kept.pop(key, None)
        self._weight -= dropped[1] if dropped else 0
