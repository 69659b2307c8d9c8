"""Where results may go: never where anything else lies."""

import os
from collections.abc import Iterable
from pathlib import Path

from realtime.products import Outputs
from realtime.sinks.base import partial_of


class Places:
    """Gives places away, each once. ``sources`` are the files that are read, which nothing may be written over."""

    def __init__(self, sources: Iterable[Path]) -> None:
        self._folders: dict[Path, tuple[Path, frozenset[str]]] = {}
        self._taken = {self._key(path) for path in sources}

    def take(self, place: Outputs) -> Outputs:
        """``place``, which nothing else gets from now on."""
        self._taken.update(map(self._key, place.possible))
        return place

    def is_left(self, place: Outputs) -> bool:
        """Whether nothing that is read lies there, and no other result will."""
        return self._taken.isdisjoint(map(self._key, place.possible))

    def is_free(self, place: Outputs) -> bool:
        """Whether it is left, and nothing lies there but what a run has left that was killed there."""
        _, names = self._folder(place.folder)
        lying = [path.name for path in place.possible if path.name.casefold() in names]
        was_killed = partial_of(place.summary).name.casefold() in names and place.summary.name not in lying
        return (was_killed or not lying) and self.is_left(place)

    def _key(self, path: Path) -> str:
        """Some systems do not tell large letters from small ones, and a folder may have several names."""
        folder, _ = self._folder(path.parent)
        return str(folder / path.name).casefold()

    def _folder(self, folder: Path) -> tuple[Path, frozenset[str]]:
        if folder not in self._folders:
            try:
                names = [path.name for path in folder.iterdir()]
            except OSError:  # it is yet to be made
                names = []
            self._folders[folder] = Path(os.path.realpath(folder)), frozenset(map(str.casefold, names))
        return self._folders[folder]
