"""Reads one source from its first frame to its last into files: annotated video, table, summary."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from engines.errors import SourceError
from realtime.blur import FaceBlur
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Follow, Pipeline
from realtime.products import Codec, Outputs, Products
from realtime.report import Report
from realtime.sinks import (
    AnnotatedPicture,
    AnnotatedPictures,
    AnnotatedVideo,
    Background,
    Coding,
    Extras,
    Media,
    Sink,
    Summary,
    open_episodes,
    open_table,
    suffix_for,
)
from realtime.sinks.columns import columns, legend, metadata
from realtime.sinks.summary import version
from realtime.sources import PictureSource, VideoSource
from realtime.sources.base import Notice, SourceInfo
from realtime.sources.video import Damage

_WAITING = 8
"""Frames that wait to be written, where they are of common size."""
_KEEPING = (KeyboardInterrupt, SourceError)
"""What ends a run, but keeps what was read so far."""


def analyze(
    options: Options,
    outputs: Outputs,
    products: Products,
    *,
    notice: Notice,
    follow: Follow,
    known: Mapping[str, object] = MappingProxyType({}),
) -> tuple[Path, ...]:
    """Make ``products`` of everything that ``options.source`` gives, and return the files, the summary last.

    ``follow`` sees each frame pass, and may show progress. What is ``known`` of the source is put into the summary.
    Ctrl-C, or a source that fails, finishes the files with what was read so far and is raised again. What lay there
    before stays as it is until then, also where there was no frame or after another ``MienError``; if that comes while
    the files are finished, neither these nor those of before are left.
    """
    pipeline = open_pipeline(options, notice=notice)
    with ExitStack() as open_sinks:
        open_sinks.callback(pipeline.close)
        about = {**_about(options, pipeline), "blurred": products.blur, **known}
        making = _Making(outputs, products, pipeline, about, notice, own_words=options.prompts is not None)
        open_sinks.push(making.undo)
        sinks: list[Sink] = [open_sinks.enter_context(sink) for sink in making.last_sinks()]
        open_sinks.callback(making.tell)
        sinks.extend(open_sinks.enter_context(sink) for sink in making.sinks())
        open_sinks.push(making.begin_finish)  # the last, and so the first when it ends
        blur = FaceBlur(still=pipeline.info.still) if products.blur else None
        try:
            with closing(pipeline.run()) as readings:
                for seen, reading in follow(pipeline, readings):
                    frame = blur(seen, reading) if blur else seen
                    for sink in sinks:
                        sink.write(frame, reading)
                    about["dropped"] = pipeline.stats.dropped
        except _KEEPING as error:
            if "dropped" not in about:  # there was no frame
                for sink in sinks:
                    sink.abort()
            if isinstance(error, SourceError):
                about["error"] = str(error)
            raise
    return tuple(path for path in making.paths() if path.exists())


def _about(options: Options, pipeline: Pipeline) -> dict[str, object]:
    """What the summary says of how the readings were made."""
    source = pipeline.source
    pictures = {"pictures": len(source.paths), "skipped": source.skipped} if isinstance(source, PictureSource) else {}
    return {
        "mien": version(),
        "source": str(options.source),
        "model": pipeline.model,
        "encoder_sha256": pipeline.encoder,
        "engine": pipeline.engine,
        "detector": pipeline.detector,
        "least_score": options.confidence,
        "smoothing_s": 0.0 if pipeline.info.still else options.smoothing,
        "neutral_s": options.neutral,
        "still": pipeline.info.still,
        **pictures,
    }


class _Making:
    """The sinks of one run, and the files that they lead to."""

    def __init__(
        self,
        outputs: Outputs,
        products: Products,
        pipeline: Pipeline,
        about: dict[str, object],
        notice: Notice,
        *,
        own_words: bool,
    ) -> None:
        self._outputs = outputs
        self._products = products
        self._pipeline = pipeline
        self._about = about
        self._notice = notice
        prompts = pipeline.prompts
        self._words = dict(zip(prompts.classes, prompts.descriptions, strict=True)) if own_words else {}
        self._video: AnnotatedVideo | None = None
        self._is_finishing = False
        source = pipeline.source
        self._file = source.path if isinstance(source, VideoSource) else None
        self._annotated = _with_suffix(outputs.annotated, pipeline.info, self._file, products.codec)

    def paths(self) -> Iterator[Path]:
        """In the order in which a person wants to know them; not all of them may have been made."""
        if self._products.annotate:
            yield self._annotated
        if self._products.report:
            yield self._outputs.report
        yield self._outputs.table(self._products)
        if not self._pipeline.info.still:
            yield from (self._outputs.episodes(kind) for kind in self._products.episodes)
        yield self._outputs.summary

    def _beside_summary(self) -> list[Path]:
        return [path for path in self.paths() if path != self._outputs.summary]

    def last_sinks(self) -> Iterator[Sink]:
        """Those that tell how it went, and so end after the others: the summary last of all."""
        info, classes = self._pipeline.info, self._pipeline.classes
        yield Summary(
            self._outputs.summary,
            classes,
            self._about,
            files=self._beside_summary,
            legend=self._legend(),
            still=info.still,
        )
        if self._products.report:
            yield Report(self._outputs.report, classes, self._about, still=info.still, words=self._words)

    def sinks(self) -> Iterator[Sink]:
        """The others, one after the other, so that those before are ended if one cannot be opened."""
        classes, table = self._pipeline.classes, self._outputs.table(self._products)
        told = {**metadata(self._about), "classes": classes, **self._legend()}
        yield open_table(table, classes, self._products.table, self._extras(), told)
        if self._products.episodes:
            yield from self._episodes()
        if self._products.annotate:
            yield self._pictures()

    def _episodes(self) -> Iterator[Sink]:
        if self._pipeline.info.still:
            self._notice(f"{self._about['source']}: pictures have no time, so there are no episodes of them.")
            return
        media = Media.of(Path(str(self._about["source"])))
        for kind in self._products.episodes:
            yield open_episodes(self._outputs.episodes(kind), self._pipeline.classes, kind, media)

    def _pictures(self) -> Sink:
        info = self._pipeline.info
        if info.still:
            return (AnnotatedPicture if info.frames == 1 else AnnotatedPictures)(self._annotated)
        chosen = self._products
        coding = Coding(chosen.codec, chosen.quality, chosen.hardware)
        self._video = AnnotatedVideo(self._annotated, self._file, notify=self._notice, coding=coding)
        return Background(self._video, room=info.room(_WAITING))

    def _extras(self) -> Extras:
        dimensions = self._pipeline.dimensions if self._products.embeddings else 0
        return Extras(self._products.keypoints, dimensions, files=self._pipeline.info.still)

    def _legend(self) -> dict[str, object]:
        return legend(self._pipeline.prompts, columns(self._pipeline.classes, self._extras()))

    def begin_finish(self, kind: type[BaseException] | None, *_: object) -> None:
        """Remove the former summary: it speaks of files that are about to be replaced one by one."""
        if kind is None or (issubclass(kind, _KEEPING) and "dropped" in self._about):
            self._is_finishing = True
            with suppress(OSError):
                self._outputs.summary.unlink(missing_ok=True)

    def undo(self, kind: type[BaseException] | None, *_: object) -> None:
        """Remove what was finished before the rest could not be: no summary would speak of it."""
        if self._is_finishing and kind is not None and not issubclass(kind, _KEEPING):
            for path in (*self._annotated.glob("[0-9]*.jpg"), *self.paths()):
                with suppress(OSError):
                    path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)

    def tell(self) -> None:
        """What is known only when all but the last is written: what encoded the video, and what was damaged."""
        if self._video is not None:
            self._about["encoder"] = self._video.encoder
        if isinstance(self._pipeline.source, VideoSource):
            damage = self._pipeline.source.damage
            self._about["damaged"] = asdict(damage)
            if damage.packets and "error" not in self._about:
                self._notice(_in_words(self._pipeline.info.name, damage))


def _with_suffix(annotated: Path, info: SourceInfo, file: Path | None, codec: Codec) -> Path:
    """An annotated video and a single picture get their suffix; several pictures become a folder."""
    if info.still and info.frames != 1:
        return annotated
    suffix = ".jpg" if info.still else suffix_for(file, codec) if file else ".mp4"
    return annotated.with_name(f"{annotated.name}{suffix}")


def _in_words(name: str, damage: Damage) -> str:
    counted = "1 packet is" if damage.packets == 1 else f"{damage.packets} packets are"
    return f"{name}: {counted} damaged, first at {damage.times_s[0]:.1f} s; what could not be read was skipped."
