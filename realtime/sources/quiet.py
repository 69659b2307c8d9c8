"""Keeps libraries from writing to the terminal what Mien says in its own words."""

import os

import cv2


def hush_opencv() -> None:
    """Silence OpenCV and the FFmpeg inside it; twice is once."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
