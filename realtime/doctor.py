"""Examines an installation: what is there, what is missing, and what to do about it."""

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from engines import registry
from engines.assets import Assets
from engines.base import EngineName
from engines.errors import MienError
from engines.package import ModelPackage
from engines.select import open_engine

_SUPPORTED = ((3, 11), (3, 13))
_LIBRARIES = ("cv2", "av", "mediapipe", "pyarrow", "tokenizers", "PySide6.QtWidgets")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the installation: whether it is fine, and what there is to say."""

    part: str
    fine: bool
    words: str


def examine(assets: Assets, *, fetch: bool) -> Iterator[Finding]:
    """Look at one part after the other; with ``fetch``, first get the model files that are missing."""
    version = sys.version_info[:2]
    supported = _SUPPORTED[0] <= version <= _SUPPORTED[1]
    yield Finding("Python", supported, f"{version[0]}.{version[1]}" + ("" if supported else ": use 3.11, 3.12 or 3.13"))
    for library in _LIBRARIES:
        yield _try(library.partition(".")[0], partial(_import, library))
    yield _try("model files", lambda: _model_files(assets, fetch=fetch))
    yield _try("engines", _engines)
    yield _try("face encoder", _encoder)
    yield _try("face detector", partial(_detector, assets))
    yield Finding("cameras", True, _cameras())
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in {"darwin", "win32"}
    yield Finding("display", True, "there" if display else "none: the window needs one, video files do not")


def _try(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except (MienError, ImportError, OSError) as error:
        return Finding(part, False, " ".join(str(error).split()))


def _import(name: str) -> str:
    module = importlib.import_module(name)
    return str(getattr(module, "__version__", "there"))


def _model_files(assets: Assets, *, fetch: bool) -> str:
    missing = assets.missing()
    if not fetch and missing:
        raise MienError(f"{', '.join(a.title for a in missing)} not here yet: fetched when needed, or now with --fetch")
    for asset in missing:
        assets.path(asset.name)
    return "all here"


def _engines() -> str:
    here = [f"{entry.name} {entry.version}".strip() for entry in registry.ENTRIES if entry.installed]
    if not here:
        raise MienError(f"none: {registry.entry_of(EngineName.OPENVINO).command}")
    return f"{', '.join(here)}; see mien engines"


def _encoder() -> str:
    package = ModelPackage.load()
    with open_engine(package) as engine:
        return f"{package.card.name} on {engine.name} {engine.device} {engine.precision}"


def _detector(assets: Assets) -> str:
    from realtime.detector import make_detector  # noqa: PLC0415 - imports cv2, which may be what is broken

    if assets.missing():
        raise MienError("not looked at without its model files, see there")
    reasons: list[str] = []
    with make_detector("auto", assets=assets, notice=reasons.append) as detector:
        return "; ".join([f"{detector.name} on {detector.engine}", *reasons])


def _cameras() -> str:
    from realtime.sources import list_cameras  # noqa: PLC0415 - imports cv2, which may be what is broken

    return ", ".join(f"{camera.number} {camera.name}" for camera in list_cameras()) or "none"
