"""Records what is seen live: a video, a table and a summary, never at the cost of the view, and not lost in a crash."""

from realtime.recording.plan import VideoKind
from realtime.recording.recorder import Phase, Recorder, RecorderState
from realtime.recording.recovery import recover, unfinished
from realtime.recording.snapshot import save_snapshot

__all__ = ["Phase", "Recorder", "RecorderState", "VideoKind", "recover", "save_snapshot", "unfinished"]
