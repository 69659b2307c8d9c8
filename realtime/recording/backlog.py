"""What waits to be recorded."""

from collections import deque
from dataclasses import dataclass

from realtime.recording.placing import Size
from realtime.records import Frame, Reading

ROOM_BYTES = 96 << 20
"""Pictures that may wait, in bytes: about a second at 1280x720."""
_LEAST_ROOM = 4
"""Pictures that may wait, however large."""
_MOST_READINGS = 20_000
"""Readings that may wait: minutes. A disk that has not answered for so long will not."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A reading, with its picture unless the video goes without; ``size`` is that of the frame."""

    picture: Frame | None
    size: Size
    reading: Reading


class Backlog:
    """Keeps every reading in order, and pictures as long as there is room. For one thread at a time."""

    def __init__(self, room: int = ROOM_BYTES) -> None:
        self.dropped = 0
        """Pictures that found no room."""
        self._room = room
        self._items: deque[Item] = deque()
        self._pictures = self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    @property
    def hopeless(self) -> bool:
        """Whether so much waits that nothing can be written any more."""
        return len(self._items) >= _MOST_READINGS

    def put(self, item: Item) -> None:
        """Let ``item`` wait, without its picture where there is no room for it."""
        if item.picture is not None:
            size = item.picture.image.nbytes
            if self._pictures >= _LEAST_ROOM and self._bytes + size > self._room:
                self.dropped += 1
                item = Item(None, item.size, item.reading)
            else:
                self._pictures += 1
                self._bytes += size
        self._items.append(item)

    def take(self) -> Item:
        """The item that has waited longest."""
        item = self._items.popleft()
        if item.picture is not None:
            self._pictures -= 1
            self._bytes -= item.picture.image.nbytes
        return item

    def drop_pictures(self) -> None:
        """Keep the readings alone."""
        self._items = deque(Item(None, item.size, item.reading) for item in self._items)
        self.dropped += self._pictures
        self._pictures = self._bytes = 0

    def clear(self) -> None:
        """Let nothing wait any more."""
        self._items.clear()
        self._pictures = self._bytes = 0
