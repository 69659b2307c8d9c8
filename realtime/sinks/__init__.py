"""Where readings go: an annotated video, a table, a summary."""

from realtime.sinks.base import Background, FileSink, Sink
from realtime.sinks.columns import Extras
from realtime.sinks.encoders import Coding
from realtime.sinks.episodes import open_episodes
from realtime.sinks.media import Media
from realtime.sinks.pictures import AnnotatedPicture, AnnotatedPictures
from realtime.sinks.summary import Summary
from realtime.sinks.table import TableFormat, open_table
from realtime.sinks.tracks import suffix_for
from realtime.sinks.video import AnnotatedVideo, RawVideo, Video

__all__ = [
    "AnnotatedPicture",
    "AnnotatedPictures",
    "AnnotatedVideo",
    "Background",
    "Coding",
    "Extras",
    "FileSink",
    "Media",
    "RawVideo",
    "Sink",
    "Summary",
    "TableFormat",
    "Video",
    "open_episodes",
    "open_table",
    "suffix_for",
]
