"""What was read from a video, loaded back to be looked at again."""

from realtime.replay.clock import Clock
from realtime.replay.moments import Moment
from realtime.replay.recorded import Recorded, RecordedFace, Series
from realtime.replay.review import Review

__all__ = ["Clock", "Moment", "Recorded", "RecordedFace", "Review", "Series"]
