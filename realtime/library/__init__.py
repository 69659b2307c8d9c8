"""The library: an index of recordings and analysed videos, with names for faces and notes, kept in an SQLite file."""

from realtime.library.index import Library, default_path
from realtime.library.records import Entry, FaceSummary, Note, Order, State

__all__ = ["Entry", "FaceSummary", "Library", "Note", "Order", "State", "default_path"]
