"""The library: an index of recordings and analysed videos, with names for faces and notes, kept in an SQLite file."""

from realtime.library.index import Library, default_path
from realtime.library.queue import AnalysisQueue
from realtime.library.records import Entry, FaceSummary, Note, Order, State
from realtime.library.requests import Job, JobState, Progress

__all__ = [
    "AnalysisQueue",
    "Entry",
    "FaceSummary",
    "Job",
    "JobState",
    "Library",
    "Note",
    "Order",
    "Progress",
    "State",
    "default_path",
]
