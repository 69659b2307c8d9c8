"""Episodes: the spans of time for which one expression leads in a face, as labs that code behaviour count them.

Of each face, time that it was seen is parted into episodes without gap or overlap. The label is the class that leads;
where the uncertainty is above what the overlay calls unsure, that is a label of its own. The rules, in seconds:

* A reading holds until the next frame, but no longer than :data:`LONGEST_FRAME_S`: a stream that stood still was not
  seen. The last frame lasts as long as the one before it.
* A face that is missing from some frames, but back within :data:`GAP_S` of its last reading, was there all the while,
  and that reading holds until it is back. After a longer absence something new begins.
* A label that leads for less than :data:`SHORTEST_S` makes no episode: its time goes to the episode before it, or at
  the beginning of what was seen to the one after. Where no label leads for so long, all is one episode of the label
  that led longest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from realtime.palette import UNSURE_ABOVE
from realtime.records import Face, Reading

SHORTEST_S = 0.2
"""The briefest spontaneous expressions that are told by eye last about so long; what is shorter is mostly jitter."""
GAP_S = 0.5
LONGEST_FRAME_S = 2.0
_LONE_FRAME_S = 1 / 30
"""What the only frame of a stream counts for."""
_SAME_S = 1e-6
"""Sums of seconds are off by less."""


@dataclass(frozen=True, slots=True)
class Episode:
    """``label`` leads in face ``face_id`` from ``start`` to ``end``, in seconds of the stream's clock.

    ``frames`` are the readings in it. ``mean`` is the probability of the label, weighted by time, and ``peak`` its
    largest, at ``peak_time``; None where the label is no class.
    """

    face_id: int
    label: str
    start: float
    end: float
    frames: int
    mean: float | None
    peak: float | None
    peak_time: float | None

    def since(self, zero: float) -> "Episode":
        """The same on a clock that shows 0 at ``zero``; nothing comes before that."""
        times = {name: max(0.0, getattr(self, name) - zero) for name in ("start", "end")}
        peak_time = None if self.peak_time is None else max(0.0, self.peak_time - zero)
        return replace(self, **times, peak_time=peak_time)


def episode_labels(classes: Sequence[str]) -> tuple[str, ...]:
    """What an episode may be called: each of the classes, and last what stands for none of them."""
    return (*classes, "unsure" if "unsure" not in classes else "unsure (no class)")


class Timeline:
    """Makes episodes of the readings of ``classes``, as they come; each is told when it has ended.

    Memory does not grow with time: of a face, only the episode that is under way is kept. A time before the last one
    counts as that.
    """

    def __init__(self, classes: Sequence[str], *, unsure_above: float = UNSURE_ABOVE) -> None:
        self._labels = episode_labels(classes)
        self._unsure_above = unsure_above
        self._stretches: dict[int, _Stretch] = {}
        self._now: float | None = None
        self._step = _LONE_FRAME_S

    def add(self, reading: Reading) -> list[Episode]:
        """Take the next frame's ``reading``; the episodes that are known to have ended by it."""
        if self._now is None:
            now = reading.time
        else:
            now = max(reading.time, self._now)
            self._step = min(now - self._now, LONGEST_FRAME_S)
        self._now = now
        for stretch in self._stretches.values():
            stretch.next_frame(now)
        here = {face.face_id for face in reading.faces}
        ended = [self._stretches.pop(each) for each in self._ended(now, here)]
        episodes = [episode for stretch in ended for episode in stretch.end()]
        for face in reading.faces:
            if face.face_id not in self._stretches:
                self._stretches[face.face_id] = _Stretch(face.face_id, self._labels)
            episodes += self._stretches[face.face_id].read(now, self._label(face), face.probabilities)
        return episodes

    def end(self) -> list[Episode]:
        """The episodes that are under way when the stream ends. The next reading begins anew."""
        if self._now is None:
            return []
        for stretch in self._stretches.values():
            stretch.next_frame(self._now + self._step)
        episodes = [episode for stretch in self._stretches.values() for episode in stretch.end()]
        self._stretches.clear()
        self._now = None
        return episodes

    def _ended(self, now: float, here: set[int]) -> list[int]:
        return [each for each, stretch in self._stretches.items() if stretch.is_over(now, here=each in here)]

    def _label(self, face: Face) -> int:
        return len(self._labels) - 1 if face.uncertainty > self._unsure_above else face.best


@dataclass(slots=True, eq=False)
class _Run:
    """Readings of one label, one after the other, and what was joined to them."""

    label: int
    start: float
    end: float
    frames: int
    total: NDArray[np.float64]
    peak: NDArray[np.float64]
    peak_time: NDArray[np.float64]

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def join(self, later: "_Run") -> None:
        """Take what follows at once."""
        self.end = later.end
        self.frames += later.frames
        self.total += later.total
        higher = later.peak > self.peak
        self.peak[higher] = later.peak[higher]
        self.peak_time[higher] = later.peak_time[higher]


class _Stretch:
    """A face for as long as it is seen without a gap."""

    def __init__(self, face_id: int, labels: tuple[str, ...]) -> None:
        self._face_id = face_id
        self._labels = labels
        self._reading: tuple[float, int, NDArray[np.float32]] | None = None
        self._until: float | None = None
        self._run: _Run | None = None
        self._episode: _Run | None = None
        # How long each label has led, until the first leads long enough; then nobody asks any more.
        self._led: dict[int, float] | None = {}

    def next_frame(self, now: float) -> None:
        """The frame after the last reading has come, with or without the face."""
        if self._until is None and self._reading is not None:
            self._until = min(now, self._reading[0] + LONGEST_FRAME_S)

    def is_over(self, now: float, *, here: bool) -> bool:
        """Whether the face was away for too long, or the stream stood still; ``here`` is whether it is seen now."""
        if self._reading is None or self._until is None:
            return False
        return now - self._reading[0] > GAP_S + _SAME_S and not (here and now <= self._until)

    def read(self, now: float, label: int, probabilities: NDArray[np.float32]) -> list[Episode]:
        """Take a reading; the last one has held until now."""
        episodes = self._hold(now)
        self._reading, self._until = (now, label, probabilities), None
        return episodes

    def end(self) -> list[Episode]:
        episodes = [] if self._until is None else self._hold(self._until)
        episodes += self._settle()
        if self._episode is not None:
            if self._led:
                self._episode.label = max(self._led, key=self._led.__getitem__)
            episodes += self._told()
        return episodes

    def _hold(self, until: float) -> list[Episode]:
        """Count the last reading as what was seen until then."""
        if self._reading is None:
            return []
        time, label, probabilities = self._reading
        shares = probabilities.astype(np.float64)
        run = _Run(label, time, until, 1, shares * (until - time), shares, np.full(len(shares), time, np.float64))
        if self._run is not None and self._run.label == label:
            self._run.join(run)
            return []
        episodes = self._settle()
        self._run = run
        return episodes

    def _settle(self) -> list[Episode]:
        """Another label leads: what the run that ended is, an episode or a part of one."""
        run, self._run = self._run, None
        if run is None:
            return []
        long = run.seconds >= SHORTEST_S - _SAME_S
        if self._led is not None:
            self._begin(run, long=long)
            return []
        if self._episode is not None and (not long or run.label == self._episode.label):
            self._episode.join(run)
            return []
        episodes = self._told()
        self._episode = run
        return episodes

    def _begin(self, run: _Run, *, long: bool) -> None:
        """As :meth:`_settle`, while no label has led long enough yet."""
        if self._episode is None:
            self._episode = run
        else:
            self._episode.join(run)
        if long:
            self._episode.label, self._led = run.label, None
        elif self._led is not None:
            self._led[run.label] = self._led.get(run.label, 0.0) + run.seconds

    def _told(self) -> list[Episode]:
        run = self._episode
        if run is None or run.seconds <= 0:
            return []
        mean = peak = peak_time = None
        if run.label < len(run.peak):
            mean = float(run.total[run.label] / run.seconds)
            peak, peak_time = float(run.peak[run.label]), float(run.peak_time[run.label])
        return [Episode(self._face_id, self._labels[run.label], run.start, run.end, run.frames, mean, peak, peak_time)]
