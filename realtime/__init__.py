"""The pipeline from a frame to a reading. Knows no Qt and no torch.

For programs of one's own: ``from realtime import analyze_video, analyze_camera, analyze_pictures`` (docs/api.md). Only
asking for one of these loads anything.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from realtime.api import Analysis, analyze_camera, analyze_pictures, analyze_video

__all__ = ["Analysis", "analyze_camera", "analyze_pictures", "analyze_video"]

# OpenCV looks at this once, as it is loaded: some hundred bytes can announce a picture that takes gigabytes.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**27))


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from realtime import api  # noqa: PLC0415 - it loads everything that reads

    return getattr(api, name)
