"""The page: what it says, that it is whole in itself, and that it stays small."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.assets import Assets
from engines.errors import OutputError
from realtime.analysis import analyze
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.records import KEYPOINTS, Face, Frame, Reading
from realtime.report import Report
from realtime.report.bins import MOST, Bins
from realtime.report.moments import Moments
from realtime.report.timeline import draw_timeline, minutes
from tests.realtime.faces import portrait
from tests.realtime.sources.helpers import write_picture

CLASSES = ("neutral", "happiness", "<script>alert(1)</script>")
_IMAGE = np.full((120, 160, 3), 128, np.uint8)


def _face(face_id: int, probabilities: Sequence[float], *, width: float = 60, uncertainty: float = 0.1) -> Face:
    box = np.array([20, 20, width, width], np.float32)
    points = np.zeros((KEYPOINTS, 2), np.float32)
    return Face(face_id, box, points, 0.9, np.array(probabilities, np.float32), uncertainty)


def _write(
    path: Path, items: Iterable[tuple[float, Sequence[Face]]], *, still: bool = False, complete: bool = True
) -> str:  # fmt: skip
    about = {"source": "/secret/folder/talk & walk.mp4", "model": "mien-s", "smoothing_s": 0.3}
    report = Report(path, CLASSES, about, still=still)
    for index, (time, faces) in enumerate(items):
        report.write(Frame(_IMAGE, index, time, f"{index}.png"), Reading(index, time, CLASSES, tuple(faces)))
    report.close(complete=complete)
    return path.read_text(encoding="utf-8")


class _Balanced(HTMLParser):
    """Fails on a tag that is not closed, and keeps what is linked to."""

    _VOID = frozenset({"meta", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _check(page: str) -> None:
    parser = _Balanced()
    parser.feed(page)
    assert parser.open == []
    assert all(link.startswith("data:image/jpeg;base64,") for link in parser.links)
    assert "http" not in page
    assert "/secret" not in page


def test_a_page_says_who_showed_what_and_needs_nothing_beside_it(tmp_path: Path) -> None:
    items = [(i / 25, [_face(1, (0.1, 0.9, 0) if i < 75 else (0.8, 0.2, 0))]) for i in range(100)]
    page = _write(tmp_path / "it.html", items)
    _check(page)
    assert "One face, seen for 4.0 s: mostly happiness (75 %), then neutral (25 %)." in page
    assert "talk &amp; walk.mp4" in page
    assert "A face was found in 100 of 100 frames (100 %)" in page
    assert page.count("<figure>") == 3
    assert "mien-s" in page


def test_names_are_never_taken_for_html(tmp_path: Path) -> None:
    page = _write(tmp_path / "it.html", [(0.0, [_face(1, (0, 0, 1))]), (0.1, [_face(1, (0, 0, 1))])])
    _check(page)
    assert "&lt;script&gt;" in page


def test_what_is_unsure_counts_as_no_expression(tmp_path: Path) -> None:
    items = [(i / 10, [_face(1, (0.4, 0.3, 0.3), uncertainty=0.9, width=30)]) for i in range(20)]
    page = _write(tmp_path / "it.html", items)
    assert "mostly unsure (100 %)" in page
    assert "<figure>" not in page
    assert "100 % of the readings are of faces less than 48 pixels wide" in page
    assert "Take these readings with care." in page


def test_nothing_to_report_is_a_page_too(tmp_path: Path) -> None:
    page = _write(tmp_path / "it.html", [(0.0, []), (0.04, [])], complete=False)
    _check(page)
    assert "No face was found." in page
    assert "broken off" in page


def test_pictures_have_no_timeline_and_moments_name_their_files(tmp_path: Path) -> None:
    page = _write(tmp_path / "it.html", [(0.0, [_face(i, (0, 1, 0))]) for i in range(3)], still=True)
    _check(page)
    assert "<svg" not in page
    assert "3 faces in 3 of 3 pictures: mostly happiness (100 %)." in page
    assert "0.png" in page


def test_of_pictures_every_face_counts_once_whatever_its_number(tmp_path: Path) -> None:
    glad, calm = (0.45, 0.55, 0.0), (1.0, 0.0, 0.0)
    pictures = [(0.0, [_face(1, glad if i < 6 else calm)]) for i in range(9)]
    crowd = [(0.0, [_face(i, (0, 1, 0), uncertainty=0.9) for i in range(2, 22)])]
    page = _write(tmp_path / "it.html", pictures, still=True)
    assert "9 faces in 9 of 9 pictures: mostly happiness (67 %), then neutral (33 %)." in page
    assert "of the faces" in page
    assert "of the time" not in page
    page = _write(tmp_path / "it.html", [*pictures, *crowd], still=True)
    assert "29 faces in 10 of 10 pictures: mostly unsure (69 %), then happiness (21 %)." in page


def test_a_page_names_the_settings_and_the_words_that_were_chosen(tmp_path: Path) -> None:
    about = {"model": "mien-s", "least_score": 0.7, "neutral_s": 2.0, "smoothing_s": 0.0, "blurred": True}
    words = {"calm": ("a calm face", "eyes <half> closed"), "joy": ("a laugh",)}
    with Report(tmp_path / "it.html", tuple(words), about, still=False, words=words):
        pass
    page = (tmp_path / "it.html").read_text(encoding="utf-8")
    _check(page)
    named = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert named["Score from which a face is believed"] == "0.7"
    assert named["Faces blurred"] == "yes"
    assert named["Words for calm"] == "a calm face; eyes &lt;half&gt; closed"
    assert named["Words for joy"] == "a laugh"
    assert {"2.0", "0.0"} < set(named.values())


def test_the_page_of_a_run_names_its_own_words(assets: Assets, tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", portrait())
    (tmp_path / "words.toml").write_text('[classes]\ncalm = "a calm face"\njoy = "a laugh"\n')
    options = Options(tmp_path / "a.png", detector="short", prompts=tmp_path / "words.toml", assets=assets)
    outputs, products = Outputs(tmp_path, "it"), Products(annotate=False, blur=True)
    analyze(options, outputs, products, notice=lambda _: None, follow=lambda _, items: items)
    page = outputs.report.read_text(encoding="utf-8")
    assert "<dt>Words for joy</dt><dd>a laugh</dd>" in page
    assert "<dt>Faces blurred</dt><dd>yes</dd>" in page


def test_of_a_crowd_the_longest_seen_are_shown_and_the_rest_are_counted(tmp_path: Path) -> None:
    items = [(i / 10, [_face(0, (0, 1, 0)), _face(i + 1, (1, 0, 0))]) for i in range(200)]
    page = _write(tmp_path / "it.html", items)
    assert "201 faces. Face 0 was seen longest, for 20.0 s: mostly happiness (100 %)." in page
    assert page.count("<svg") == 12
    assert "189 more were seen" in page


def test_two_hours_take_no_more_room_than_two_minutes(tmp_path: Path) -> None:
    def items(seconds: int) -> Iterable[tuple[float, Sequence[Face]]]:
        return ((t, [_face(1, (abs(np.sin(t)), 1 - abs(np.sin(t)), 0))]) for t in np.arange(0, seconds, 0.5))

    short, long = (len(_write(tmp_path / f"{s}.html", items(s))) for s in (120, 7200))
    assert long < 4 * short


def test_other_classes_are_refused(tmp_path: Path) -> None:
    with Report(tmp_path / "it.html", CLASSES, {}, still=False) as report, pytest.raises(OutputError, match="classes"):
        report.write(Frame(_IMAGE, 0, 0.0), Reading(0, 0.0, ("a", "b"), ()))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 50_000), min_size=1, max_size=80))
def test_bins_keep_every_reading_whatever_the_times(times: list[float]) -> None:
    bins = Bins(2, 0.0)
    for time in sorted(times):
        bins.add(time, np.array([0.25, 0.75], np.float32), unsure=time > 100)
    seen = list(bins)
    assert bins.frames == len(times)
    assert len(seen) <= MOST
    assert all(each.probabilities == pytest.approx([0.25, 0.75]) for each in seen)
    assert all(one.end <= other.start + 1e-6 for one, other in pairwise(seen))
    assert all(any(each.start - 1e-3 <= time < each.end + 1e-3 for each in seen) for time in times)


def test_the_strongest_moments_are_apart_and_few() -> None:
    moments = Moments(still=False)
    for i in range(300):
        lead = 0.5 + 0.4 * abs(np.sin(i / 20))
        reading = Reading(i, i / 10, CLASSES, (_face(1, (1 - lead, lead, 0)),))
        moments.add(Frame(_IMAGE, i, i / 10), reading)
    found = [each for each in moments if each.label == "happiness"]
    assert len(found) == 2
    assert found[1].time - found[0].time >= 2
    assert min(each.probability for each in found) > 0.85
    assert all(each.picture.startswith(b"\xff\xd8") for each in found)


def test_the_timeline_is_sound_svg_within_its_box() -> None:
    bins = Bins(3, 5.0)
    for i in range(100):
        if not 30 <= i < 60:  # away for three seconds
            bins.add(5 + i / 10, np.array([0.2, 0.3, 0.5], np.float32), unsure=i > 80)
    drawing = draw_timeline(bins, CLASSES, 5.0, 15.0, "a &lt;title&gt;")
    root = ET.fromstring(drawing)  # noqa: S314 - our own
    paths = [each.attrib["d"] for each in root if each.tag == "path"]
    assert len(paths) == 2 * len(CLASSES)
    numbers = [float(number) for path in paths for number in re.findall(r"[\d.]+", path)]
    assert min(numbers) >= 0
    assert max(numbers) <= 900


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (59.6, "1:00"), (125, "2:05"), (3600, "1:00:00"), (7325, "2:02:05")]
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert minutes(seconds) == said
