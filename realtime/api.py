"""For programs of one's own: the readings of a video, a camera or pictures, one by one and as a table.

Imported from :mod:`realtime`; docs/api.md has examples.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypedDict, Unpack, cast, get_args

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engines.base import EngineName
from engines.errors import EngineUnavailable, MienError, OutputError, SourceError
from engines.prompts import Prompts
from realtime.detector import DetectorKind
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Item, Pipeline
from realtime.records import Reading
from realtime.sinks.columns import Extras
from realtime.sinks.table import TableFormat, open_table
from realtime.sources import PictureSource, Source, VideoSource, open_source
from realtime.sources.arrays import ArraySource
from realtime.sources.base import Notice, SourceInfo, say

PathLike = Path | str


class Choices(TypedDict, total=False):
    """What may be chosen, by keyword; :class:`realtime.options.Options` says what each is, and what it is unless given.

    ``prompts`` are also taken as a mapping from the name of each class to its description or descriptions. ``notice``
    is told, in one line, what a person should know meanwhile; standard error is, unless it is given.
    """

    model: PathLike | None
    engine: str
    detector: DetectorKind
    confidence: float | None
    smoothing: float
    neutral: float | None
    prompts: PathLike | Mapping[str, str | Sequence[str]] | None
    notice: Notice


class Analysis:
    """The readings of one source: an iterator, to be gone through once, in the order of the frames.

    What has not been taken yet is read no further than a dozen frames ahead, and nothing that was is kept: memory does
    not grow with the length of a video. Use it ``with``, or :meth:`close` it where the end is not reached: until then
    it runs threads and holds its source. For one thread. Every error is an ``engines.errors.MienError``.
    """

    def __init__(self, pipeline: Pipeline, seconds: float | None = None) -> None:
        """Owns ``pipeline``; ends after ``seconds`` of its source's time, if given."""
        self._pipeline = pipeline
        self._running = pipeline.run()
        self._items = self._running if seconds is None else _first(self._running, seconds)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names that the probabilities of a face belong to."""
        return self._pipeline.classes

    @property
    def info(self) -> SourceInfo:
        """What is known of the source: size, and as far as it says, rate, number of frames and duration."""
        return self._pipeline.info

    def __iter__(self) -> Iterator[Reading]:
        return self

    def __next__(self) -> Reading:
        return next(self._items)[1]

    def frames(self) -> Iterator[Item]:
        """The same with the frame of each reading before it: its picture, and the name of its file."""
        return self._items

    def table(self) -> Any:
        """A ``pyarrow.Table`` of the readings that have not been taken yet: one row per face and frame, as in a file.

        A table of a camera needs ``seconds``, or it never ends.
        """
        with TemporaryDirectory(prefix="mien-") as folder:  # what a file would hold, and not only nearly
            path = self.save(Path(folder) / "readings.parquet")
            return pq.read_table(path, memory_map=False)

    def save(self, path: PathLike) -> Path:
        """Write that table to ``path``, in the format that its ending names, whole or not at all; returns it.

        Memory does not grow meanwhile.
        """
        path = Path(path)
        kinds: dict[str, TableFormat] = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl"}
        kind = kinds.get(path.suffix.lower())
        if kind is None:
            raise OutputError(f"Cannot write {path}: give it one of the endings {', '.join(kinds)}.")
        with open_table(path, self.classes, kind, Extras(files=self.info.still)) as table:
            for frame, reading in self._items:
                table.write(frame, reading)
        return path

    def close(self) -> None:
        """End all threads, and give the source and the models back; twice is once, and so is after the end."""
        self._running.close()
        self._pipeline.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def analyze_video(path: PathLike, **choices: Unpack[Choices]) -> Analysis:
    """Read a video file. Times are its own, in seconds. Raises ``SourceError`` where it cannot be read."""
    return _opened(VideoSource(_path(path)), choices)


def analyze_camera(camera: int | str = 0, *, seconds: float | None = None, **choices: Unpack[Choices]) -> Analysis:
    """Read a camera (a number or a part of its name) or a stream (its URL), for ``seconds`` if given.

    Frames that come while others are read are left out. Times are those of ``time.monotonic()``. A camera that goes
    away is waited for. ``"synthetic"`` is ten seconds of a drawn face. Raises ``SourceError`` where there is no such.
    """
    notice = choices.get("notice", say)
    return _opened(open_source(camera, notice=notice), choices, seconds)


def analyze_pictures(
    pictures: PathLike | Iterable[PathLike] | Iterable[NDArray[np.uint8]], **choices: Unpack[Choices]
) -> Analysis:
    """Read pictures, each by itself: a file, the files in a folder, some files, or arrays uint8 ``[H, W, 3]`` RGB.

    One that cannot be read among others is left out and said through ``notice``; ``Frame.name``, and the ``file`` of a
    row, say which file was read. Raises ``SourceError`` where none can be.
    """
    return _opened(_pictures(pictures, choices.get("notice", say)), choices)


def _pictures(pictures: PathLike | Iterable[PathLike] | Iterable[NDArray[np.uint8]], notice: Notice) -> Source:
    if isinstance(pictures, PathLike):
        return PictureSource(_path(pictures), notice=notice)
    if not isinstance(pictures, Iterable):
        raise SourceError(f"{pictures!r} is no picture and no list of them: give files, a folder or arrays")
    each = list(pictures)
    paths = [_path(one) for one in each if isinstance(one, PathLike)]
    if paths and len(paths) == len(each):
        return PictureSource("pictures", paths, notice=notice)
    return ArraySource(cast("Sequence[NDArray[np.uint8]]", each))


def _path(given: PathLike) -> Path:
    try:
        return Path(given).expanduser()
    except RuntimeError as error:
        raise SourceError(f"{given} does not exist: nobody here is called so") from error


def _opened(source: Source, choices: Choices, seconds: float | None = None) -> Analysis:
    try:
        with TemporaryDirectory(prefix="mien-") as folder:
            options = _options(choices, Path(folder))
            return Analysis(open_pipeline(options, notice=choices.get("notice", say), source=source), seconds)
    except BaseException:
        source.close()
        raise


def _options(choices: Choices, folder: Path) -> Options:
    """The options that were chosen; descriptions that are in no file yet are written to one in ``folder``."""
    given: dict[str, Any] = {name: value for name, value in choices.items() if name != "notice"}
    engine = given.get("engine", EngineName.AUTO)
    if engine not in list(EngineName):
        raise EngineUnavailable(f"There is no engine {engine!r}: choose one of {', '.join(EngineName)}.")
    given["engine"] = EngineName(engine)
    detectors = get_args(DetectorKind)
    if given.get("detector", "auto") not in detectors:
        raise MienError(f"There is no detector {given['detector']!r}: choose one of {', '.join(detectors)}.")
    prompts = given.get("prompts")
    if isinstance(prompts, Mapping):
        given["prompts"] = folder / "prompts.toml"
        Prompts.from_mapping(prompts, "prompts").save(given["prompts"])
    for name in ("model", "prompts"):
        given[name] = _path(given[name]) if given.get(name) is not None else None
    return Options(**given).checked()


def _first(running: Generator[Item, None, None], seconds: float) -> Iterator[Item]:
    """The items of the first ``seconds``, after which nothing runs any more."""
    began: float | None = None
    with closing(running):
        for frame, reading in running:
            began = frame.time if began is None else began
            if frame.time - began >= seconds:
                return
            yield frame, reading
