"""Episodes as a project of BORIS: Friard and Gamba, "BORIS: a free, versatile open-source event-logging software",
Methods in Ecology and Evolution, 2016.

BORIS imports no observations from CSV, so this is its own format, which it opens as it is: JSON, version 7.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from realtime.episodes import Episode, episode_labels
from realtime.sinks.media import Media

_FORMAT = "7.0"
_PLAYERS = tuple(str(number) for number in range(1, 9))


def boris_project(episodes: Sequence[Episode], classes: Sequence[str], path: Path, media: Media | None) -> bytes:
    """The project at ``path``: the faces are its subjects, the labels state events of its ethogram.

    It has one observation, named as the file. A state event is two events, one where it begins and one where it ends.
    """
    now = datetime.now().astimezone().replace(tzinfo=None).isoformat(timespec="milliseconds")
    faces = sorted({each.face_id for each in episodes})
    project = {
        "time_format": "hh:mm:ss",
        "project_date": now,
        "project_name": path.stem,
        "project_description": "Made by Mien",
        "project_format_version": _FORMAT,
        "subjects_conf": {
            str(i): {"key": "", "name": _subject(face), "description": ""} for i, face in enumerate(faces)
        },
        "behaviors_conf": {str(i): _behavior(label) for i, label in enumerate(episode_labels(classes))},
        "observations": {path.stem: _observation(episodes, path, media, now)},
        "behavioral_categories": [],
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    return json.dumps(project, indent=1, ensure_ascii=True).encode()


def _subject(face_id: int) -> str:
    return f"face {face_id}"


def _behavior(label: str) -> dict[str, object]:
    return {
        "type": "State event",
        "key": "",
        "code": label,
        "description": "",
        "color": "",
        "category": "",
        "modifiers": {},
        "excluded": "",
        "coding map": "",
    }


def _observation(episodes: Sequence[Episode], path: Path, media: Media | None, now: str) -> dict[str, object]:
    file = [] if media is None else [media.seen_from(path.parent)]
    return {
        "file": {player: file if player == "1" else [] for player in _PLAYERS},
        "type": "LIVE" if media is None else "MEDIA",
        "date": now,
        "description": "",
        "time offset": 0.0,
        "events": _events(episodes),
        "observation time interval": [0, 0],
        "independent_variables": {},
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "media_creation_date_as_offset": False,
        "media_scan_sampling_duration": 0,
        "image_display_duration": 1,
        "close_behaviors_between_videos": False,
        "media_info": {
            "length": {name: media.duration for name in file if media and media.duration},
            "fps": {name: media.fps for name in file if media and media.fps},
            "hasVideo": dict.fromkeys(file, True),
            "hasAudio": {name: media.sound for name in file if media},
            "offset": {"1": 0.0},
        },
    }


def _events(episodes: Sequence[Episode]) -> list[list[object]]:
    """Time in seconds, subject, code, modifier, comment and number of the frame, by time."""
    events = [
        (round(time, 3), begins, _subject(each.face_id), each.label)
        for each in episodes
        if round(each.start, 3) < round(each.end, 3)
        for time, begins in ((each.start, True), (each.end, False))
    ]
    # What ends comes before what begins at the same time.
    return [[time, subject, label, "", "", "NA"] for time, _, subject, label in sorted(events)]
