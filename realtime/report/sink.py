"""Gathers what a report needs as the frames pass, and writes the page at the end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from engines.errors import OutputError
from realtime.palette import UNSURE_ABOVE
from realtime.products import printable
from realtime.records import Face, Frame, Reading
from realtime.report.bins import Bins
from realtime.report.gathered import SMALL_PX, UNSURE, Gathered, Seen
from realtime.report.moments import Moments
from realtime.report.page import write_page
from realtime.sinks.base import FileSink

_FOLLOWED = 64
"""Faces whose timelines are kept in memory; of a crowd, those seen least are given up."""


class Report(FileSink):
    """Writes a page in HTML that needs nothing beside it. Memory does not grow with the length of the source.

    ``about`` says how the readings were made; it is read at the end, so the owner may add to it during the run.
    ``words`` are the descriptions of the classes, where these are not the usual ones. A thumbnail shows the frame as it
    is given: blurred faces stay so.
    """

    def __init__(
        self,
        path: Path,
        classes: Sequence[str],
        about: Mapping[str, object],
        *,
        still: bool,
        words: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        super().__init__(path)
        self._gathered = Gathered(tuple(classes), about, still, Moments(still=still), words)

    def _put(self, frame: Frame, reading: Reading) -> None:
        g = self._gathered
        if reading.classes != g.classes:
            raise OutputError(f"{self.path} has other classes than the reading: write a new report.")
        if not g.frames:
            g.first = reading.time
        g.last = reading.time
        g.frames += 1
        g.with_faces += bool(reading.faces)
        for face in reading.faces:
            self._count(face, reading)
        g.moments.add(frame, reading)

    def _count(self, face: Face, reading: Reading) -> None:
        g, unsure = self._gathered, face.uncertainty > UNSURE_ABOVE
        g.readings += 1
        g.led[UNSURE if unsure else reading.label(face)] += 1
        g.unsure += unsure
        g.small += float(face.box[2]) < SMALL_PX
        if not g.still:
            self._follow(face, reading.time, unsure=unsure)

    def _follow(self, face: Face, time: float, *, unsure: bool) -> None:
        g = self._gathered
        seen = g.faces.get(face.face_id)
        if seen is None:
            g.people += 1
            self._make_room(time)
            seen = g.faces[face.face_id] = Seen(face.face_id, Bins(len(g.classes), g.first), time, time)
        seen.last = time
        seen.bins.add(time, face.probabilities, unsure=unsure)

    def _make_room(self, time: float) -> None:
        """Give up the face seen least of those that are gone, or of all."""
        faces = self._gathered.faces
        if len(faces) >= _FOLLOWED:
            gone = [seen for seen in faces.values() if seen.last < time] or list(faces.values())
            del faces[min(gone, key=lambda seen: seen.bins.frames).face_id]

    def _finish(self, *, complete: bool) -> bool:
        self._gathered.complete = complete
        self._partial.write_text(printable(write_page(self._gathered)), encoding="utf-8")
        return True
