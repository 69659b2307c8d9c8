"""What a user can choose, and the pipeline that follows from it."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from engines.assets import Assets
from engines.package import DEFAULT_PACKAGE, ModelPackage
from engines.prompts import Prompts
from engines.select import EngineName, open_engine
from engines.text_head import TextHead
from realtime.detector import DetectorKind, make_detector
from realtime.pipeline import Pipeline
from realtime.recognizer import Recognizer
from realtime.smoothing import Smoother
from realtime.sources import open_source
from realtime.sources.base import Notice, Source, say

SMOOTHING_SECONDS = 0.3
"""Long enough that bars do not flicker at 30 frames a second, short enough that a quick smile is seen."""


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a run: ``source`` as :func:`realtime.sources.open_source` takes it, ``smoothing`` in seconds."""

    source: str | int | Path = 0
    model: Path = DEFAULT_PACKAGE
    engine: EngineName = EngineName.AUTO
    detector: DetectorKind = "auto"
    confidence: float | None = None
    smoothing: float = SMOOTHING_SECONDS
    prompts: Path | None = None
    assets: Assets = field(default_factory=Assets.from_environment)


def open_head(package: ModelPackage, options: Options) -> TextHead:
    """The classes that ``options`` ask for. Raises ``PromptError``, ``AssetError`` or ``ModelError``."""
    prompts = Prompts.load(options.prompts) if options.prompts else None
    return TextHead.of(package, prompts, options.assets)


def open_pipeline(options: Options, *, notice: Notice = say, source: Source | None = None) -> Pipeline:
    """Open everything that ``options`` name; ``source`` instead of theirs, if given, which the pipeline then owns.

    The source comes first, so that a wrong name is said at once, before models load. Raises ``MienError`` of the kind
    that fits, with nothing left open.
    """
    with ExitStack() as opened:
        frames = opened.enter_context(source or open_source(options.source, notice=notice))
        package = ModelPackage.load(options.model)
        head = open_head(package, options)
        engine = opened.enter_context(open_engine(package, options.engine))
        detector = make_detector(options.detector, confidence=options.confidence, assets=options.assets)
        opened.enter_context(detector)
        smoother = Smoother(0 if frames.info.still else options.smoothing)
        pipeline = Pipeline(frames, detector, Recognizer(package, engine, head, smoother))
        opened.pop_all()
        return pipeline
