"""Reads one source from its first frame to its last into files: annotated video, table, summary."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from engines.errors import OutputError
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Follow, Pipeline
from realtime.sinks import (
    AnnotatedPicture,
    AnnotatedPictures,
    AnnotatedVideo,
    Background,
    Sink,
    Summary,
    TableFormat,
    open_table,
)
from realtime.sources.base import Notice, SourceInfo

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What some system does not allow in the name of a file."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that one input leads to; ``annotated`` is None where none is wanted."""

    table: Path
    summary: Path
    annotated: Path | None

    def paths(self) -> tuple[Path, ...]:
        """Those that are wanted, in the order in which a person wants to know them."""
        return tuple(path for path in (self.annotated, self.table, self.summary) if path is not None)


def name_outputs(inputs: Sequence[str], folder: Path, table: TableFormat, *, annotate: bool) -> list[Outputs]:
    """Where the results of each input go: named after it, and numbered where two inputs have one name."""
    taken: dict[str, int] = {}
    named = []
    for text in inputs:
        stem = _NOT_IN_NAMES.sub("_", Path(text).stem) or "stream"
        taken[stem] = taken.get(stem, 0) + 1
        name = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
        annotated = folder / f"{name}.annotated" if annotate else None
        named.append(Outputs(folder / f"{name}.{table}", folder / f"{name}.json", annotated))
    return named


def make_folder(folder: Path) -> None:
    """Make the output ``folder``. Raises ``OutputError`` if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}; choose another with --out.") from error


def analyze(
    options: Options,
    outputs: Outputs,
    table: TableFormat,
    *,
    notice: Notice,
    follow: Follow,
) -> Outputs:
    """Read everything that ``options.source`` gives into ``outputs``, and return the files' final names.

    ``follow`` sees each frame pass, and may show progress. Ctrl-C finishes the files with what was read so far and is
    raised again; after a ``MienError`` no file is left.
    """
    pipeline = open_pipeline(options, notice=notice)
    with ExitStack() as open_sinks:
        open_sinks.callback(pipeline.close)
        outputs = _with_suffix(outputs, pipeline.info)
        about = _about(options, pipeline)
        sinks = [open_sinks.enter_context(sink) for sink in _sinks(outputs, table, pipeline, about, notice)]
        with closing(pipeline.run()) as readings:
            for frame, reading in follow(pipeline, readings):
                for sink in sinks:
                    sink.write(frame, reading)
                about["dropped"] = pipeline.stats.dropped
    return outputs


def _about(options: Options, pipeline: Pipeline) -> dict[str, object]:
    """What the summary says of how the readings were made."""
    return {
        "source": str(options.source),
        "model": pipeline.model,
        "engine": pipeline.engine,
        "detector": pipeline.detector,
        "smoothing_s": options.smoothing,
        "neutral_s": options.neutral,
        "still": pipeline.info.still,
    }


def _with_suffix(outputs: Outputs, info: SourceInfo) -> Outputs:
    """An annotated video and a single picture get their suffix; several pictures become a folder."""
    if outputs.annotated is None or (info.still and info.frames != 1):
        return outputs
    suffix = ".jpg" if info.still else ".mp4"
    return replace(outputs, annotated=outputs.annotated.with_name(f"{outputs.annotated.name}{suffix}"))


def _sinks(
    outputs: Outputs, table: TableFormat, pipeline: Pipeline, about: dict[str, object], notice: Notice
) -> Iterator[Sink]:
    """One after the other, so that those before are ended if one cannot be opened. The summary ends last of all."""
    yield Summary(outputs.summary, pipeline.classes, about)
    yield open_table(outputs.table, pipeline.classes, table)
    if outputs.annotated is None:
        return
    if pipeline.info.still:
        yield (AnnotatedPicture if pipeline.info.frames == 1 else AnnotatedPictures)(outputs.annotated)
    else:
        source = Path(str(about["source"]))
        video = AnnotatedVideo(outputs.annotated, source if source.is_file() else None, notify=notice)
        yield Background(video)
