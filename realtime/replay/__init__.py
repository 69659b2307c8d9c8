"""What was read from a video, loaded back to be looked at again."""

from realtime.replay.clock import Clock
from realtime.replay.moments import Moment
from realtime.replay.recorded import Recorded, RecordedFace, Series
from realtime.replay.review import Copy, Review, copies

__all__ = ["Clock", "Copy", "Moment", "Recorded", "RecordedFace", "Review", "Series", "copies"]
