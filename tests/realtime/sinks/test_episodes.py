"""Files of episodes: a table for anything, and what ELAN and BORIS open."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import numpy as np
import pytest

from realtime.products import EpisodeFormat
from realtime.sinks import Media, open_episodes
from tests.realtime.sinks.made import CLASSES, Pair, face, pair, source_video

START = 2.0


def smiling() -> list[Pair]:
    """Two faces, ten frames a second: the first is neutral, smiles and goes on; the second comes later."""
    leads = "0001110000"
    return [
        pair(i, START + i / 10, [face(lead=int(lead)), *([face(12, lead=2)] if i >= 4 else [])])
        for i, lead in enumerate(leads)
    ]


def write(path: Path, kind: EpisodeFormat, pairs: Sequence[Pair] | None = None, media: Media | None = None) -> Path:
    with open_episodes(path, CLASSES, kind, media) as sink:
        for frame, reading in smiling() if pairs is None else pairs:
            sink.write(frame, reading)
    return path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    folder = tmp_path / "the recordings & more"
    folder.mkdir()
    return source_video(folder / "müde 1.mp4", "mp4", sound="aac")


def test_the_table_has_a_row_for_each_episode_on_the_clock_of_the_readings(tmp_path: Path) -> None:
    with write(tmp_path / "e.csv", "csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["face_id"], row["label"], float(row["start_s"]), float(row["end_s"])) for row in rows] == [
        ("1", "neutral", 2.0, 2.3),
        ("1", "happiness", 2.3, 2.6),
        ("1", "neutral", 2.6, 3.0),
        ("12", "pain, mild", 2.4, 3.0),
    ]
    assert {key: rows[2][key] for key in ("duration_s", "frames", "mean_probability", "peak_probability")} == {
        "duration_s": "0.4",
        "frames": "4",
        "mean_probability": "0.8",
        "peak_probability": "0.8",
    }


def annotations(path: Path) -> dict[str, list[tuple[int, int, str | None]]]:
    """What ELAN would show: of each tier the annotations, in milliseconds."""
    root = ElementTree.parse(path).getroot()  # noqa: S314 - it was written here
    slots = {each.attrib["TIME_SLOT_ID"]: int(each.attrib["TIME_VALUE"]) for each in root.iter("TIME_SLOT")}
    assert list(slots.values()) == sorted(slots.values())
    return {
        tier.attrib["TIER_ID"]: [
            (
                slots[each.attrib["TIME_SLOT_REF1"]],
                slots[each.attrib["TIME_SLOT_REF2"]],
                each.findtext("ANNOTATION_VALUE"),
            )
            for each in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for tier in root.iter("TIER")
    }


def test_elan_shows_a_tier_for_each_face_from_the_first_frame(tmp_path: Path) -> None:
    assert annotations(write(tmp_path / "e.eaf", "elan")) == {
        "face 1": [(0, 300, "neutral"), (300, 600, "happiness"), (600, 1000, "neutral")],
        "face 12": [(400, 1000, "pain, mild")],
    }


def test_elan_gets_its_parts_in_the_order_of_its_schema(tmp_path: Path) -> None:
    root = ElementTree.parse(write(tmp_path / "e.eaf", "elan")).getroot()  # noqa: S314
    assert root.tag == "ANNOTATION_DOCUMENT"
    assert (root.attrib["FORMAT"], root.attrib["VERSION"]) == ("3.0", "3.0")
    assert [each.tag for each in root] == ["HEADER", "TIME_ORDER", "TIER", "TIER", "LINGUISTIC_TYPE"]
    types = {each.attrib["LINGUISTIC_TYPE_ID"] for each in root.iter("LINGUISTIC_TYPE")}
    assert {each.attrib["LINGUISTIC_TYPE_REF"] for each in root.iter("TIER")} == types
    names = [each.attrib["ANNOTATION_ID"] for each in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(set(names)) == len(names) == 4


def test_elan_finds_the_video(tmp_path: Path, video: Path) -> None:
    path = write(tmp_path / "e.eaf", "elan", media=Media.of(video))
    (link,) = ElementTree.parse(path).getroot().iter("MEDIA_DESCRIPTOR")  # noqa: S314
    assert link.attrib["MEDIA_URL"] == f"file:///{video.as_posix().removeprefix('/')}"
    assert (path.parent / link.attrib["RELATIVE_MEDIA_URL"]).samefile(video)
    assert link.attrib["MIME_TYPE"] == "video/mp4"


def test_elan_gets_no_character_that_xml_has_not(tmp_path: Path) -> None:
    names = ("a\x01 & <b>", *CLASSES[1:])
    with open_episodes(tmp_path / "e.eaf", names, "elan") as sink:
        for frame, reading in smiling():
            sink.write(frame, type(reading)(reading.index, reading.time, names, reading.faces))
    assert annotations(tmp_path / "e.eaf")["face 1"][0][2] == "a\ufffd & <b>"


def project(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_boris_gets_a_state_event_for_each_episode(tmp_path: Path) -> None:
    found = project(write(tmp_path / "talk.boris", "boris"))
    events = found["observations"]["talk"]["events"]
    assert [event[:3] for event in events if event[1] == "face 1"] == [
        [0.0, "face 1", "neutral"],
        [0.3, "face 1", "neutral"],
        [0.3, "face 1", "happiness"],
        [0.6, "face 1", "happiness"],
        [0.6, "face 1", "neutral"],
        [1.0, "face 1", "neutral"],
    ]
    assert [event[0] for event in events] == sorted(event[0] for event in events)
    assert {each["name"] for each in found["subjects_conf"].values()} == {"face 1", "face 12"}
    behaviors = found["behaviors_conf"].values()
    assert [each["code"] for each in behaviors] == [*CLASSES, "unsure"]
    assert {each["type"] for each in behaviors} == {"State event"}


def test_boris_finds_the_video(tmp_path: Path, video: Path) -> None:
    path = write(tmp_path / "talk.boris", "boris", media=Media.of(video))
    observation = project(path)["observations"]["talk"]
    (name,) = observation["file"]["1"]
    assert (path.parent / name).samefile(video)
    assert observation["type"] == "MEDIA"
    assert observation["media_info"]["length"][name] == pytest.approx(2, abs=0.1)
    assert observation["media_info"]["fps"][name] == 25
    assert observation["media_info"]["hasAudio"][name] is True
    assert project(write(tmp_path / "live.boris", "boris"))["observations"]["live"]["type"] == "LIVE"


def test_players_count_from_the_beginning_of_the_file(tmp_path: Path, video: Path) -> None:
    """In a transport stream all times are late, and the sound may come before the picture."""
    late = tmp_path / "late.ts"
    with av.open(str(video)) as source, av.open(str(late), "w", format="mpegts") as copied:
        picture, sound = source.streams.video[0], source.streams.audio[0]
        into = {each.index: copied.add_stream_from_template(each) for each in (picture, sound)}
        for packet in source.demux(picture, sound):
            if packet.dts is None or packet.pts is None:
                continue
            if packet.stream is picture:
                delay = round(0.5 / float(packet.time_base))
                packet.pts, packet.dts = packet.pts + delay, packet.dts + delay
            packet.stream = into[packet.stream.index]
            copied.mux(packet)
    media = Media.of(late)
    assert media is not None
    with av.open(str(late)) as found:
        first = next(found.decode(video=0)).time
    assert first is not None
    assert first - media.start == pytest.approx(0.5, abs=0.06)
    pairs = [pair(i, first + i / 10, [face()]) for i in range(5)]
    ((begin, _, _),) = annotations(write(tmp_path / "e.eaf", "elan", pairs, media))["face 1"]
    assert begin == pytest.approx(1000 * (first - media.start), abs=1)


def test_what_is_no_file_is_no_media(tmp_path: Path) -> None:
    (tmp_path / "letter.mp4").write_text("Dear diary")
    assert Media.of(tmp_path / "letter.mp4") is None
    assert Media.of(tmp_path / "nowhere.mp4") is None


@pytest.mark.parametrize("kind", ["csv", "elan", "boris"])
def test_a_run_without_a_face_has_a_file_too(kind: EpisodeFormat, tmp_path: Path) -> None:
    path = write(tmp_path / "e", kind, [pair(0, 0.0), pair(1, 0.1)])
    assert path.stat().st_size > 0
    if kind == "elan":
        assert annotations(path) == {}


def test_an_episode_of_less_than_a_millisecond_is_none_to_elan_and_boris(tmp_path: Path) -> None:
    pairs = [pair(0, 0.0, [face()]), pair(1, 0.0002), pair(2, 1.0)]
    assert annotations(write(tmp_path / "e.eaf", "elan", pairs)) == {}
    assert project(write(tmp_path / "e.boris", "boris", pairs))["observations"]["e"]["events"] == []


def test_many_episodes_of_many_faces_are_all_there(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    pairs = [
        pair(i, i / 4, [face(n, lead=int(chance.integers(3))) for n in range(1, 5)], size=(2, 2)) for i in range(200)
    ]
    with write(tmp_path / "e.csv", "csv", pairs).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(float(row["duration_s"]) for row in rows) == pytest.approx(4 * 50, abs=1e-3)
    assert sum(len(each) for each in annotations(write(tmp_path / "e.eaf", "elan", pairs)).values()) == len(rows)
