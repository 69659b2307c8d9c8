"""Analysts that need no models: they do at once, or when told, what the real one does in minutes."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engines.errors import SourceError
from realtime.library.requests import Cancelled, Progress, Request
from tests.realtime.library import made


@dataclass
class FakeAnalyst:
    """Writes the results of a short run once ``gate`` is open; a video called "bad" fails, "broken" raises a bug."""

    gate: threading.Event = field(default_factory=threading.Event)
    says: Sequence[Progress | str] = ()
    asked: list[Request] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)

    def __call__(
        self, request: Request, folder: Path, cancelled: threading.Event, tell: Callable[[Progress | str], None]
    ) -> None:
        self.asked.append(request)
        for each in self.says:
            tell(each)
        (folder / f".{folder.name}.parquet.partial").touch()
        self.begun.set()
        while not self.gate.wait(0.005):
            if cancelled.is_set():
                raise Cancelled("cancelled")
        failure: dict[str, Exception] = {"bad": SourceError("bad.mp4 is damaged"), "broken": ZeroDivisionError("bug")}
        if request.source.stem in failure:
            raise failure[request.source.stem]
        (folder / f".{folder.name}.parquet.partial").unlink()
        made.results(folder, folder.name, source=str(request.source), frames=12)

    @property
    def names(self) -> list[str]:
        return [request.source.name for request in self.asked]
