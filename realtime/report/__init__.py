"""A page about one source that anybody can read: who showed what and when, how sure it is, and how it was found out."""

from realtime.report.sink import Report

__all__ = ["Report"]
