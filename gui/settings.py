"""What the window keeps between two runs, in one JSON file of the user's configuration folder.

The file is written whole or not at all. What cannot be used falls back: a value by itself, a file that is no JSON as a
whole, and that one is set aside, not overwritten. Costs nothing to import, and knows no Qt.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

import platformdirs

from engines.base import EngineName
from engines.files import write_json
from realtime.options import DEMO, SMOOTHING_SECONDS, CameraFormat, Options

if TYPE_CHECKING:
    from realtime.detector import DetectorKind

Document = dict[str, Any]
"""A settings file as JSON has it."""
Reader = Callable[[object], Any]
"""Gives a setting as what it is, or raises ``ValueError``."""

DETECTORS = ("auto", "short", "full", "tiled")
CAMERA_SIZES = ("auto", "640x360", "1280x720", "1920x1080")
"""``auto`` leaves the size as the camera has it."""
CAMERA_RATES = (30, 60)
THEMES = ("dark", "light", "system")
LANGUAGES = ("system", "en", "de", "zh")
RecordingKind = Literal["annotated", "raw", "table"]
RECORDINGS: tuple[RecordingKind, ...] = get_args(RecordingKind)
SMOOTHING_MOST = 5.0
"""Seconds; beyond this a reading tells of the past alone."""
_TEXT_MOST = 100_000
"""Characters of one setting: prompts are a page at most."""

_UPGRADES: tuple[Callable[[Document], Document], ...] = ()
"""The first takes a document of version 1 to version 2, and so on."""


def _version() -> int:
    """Of the files that are written now."""
    return 1 + len(_UPGRADES)


def _one_of(*choices: Any) -> Reader:
    def read(value: object) -> Any:
        for choice in choices:
            if isinstance(value, str | int) and not isinstance(value, bool) and value == choice:
                return choice
        raise ValueError

    return read


def _number(least: float, most: float) -> Reader:
    def read(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        raise ValueError

    return read


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= _TEXT_MOST and "\0" not in value:
        value.encode()  # fails on a lone surrogate, which JSON can hold and no file
        return value
    raise ValueError


_KINDS: dict[str, Reader] = {
    "engine": _one_of(*EngineName),
    "detector": _one_of(*DETECTORS),
    "smoothing": _number(0.0, SMOOTHING_MOST),
    "camera_size": _one_of(*CAMERA_SIZES),
    "camera_fps": _one_of(*CAMERA_RATES),
    "mirror": _flag,
    "theme": _one_of(*THEMES),
    "language": _one_of(*LANGUAGES),
    "recording_folder": _text,
    "recording_kind": _one_of(*RECORDINGS),
    "source": _text,
    "geometry": _text,
    "prompts": _text,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices.

    ``smoothing`` is in seconds, ``mirror`` shows a camera as a mirror does, ``recording_folder`` is a path ("": the
    folder for videos), ``source`` what :func:`realtime.sources.open_source` takes ("": the first camera), ``geometry``
    the place and size of the window as Qt tells them, in Base64. ``prompts`` is the text of a prompts file ("": the
    model's own words).

    Raises ``ValueError`` for a value that is none of its kind.
    """

    engine: EngineName = EngineName.AUTO
    detector: "DetectorKind" = "auto"
    smoothing: float = SMOOTHING_SECONDS
    camera_size: str = "1280x720"
    camera_fps: int = 30
    mirror: bool = True
    theme: str = "dark"
    language: str = "system"
    recording_folder: str = ""
    recording_kind: RecordingKind = "annotated"
    source: str = ""
    geometry: str = ""
    prompts: str = ""

    def __post_init__(self) -> None:
        for name in _KINDS:
            _read(name, getattr(self, name))

    @property
    def camera_format(self) -> CameraFormat:
        """What a camera is asked for."""
        if self.camera_size == "auto":
            return CameraFormat(None, self.camera_fps)
        width, _, height = self.camera_size.partition("x")
        return CameraFormat((int(width), int(height)), self.camera_fps)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and how they were come by: ``first`` without a file, ``damaged`` from one that could not be read.

    That one has been set aside as ``kept``, if it could be. ``replaced`` are the names of the settings whose values
    were none of their kind, and that have their defaults.
    """

    settings: Settings
    first: bool = False
    damaged: bool = False
    kept: Path | None = None
    replaced: tuple[str, ...] = ()


def settings_file() -> Path:
    """Where the settings are kept, by the customs of the system."""
    return Path(platformdirs.user_config_dir("mien", appauthor=False)) / "settings.json"


def load(file: Path) -> Loaded:
    """The settings in ``file``; the defaults in the place of what is missing, unknown or out of its range."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Loaded(Settings(), first=True)
    except (OSError, ValueError, RecursionError):
        return Loaded(Settings(), damaged=True, kept=_set_aside(file))
    if not isinstance(document, dict):
        return Loaded(Settings(), damaged=True, kept=_set_aside(file))
    usable = _usable(upgraded := _upgraded(document))
    return Loaded(
        Settings(**usable), replaced=tuple(name for name in _KINDS if name in upgraded and name not in usable)
    )


def save(settings: Settings, file: Path) -> None:
    """Write ``settings`` to ``file``. Raises ``OutputError`` if it cannot be written; the old file then stays."""
    with suppress(OSError):  # what is wrong with the folder, writing says
        file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, {"version": _version(), **asdict(settings)})


def recordings_folder(settings: Settings) -> Path:
    """Where recordings go: the chosen folder, or Mien's own in the one for videos."""
    return Path(settings.recording_folder or Path(platformdirs.user_videos_dir()) / "Mien")


def for_start(options: Options, settings: Settings) -> Options:
    """``options`` with the settings where nothing else was asked for: what the command line gave counts more.

    Without a source it is the camera of the last time, or the first; a file or a stream is not opened again by itself.
    """
    usual = Options(assets=options.assets)
    free = {name: value for name, value in _run_of(settings).items() if getattr(options, name) == getattr(usual, name)}
    if not str(options.source):
        free["source"] = settings.source if _is_camera(settings.source) else 0
    return replace(options, **free)


def _is_camera(source: str) -> bool:
    """Whether a source that was kept is a camera, by name or number."""
    return bool(source) and not (source == DEMO or "://" in source or Path(source).is_absolute())


def after_change(options: Options, before: Settings, after: Settings) -> Options:
    """``options`` with what ``after`` has changed; equal to ``options`` where the source need not start anew."""
    old = _run_of(before)
    changed = {name: value for name, value in _run_of(after).items() if value != old[name]}
    return replace(options, **changed)


def rememberable(source: str | int | Path) -> str:
    """``source`` as it may be kept in a file; "" for an address with a password in it."""
    if isinstance(source, Path):
        return str(source.absolute())
    text = str(source)
    return "" if "://" in text and "@" in urlsplit(text).netloc else text


def _run_of(settings: Settings) -> Document:
    """What of ``settings`` is a choice of a run, by the names that ``Options`` has for it."""
    return {
        "engine": settings.engine,
        "detector": settings.detector,
        "smoothing": settings.smoothing,
        "camera_format": settings.camera_format,
    }


def _read(name: str, value: object) -> Any:
    try:
        return _KINDS[name](value)
    except ValueError:
        raise ValueError(f"settings: {name} cannot be {value!r:.80}") from None


def _usable(document: Mapping[str, object]) -> Document:
    """Unknown names, of a later version or of nobody, are passed over."""
    usable: Document = {}
    for name in _KINDS.keys() & document.keys():
        with suppress(ValueError):
            usable[name] = _read(name, document[name])
    return usable


def _upgraded(document: Document) -> Document:
    version = document.get("version")
    if isinstance(version, int) and 1 <= version < _version():
        for upgrade in _UPGRADES[version - 1 :]:
            document = upgrade(document)
    return document


def _set_aside(file: Path) -> Path | None:
    kept = file.with_suffix(".damaged.json")
    try:
        return file.replace(kept)
    except OSError:
        return None
