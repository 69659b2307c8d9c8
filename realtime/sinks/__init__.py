"""Where readings go: an annotated video, a table, a summary."""

from realtime.sinks.base import Background, FileSink, Sink
from realtime.sinks.pictures import AnnotatedPicture, AnnotatedPictures
from realtime.sinks.summary import Summary
from realtime.sinks.table import TableFormat, open_table
from realtime.sinks.video import AnnotatedVideo, RawVideo, Video

__all__ = [
    "AnnotatedPicture",
    "AnnotatedPictures",
    "AnnotatedVideo",
    "Background",
    "FileSink",
    "RawVideo",
    "Sink",
    "Summary",
    "TableFormat",
    "Video",
    "open_table",
]
