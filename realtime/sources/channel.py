"""Hands items from the thread that makes them to the one that takes them."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Channel(Generic[T]):
    """At most ``depth`` items wait; with ``drop_oldest`` the maker never does, and stale items are dropped and counted.

    One thread puts and one thread gets; any thread may end or close.
    """

    def __init__(self, depth: int, *, drop_oldest: bool) -> None:
        self._depth = depth
        self._drop_oldest = drop_oldest
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._error: BaseException | None = None
        self.dropped = 0

    @property
    def ended(self) -> bool:
        """Nothing more will be put."""
        return self._ended

    def put(self, item: T) -> bool:
        """Hand over ``item``, waiting for room unless old items are dropped; False once the channel has ended."""
        with self._changed:
            if self._drop_oldest and len(self._items) == self._depth:
                self._items.popleft()
                self.dropped += 1
            self._changed.wait_for(lambda: self._ended or len(self._items) < self._depth)
            if self._ended:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def get(self, timeout: float | None = None) -> T | None:
        """The next item, None after the last one.

        Raises ``TimeoutError`` where none came within ``timeout`` seconds, and, after the last item, the error that the
        channel was ended with.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._items or self._ended, timeout):
                raise TimeoutError
            if self._items:
                item = self._items.popleft()
                self._changed.notify_all()
                return item
            if self._error is not None:
                raise self._error
            return None

    def get_some(self, enough: Callable[[Sequence[T]], bool]) -> list[T]:
        """As :meth:`get`, but items until they are ``enough``, or until the end; empty after the last one.

        So what comes together depends on the items alone, and not on when they came.
        """
        some: list[T] = []
        while not some or not enough(some):
            try:
                item = self.get()
            except Exception:
                if not some:
                    raise
                break  # an error of the maker waits for the next call
            if item is None:
                break
            some.append(item)
        return some

    def end(self, error: BaseException | None = None) -> None:
        """Let the taker have what waits, then nothing more, or ``error``. Only the first call counts."""
        with self._changed:
            if not self._ended:
                self._ended = True
                self._error = error
                self._changed.notify_all()

    def close(self) -> None:
        """The taker wants no more: what waits is thrown away and the maker is told."""
        with self._changed:
            self._ended = True
            self._error = None
            self._items.clear()
            self._changed.notify_all()
