"""What is asked of an analysis, and how it goes. Costs nothing to import."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from engines.errors import MienError
from realtime.options import Options
from realtime.progress import Progress

__all__ = ["Cancelled", "Job", "JobState", "Progress", "Request"]


class Cancelled(MienError):
    """An analysis was ended by whoever asked for it: nothing of it is left."""


class JobState(StrEnum):
    """``LEFT`` is one that an earlier run of the program did not come to; it waits for a word of the user's."""

    LEFT = "left"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Request:
    """A video to be analysed, and how; ``annotate`` asks for a copy with the readings drawn in, which takes longer."""

    options: Options
    annotate: bool = False

    @property
    def source(self) -> Path:
        """The file or folder that is read."""
        return Path(self.options.source)  # type: ignore[arg-type] # a queue takes in nothing but paths

    def to_json(self) -> str:
        """For the index, and for another process; :meth:`from_json` is the way back."""
        return json.dumps({**self.options.to_dict(), "annotate": self.annotate})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The assets are those of this process's environment. Raises ``ValueError`` for what is no request."""
        told: dict[str, Any] = json.loads(text)
        try:
            return cls(Options.from_dict({**told, "source": Path(told["source"])}), bool(told["annotate"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no request: {text}") from error


@dataclass(frozen=True, slots=True)
class Job:
    """One analysis of the queue.

    ``folder`` is where its results go, None before it began; ``entry`` is its entry in the library once it is done;
    ``line`` says, in one line, why it failed, or else what is worth knowing while it runs.
    """

    id: int
    request: Request
    state: JobState = JobState.QUEUED
    progress: Progress = field(default_factory=Progress)
    folder: Path | None = None
    entry: int | None = None
    line: str = ""

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.request.source.name
