"""Opens what a user has chosen: from options to a pipeline."""

from contextlib import ExitStack

from engines.graphs import graph_engines
from engines.neutral import NEUTRAL, NeutralGuide
from engines.package import ModelPackage
from engines.prompts import Prompts
from engines.select import open_engine
from engines.text_head import TextHead
from realtime.detector import CONFIDENCE, make_detector
from realtime.neutral import OwnNeutrals
from realtime.options import Options
from realtime.pipeline import Pipeline
from realtime.recognizer import Recognizer
from realtime.smoothing import Smoother
from realtime.sources import open_source
from realtime.sources.base import Notice, Source, SourceInfo, say


def open_head(package: ModelPackage, options: Options) -> TextHead:
    """The classes that ``options`` ask for. Raises ``PromptError``, ``AssetError`` or ``ModelError``."""
    prompts = Prompts.load(options.prompts) if options.prompts else None
    return TextHead.of(package, prompts, options.assets)


def open_neutrals(package: ModelPackage, options: Options, info: SourceInfo, notice: Notice) -> OwnNeutrals | None:
    """The own neutrals of the faces of a stream, or None where none can be taken.

    The package's own words tell neutral from the rest, also where ``options`` put others in their place. Raises
    ``ModelError`` if a neutral is asked for and the package knows none.
    """
    if info.still:
        if options.neutral is not None:
            notice("Pictures stand for themselves: no face has first seconds to be taken as its neutral.")
        return None
    if NEUTRAL not in package.words.classes and options.neutral is None:
        return None
    scale = package.card.scale / package.card.temperature
    return OwnNeutrals(NeutralGuide(package.words, scale, package.neutral_map), options.neutral)


def open_pipeline(options: Options, *, notice: Notice = say, source: Source | None = None) -> Pipeline:
    """Open everything that ``options`` name; ``source`` instead of theirs, if given, which the pipeline then owns.

    The source comes first, so that a wrong name is said at once, before models load. Raises ``MienError`` of the kind
    that fits, with nothing left open.
    """
    with ExitStack() as opened:
        frames = opened.enter_context(source or _open_frames(options, notice))
        package = ModelPackage.load(options.model)
        head = open_head(package, options)
        neutrals = open_neutrals(package, options, frames.info, notice)
        engine = opened.enter_context(open_engine(package, options.engine, hurry=frames.info.live, notice=notice))
        detector = make_detector(
            options.detector,
            confidence=_least(options.confidence),
            assets=options.assets,
            engines=graph_engines(options.engine),
            notice=notice,
        )
        opened.enter_context(detector)
        smoother = Smoother(0 if frames.info.still else options.smoothing)
        recognizer = Recognizer(package, engine, head, smoother, neutrals)
        pipeline = Pipeline(frames, detector, recognizer, options.confidence)
        opened.pop_all()
        return pipeline


def _open_frames(options: Options, notice: Notice) -> Source:
    return open_source(options.source, notice=notice, camera_format=options.camera_format)


def _least(confidence: float | None) -> float | None:
    """The detector reports less than is believed at first sight: a face that is known is followed further down."""
    return None if confidence is None else min(confidence, CONFIDENCE)
