"""Small videos, runs that need no models, and their results."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from realtime.batch.content import Stamp, content_of
from realtime.batch.finding import Found
from realtime.batch.planning import Unit, plan
from realtime.batch.results import Result, find_results
from realtime.batch.task import Outcome, Task
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.progress import Progress
from tests.realtime.faces import portrait
from tests.realtime.sources.helpers import write_video

SETTINGS = "as before"


def file(path: Path, content: str = "") -> Path:
    """A file that is no video, for what does not look into it; each has its own content unless given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or str(path))
    return path


def video(path: Path, *, frames: int = 12, tint: int = 0) -> Path:
    """A real face at ten frames a second; another ``tint`` is another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = np.asarray(cv2.resize(portrait(), (256, 300)), np.uint8)
    small = np.maximum(small, np.uint8(tint))
    return write_video(path, [index / 10 for index in range(frames)], draw=lambda index: np.roll(small, index, 1))


def summary(outputs: Outputs, source: Path, *, settings: str = SETTINGS, **more: Any) -> Path:
    """That of a run that has read ``source`` as it is now."""
    outputs.folder.mkdir(parents=True, exist_ok=True)
    stamp = Stamp.of([source])
    told = {
        "source": str(source),
        "complete": True,
        "frames": 5,
        "frames_with_faces": 3,
        "duration_s": 0.4,
        "faces": [{"frames": 3, "mean_probabilities": {"calm": 0.25, "joy": 0.75}}],
        "content": content_of([source]),
        "settings": settings,
        "size": stamp.size,
        "mark": stamp.mark,
        "files": [],
    }
    outputs.summary.write_text(json.dumps({**told, **more}))
    return outputs.summary


def planned(sources: Sequence[Path], out: Path, *, again: bool = False) -> list[Unit]:
    """What is to be done about ``sources``."""
    results: list[Result] = list(find_results(out))
    found = [Found(str(source)) for source in sources]
    return plan(found, results, out, SETTINGS, again=again, look=lambda _done, _total: None)


def names(units: Sequence[Unit]) -> Mapping[str, str]:
    """The name of each source's results, by its own."""
    return {Path(unit.found.source).name: unit.outputs.name for unit in units if unit.outputs}


def task(number: int, source: str = "talk.mp4", out: Path = Path("out")) -> Task:
    return Task(number, Options(source), Outputs(out, f"{number}"), Products(), SETTINGS)


class Seen:
    """Looks on, and remembers."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.progress: list[Progress] = []
        self.lines: list[str] = []
        self.outcomes: dict[int, Outcome] = {}

    def begun(self, task: Task) -> None:
        self.began.append(task.number)

    def moved(self, task: Task, progress: Progress) -> None:  # noqa: ARG002
        self.progress.append(progress)

    def noticed(self, task: Task, line: str) -> None:  # noqa: ARG002
        self.lines.append(line)

    def ended(self, task: Task, outcome: Outcome) -> None:
        assert task.number not in self.outcomes, "it ended twice"
        self.outcomes[task.number] = outcome
