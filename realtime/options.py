"""What a user can choose. Costs nothing to import, so that a window can be shown before anything is opened."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engines.assets import Assets
from engines.base import EngineName

if TYPE_CHECKING:
    from realtime.detector import DetectorKind

SMOOTHING_SECONDS = 0.3
"""Long enough that bars do not flicker at 30 frames a second, short enough that a quick smile is seen."""


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a run.

    ``source`` is as :func:`realtime.sources.open_source` takes it; ``model`` is the folder of a package (None: the one
    that ships), ``confidence`` the score from which a face is believed (None: as measured to serve), ``smoothing`` in
    seconds, ``neutral`` how many of each face's first seconds are taken as its own neutral (None: none are).
    """

    source: str | int | Path = 0
    model: Path | None = None
    engine: EngineName = EngineName.AUTO
    detector: "DetectorKind" = "auto"
    confidence: float | None = None
    smoothing: float = SMOOTHING_SECONDS
    neutral: float | None = None
    prompts: Path | None = None
    assets: Assets = field(default_factory=Assets.from_environment)
