"""The page on which a recording is looked at again. To be imported when it is needed: it loads pyqtgraph and PyAV."""

from gui.replay.page import ReplayPage

__all__ = ["ReplayPage"]
