"""What a user can choose. Costs nothing to import, so that a window can be shown before anything is opened."""

import math
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from engines.assets import Assets
from engines.base import EngineName
from engines.errors import MienError

if TYPE_CHECKING:
    from realtime.detector import DetectorKind

DEMO = "synthetic"
"""The source of drawn faces."""
SMOOTHING_SECONDS = 0.3
"""Long enough that bars do not flicker at 30 frames a second, short enough that a quick smile is seen."""


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """What a camera is asked for, and may refuse: ``size`` (width, height) in pixels and ``fps`` frames a second.

    None leaves the size as the camera has it.
    """

    size: tuple[int, int] | None = (1280, 720)
    fps: int = 30

    def __post_init__(self) -> None:
        if min(*(self.size or (1, 1)), self.fps) < 1:
            raise ValueError(f"camera format: expected sizes and a rate from 1 up, got {self.size} at {self.fps}")


CAMERA_FORMAT = CameraFormat()
"""What nearly every camera gives, and large enough for a room."""


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a run.

    ``source`` is as :func:`realtime.sources.open_source` takes it; ``model`` is the folder of a package or the
    name of one that ships (None: the default), ``confidence`` the score from which a face is believed (None: as
    measured to serve), ``smoothing`` in seconds, ``neutral`` how many of each face's first seconds are taken as its own
    neutral (None: none are), ``camera_format`` what a camera is asked for.
    """

    source: str | int | Path = 0
    model: Path | None = None
    engine: EngineName = EngineName.AUTO
    detector: "DetectorKind" = "auto"
    confidence: float | None = None
    smoothing: float = SMOOTHING_SECONDS
    neutral: float | None = None
    prompts: Path | None = None
    camera_format: CameraFormat = CAMERA_FORMAT
    assets: Assets = field(default_factory=Assets.from_environment)

    def checked(self) -> Self:
        """These. Raises ``MienError`` for a number that is none that can be chosen."""
        least, smoothing, neutral = self.confidence, self.smoothing, self.neutral
        if least is not None and not (_is_number(least) and 0 < least < 1):
            raise MienError(f"confidence cannot be {least!r}: choose more than 0 and less than 1.")
        if not (_is_number(smoothing) and smoothing >= 0):
            raise MienError(f"smoothing cannot be {smoothing!r}: choose 0 seconds or more.")
        if neutral is not None and not (_is_number(neutral) and neutral > 0):
            raise MienError(f"neutral cannot be {neutral!r}: choose more than 0 seconds.")
        return self

    def to_dict(self) -> dict[str, Any]:
        """For JSON, without what only concerns cameras; :meth:`from_dict` is the way back."""
        return {
            "source": str(self.source),
            "model": None if self.model is None else str(self.model),
            "engine": str(self.engine),
            "detector": self.detector,
            "confidence": self.confidence,
            "smoothing": self.smoothing,
            "neutral": self.neutral,
            "prompts": None if self.prompts is None else str(self.prompts),
        }

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        """The assets are those of this process's environment. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
        return cls(
            source=told["source"],
            model=None if told["model"] is None else Path(told["model"]),
            engine=EngineName(told["engine"]),
            detector=told["detector"],
            confidence=told["confidence"],
            smoothing=float(told["smoothing"]),
            neutral=told["neutral"],
            prompts=None if told["prompts"] is None else Path(told["prompts"]),
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and math.isfinite(value)
