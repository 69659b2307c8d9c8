"""The analyses that are still owed, as the index keeps them, each with the process that sees to it."""

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import psutil

from realtime.library.database import Database
from realtime.library.requests import Job, JobState, Request

_NOBODY = ""
_SAME_S = 2.0
"""Two processes that began within so long, under the same number, are one: clocks are set."""


class JobTable:
    """What is in it survives the program. Every call raises ``LibraryError`` if the index cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, requests: Iterable[Request]) -> list[Job]:
        """Keep these for this process, after all others."""
        added = []
        with self._database.change() as change:
            for request in requests:
                row = change.execute(
                    "INSERT INTO jobs (position, request, owner) SELECT coalesce(max(position), 0) + 1, ?, ? FROM jobs",
                    (request.to_json(), _this_process()),
                )
                added.append(Job(row.lastrowid or 0, request))
        return added

    def left(self) -> list[Job]:
        """Those that no process sees to any more."""
        rows = self._database.read("SELECT id, request, folder, owner FROM jobs ORDER BY position, id")
        return [
            Job(number, request, JobState.LEFT, folder=None if folder is None else Path(folder))
            for number, text, folder, owner in rows
            if not _lives(owner) and (request := _request(text)) is not None
        ]

    def owes(self) -> bool:
        """Whether there are any, whoever sees to them."""
        return bool(self._database.read("SELECT 1 FROM jobs LIMIT 1"))

    def claim(self, jobs: Sequence[Job]) -> set[int]:
        """See to these from now on; returns the ids of those that no other process was quicker to take."""
        claimed = set()
        with self._database.change() as change:
            for job in jobs:
                found = change.execute("SELECT owner FROM jobs WHERE id = ?", (job.id,)).fetchone()
                if found is not None and not _lives(found[0]):
                    change.execute("UPDATE jobs SET owner = ? WHERE id = ?", (_this_process(), job.id))
                    claimed.add(job.id)
        return claimed

    def release(self) -> None:
        """See to none any more: they are left for the next."""
        with self._database.change() as change:
            change.execute("UPDATE jobs SET owner = ? WHERE owner = ?", (_NOBODY, _this_process()))

    def place(self, job: Job, folder: Path | None) -> None:
        """Remember where the results of a job go; None if there is no such folder any more."""
        with self._database.change() as change:
            change.execute("UPDATE jobs SET folder = ? WHERE id = ?", (None if folder is None else str(folder), job.id))

    def order(self, jobs: Sequence[Job]) -> None:
        """Remember that these come one after the other."""
        with self._database.change() as change:
            change.executemany(
                "UPDATE jobs SET position = ? WHERE id = ?", [(place, job.id) for place, job in enumerate(jobs)]
            )

    def remove(self, jobs: Iterable[Job]) -> None:
        """Forget these: they have ended."""
        with self._database.change() as change:
            change.executemany("DELETE FROM jobs WHERE id = ?", [(job.id,) for job in jobs])


def _request(text: str) -> Request | None:
    try:
        return Request.from_json(text)
    except ValueError:  # of another version of Mien
        return None


@cache
def _this_process() -> str:
    """Its number and when it began, since numbers are used again."""
    return f"{os.getpid()} {psutil.Process().create_time()}"


def _lives(owner: str) -> bool:
    number, _, began = owner.partition(" ")
    try:
        return bool(number) and abs(psutil.Process(int(number)).create_time() - float(began)) < _SAME_S
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
