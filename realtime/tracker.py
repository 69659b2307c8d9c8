"""Tells which detection is which face, from frame to frame.

Written here because the kept libraries do not fit: trackers (on supervision) and motpy reckon in frames of one length
where a camera's uneven rate asks for seconds, norfair wants numpy 1, and all of them bring scipy.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from realtime.assignment import assign
from realtime.records import Detection, Track

START_SCORE = 0.75
"""A face is believed at once from here; no false alarm reached it on the clip without faces (docs/detection.md)."""
KEEP_SCORE = 0.3
"""A face that is known is followed down to here."""
STILL_SCORE = 0.6
"""A face in a picture for itself, where no other frame can vouch for it, is believed from here."""

_STEADY_SCORE = 0.65
"""A face that never reaches the start score is believed once its score, smoothed, is here ..."""
_STEADY_SECONDS = 0.25
"""... for so long, in at least so many frames:"""
_STEADY_FRAMES = 4
_TENTATIVE_ABSENCE = 0.25
"""Seconds after which a face that is not yet believed is forgotten."""

_MEASURED_WITHIN = 0.05
"""Standard deviation of a detection's centre, in box widths."""
_AGILITY = 20.0
"""How abruptly a head changes its velocity: spectral density of the acceleration, in box widths squared per s^3."""
_MOMENTUM = 1.0
"""Seconds in which the velocity of an unseen face is taken to fall to 1/e: who leaves the picture's sight may stop."""
_REACH, _REACH_GROWTH, _REACH_LIMIT = 0.6, 1.5, 2.0
"""How far from where it is expected a face may turn up, in box widths: at once, more per second unseen, and at most."""
_ABSENT, _ABSENT_LIMIT = 1.0, 0.3
"""What a face's being unseen adds to the cost, per second and at most: who was just there takes precedence."""
_RESIZE, _RESIZE_LIMIT = math.log(1.5), math.log(2.25)
"""How much larger or smaller a face may be, as a logarithm: at once, and after a second unseen."""


@dataclass(slots=True)
class _Trail:
    """What is known of one face. Position and velocity in pixels and seconds, covariance in box widths and seconds."""

    detection: Detection
    first: float
    last: float
    face_id: int | None = None
    frames: int = 1
    level: float = field(init=False)
    position: NDArray[np.float64] = field(init=False)
    velocity: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    covariance: NDArray[np.float64] = field(default_factory=lambda: np.diag([_MEASURED_WITHIN**2, _AGILITY]))

    def __post_init__(self) -> None:
        self.level = self.detection.score
        self.position = _center(self.detection)

    def expected(self, time: float) -> NDArray[np.float64]:
        """Where the face's centre should be at ``time``."""
        glide = _MOMENTUM * -math.expm1((self.last - time) / _MOMENTUM)
        return self.position + self.velocity * glide

    def cost(self, detection: Detection, expected: NDArray[np.float64], time: float) -> float:
        """How badly ``detection`` fits, 0 for perfectly; 1 and more for not at all."""
        unseen = time - self.last
        width, known = _width(detection), _width(self.detection)
        reach = min(_REACH + _REACH_GROWTH * unseen, _REACH_LIMIT) * math.sqrt(width * known)
        resize = _RESIZE + (_RESIZE_LIMIT - _RESIZE) * min(unseen, 1.0)
        away = _center(detection) - expected
        misfit = math.hypot(away[0] / reach, away[1] / reach, math.log(width / known) / resize)
        return misfit + min(_ABSENT * unseen, _ABSENT_LIMIT)

    def see(self, detection: Detection, time: float) -> None:
        """Take ``detection`` as the face's place at ``time``: one step of a Kalman filter with fading velocity."""
        step = time - self.last
        fade = math.exp(-step / _MOMENTUM)
        motion = np.array([[1.0, _MOMENTUM * (1 - fade)], [0.0, fade]])
        noise = _AGILITY * np.array([[step**3 / 3, step**2 / 2], [step**2 / 2, step]])
        covariance = motion @ self.covariance @ motion.T + noise
        gain = covariance[:, 0] / (covariance[0, 0] + _MEASURED_WITHIN**2)
        expected = self.expected(time)
        surprise = _center(detection) - expected
        self.position = expected + gain[0] * surprise
        self.velocity = self.velocity * fade + gain[1] * surprise
        self.covariance = covariance - np.outer(gain, covariance[0])
        self.level += (detection.score - self.level) * -math.expm1(-step / _STEADY_SECONDS)
        self.detection, self.last, self.frames = detection, time, self.frames + 1

    def convinces(self, start_score: float) -> bool:
        """Whether what was seen so far is a face."""
        steady = self.frames >= _STEADY_FRAMES and self.last - self.first >= _STEADY_SECONDS
        return self.detection.score >= start_score or (steady and self.level >= min(_STEADY_SCORE, start_score))


class Tracker:
    """Gives each face an id, from 1, and keeps it through crossing, blinking detections and short absence.

    A face is believed from ``start_score``, or when it is seen steadily a little below it, and followed down to
    ``keep_score``; it is forgotten ``max_absence`` seconds after it was last seen. Serves one stream.
    """

    def __init__(
        self, *, start_score: float = START_SCORE, keep_score: float = KEEP_SCORE, max_absence: float = 1.0
    ) -> None:
        self._start_score = start_score
        self._keep_score = keep_score
        self._max_absence = max_absence
        self._trails: list[_Trail] = []
        self._count = 0
        self._time = -math.inf

    def update(self, detections: Sequence[Detection], time: float) -> list[Track]:
        """The faces among ``detections`` of the frame at ``time`` (seconds), by id.

        Only what was detected in this frame is returned, and that only once it is believed. The order of the detections
        does not matter. A time before the last one starts a new stream: no face of the old one is known any more.
        """
        self._forget(time)
        # Left to right, so that faces that appear together are numbered as they are read.
        rest = _left_to_right(each for each in detections if each.score >= self._keep_score)
        # What is already believed chooses first, so that no passing false alarm takes its detection away.
        for believed in (True, False):
            rest = self._follow(
                [trail for trail in self._trails if (trail.face_id is not None) == believed], rest, time
            )
        self._trails += [_Trail(detection, first=time, last=time) for detection in rest]
        self._time = time
        here = {id(detection) for detection in detections}
        seen = [trail for trail in self._trails if id(trail.detection) in here]
        for trail in seen:
            if trail.face_id is None and trail.convinces(self._start_score):
                self._count += 1
                trail.face_id = self._count
        tracks = [Track(trail.face_id, trail.detection) for trail in seen if trail.face_id is not None]
        return sorted(tracks, key=lambda track: track.face_id)

    def _forget(self, time: float) -> None:
        if time < self._time:
            self._trails = []
        self._trails = [
            trail
            for trail in self._trails
            if time - trail.last <= (_TENTATIVE_ABSENCE if trail.face_id is None else self._max_absence)
        ]

    def _follow(self, trails: list[_Trail], detections: list[Detection], time: float) -> list[Detection]:
        """Let ``trails`` take their detections; returns those that are left."""
        costs = np.empty((len(trails), len(detections)))
        for row, trail in enumerate(trails):
            expected = trail.expected(time)
            costs[row] = [trail.cost(detection, expected, time) for detection in detections]
        pairs = assign(costs)
        for row, column in pairs:
            trails[row].see(detections[column], time)
        taken = {column for _, column in pairs}
        return [detection for column, detection in enumerate(detections) if column not in taken]


def number_faces(detections: Iterable[Detection], least_score: float = STILL_SCORE) -> list[Track]:
    """The faces of a picture for itself: those from ``least_score`` up, numbered from 1, left to right."""
    believed = _left_to_right(each for each in detections if each.score >= least_score)
    return [Track(number, detection) for number, detection in enumerate(believed, start=1)]


def face_ids(*, still: bool, confidence: float | None = None) -> Callable[[Sequence[Detection], float], list[Track]]:
    """What gives the detections of a stream their ids: a tracker or, for ``still`` pictures, a count in each.

    ``confidence`` is the score from which a face is believed, instead of those that were measured to serve.
    """
    if still:
        least = STILL_SCORE if confidence is None else confidence
        return lambda detections, _: number_faces(detections, least)
    if confidence is None:
        return Tracker().update
    return Tracker(start_score=confidence, keep_score=min(confidence, KEEP_SCORE)).update


def _left_to_right(detections: Iterable[Detection]) -> list[Detection]:
    return sorted(detections, key=lambda each: (*each.box.tolist(), each.score))


def _center(detection: Detection) -> NDArray[np.float64]:
    return (detection.box[:2] + detection.box[2:] / 2).astype(np.float64)


def _width(detection: Detection) -> float:
    return max(float(detection.box[2]), 1.0)
