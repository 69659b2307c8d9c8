"""Detection: one contract for every detector, how auto shares the work out, and what the clips show."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.assets import Assets, Watch
from engines.errors import EngineUnavailable, ModelError
from realtime.boxes import iou, same_face, without_duplicates
from realtime.detector import AutoDetector, Detector, DetectorKind, TiledDetector, agree, make_detector, open_finder
from realtime.mediapipe_faces import SHORT
from realtime.records import Detection
from realtime.tiles import tiles_of
from realtime.tracker import Tracker, number_faces
from tests.realtime.faces import face, portrait

KINDS: tuple[DetectorKind, ...] = ("short", "full", "auto", "tiled")
_ROOT = Path(__file__).resolve().parents[2]
EYES = np.array([[229, 189], [302, 190]])
"""Where the portrait's right and left eye lie, in pixels."""


@pytest.fixture(scope="module", params=KINDS)
def detector(request: pytest.FixtureRequest) -> Iterator[Detector]:
    with make_detector(request.param, assets=Assets.from_environment()) as made:
        yield made


def scene(width: int) -> NDArray[np.uint8]:
    """A picture uint8 ``[720, 1280, 3]`` with the portrait ``width`` pixels wide at its left."""
    picture = np.full((720, 1280, 3), 120, np.uint8)
    height = width * 600 // 512
    small = cv2.resize(portrait(), (width, height), interpolation=cv2.INTER_AREA)
    picture[100 : 100 + height, 50 : 50 + width] = small[:620]
    return picture


def test_a_portrait_is_found_once_with_its_eyes(detector: Detector) -> None:
    (found,) = detector.detect(portrait(), 0.0)
    assert found.score > 0.7
    assert np.abs(found.keypoints[:2] - EYES).max() < 15
    x, y, width, height = found.box.tolist()
    assert width == pytest.approx(height, rel=0.01)
    assert x < EYES[0, 0] < EYES[1, 0] < x + width
    assert y < EYES[0, 1] < y + height


def test_a_portrait_is_found_in_a_picture_that_is_not_contiguous(detector: Detector) -> None:
    (found,) = detector.detect(portrait()[:, ::-1], 0.0)
    assert abs(found.keypoints[0, 0] - (511 - EYES[1, 0])) < 15


def test_empty_pictures_hold_no_face(detector: Detector) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 640, 3), np.uint8)
    for picture in (np.zeros((360, 640, 3), np.uint8), np.full((1, 1, 3), 200, np.uint8), noise):
        assert number_faces(detector.detect(picture, 0.0)) == []


@pytest.mark.parametrize(
    "picture", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.float32), np.zeros((0, 9, 3), np.uint8)]
)
def test_what_is_no_picture_is_refused(detector: Detector, picture: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="image: expected uint8"):
        detector.detect(picture, 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_detector_says_so(kind: DetectorKind) -> None:
    detector = make_detector(kind, assets=Assets.from_environment())
    assert detector.name == kind
    detector.close()
    detector.close()
    with pytest.raises(EngineUnavailable, match="closed"):
        detector.detect(portrait(), 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_below_the_confidence_is_reported(kind: DetectorKind) -> None:
    with make_detector(kind, confidence=0.999, assets=Assets.from_environment()) as detector:
        assert detector.detect(portrait(), 0.0) == []


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0])
def test_an_impossible_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        make_detector("auto", confidence=confidence, assets=Assets.from_environment())


def test_a_damaged_model_file_is_named(tmp_path: Path) -> None:
    class Damaged(Assets):
        def path(self, name: str, watch: Watch = Watch()) -> Path:  # noqa: ARG002, B008 - as it is there
            file = tmp_path / name
            file.write_bytes(b"not a model")
            return file

    with pytest.raises(ModelError, match=r"cannot load the face detector .*detector-full"):
        make_detector("full", assets=Damaged())


def test_both_models_frame_a_face_alike() -> None:
    boxes = []
    for kind in ("short", "full"):
        with make_detector(kind, assets=Assets.from_environment()) as detector:
            boxes.append(detector.detect(portrait(), 0.0)[0].box)
    assert iou(*boxes) > 0.8


@pytest.mark.parametrize(("kind", "seen"), [("auto", False), ("tiled", True)])
def test_tiled_sees_who_comes_in_too_small_for_the_whole_picture(kind: DetectorKind, seen: bool) -> None:
    empty = np.full((1080, 1920, 3), 120, np.uint8)
    picture = empty.copy()
    picture[40:157, 50:150] = cv2.resize(portrait(), (100, 117), interpolation=cv2.INTER_AREA)
    tracker = Tracker()
    with make_detector(kind, assets=Assets.from_environment()) as detector:
        detector.detect(empty, 0.0)
        tracks = [tracker.update(detector.detect(picture, time), time) for time in (1.0, 1.1)]
    assert [len(each) for each in tracks] == [seen, seen]


def test_auto_sees_the_face_at_the_desk_and_the_one_at_the_back() -> None:
    with make_detector("auto", assets=Assets.from_environment()) as detector:
        for width in (500, 180):
            (track,) = number_faces(detector.detect(scene(width), 0.0))
            assert track.detection.keypoints[0] == pytest.approx(EYES[0] * width / 512 + (50, 100), abs=0.06 * width)


def test_a_face_that_is_hardly_seen_is_looked_at_closer_in_a_picture_for_itself() -> None:
    with make_detector("full", assets=Assets.from_environment()) as plain:
        assert number_faces(plain.detect(scene(110), 0.0)) == []
    with make_detector("auto", assets=Assets.from_environment()) as detector:
        (track,) = number_faces(detector.detect(scene(110), 0.0))
    assert track.detection.keypoints[:2] == pytest.approx(EYES * 110 / 512 + (50, 100), abs=3)


def test_nothing_is_written_to_the_error_stream(capfd: pytest.CaptureFixture[str]) -> None:
    with make_detector("auto", assets=Assets.from_environment()) as detector:
        detector.detect(portrait(), 0.0)
    assert capfd.readouterr() == ("", "")


_WITHOUT_MEDIAPIPE = """
import sys
from engines.assets import Assets, Watch
from realtime.detector import make_detector
from tests.realtime.faces import portrait

with make_detector("auto", assets=Assets.from_environment()) as detector:
    assert len(detector.detect(portrait(), 0.0)) == 1
sys.exit("mediapipe" in sys.modules)
"""


def test_a_face_is_found_without_mediapipe() -> None:
    assert subprocess.run([sys.executable, "-c", _WITHOUT_MEDIAPIPE], cwd=_ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("missing", "runs"),
    [((), "openvino"), (("openvino",), "onnxruntime"), (("openvino", "onnxruntime"), "mediapipe")],
)
def test_what_is_missing_is_made_up_for(missing: tuple[str, ...], runs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    finder = open_finder(SHORT, 0.5, Assets.from_environment())
    try:
        assert finder.engine == runs
        assert len(finder.find(portrait())) == 1
    finally:
        finder.close()


def test_mediapipes_package_is_told_of_once_with_every_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("openvino", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, None)
    lines: list[str] = []
    with make_detector("auto", assets=Assets.from_environment(), notice=lines.append) as detector:
        assert detector.engine == "mediapipe"
    (line,) = lines
    assert "MediaPipe" in line
    assert "OpenVINO cannot be loaded" in line
    assert "ONNX Runtime cannot be loaded" in line
    assert "\n" not in line


def test_an_engine_in_its_place_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    lines: list[str] = []
    with make_detector("tiled", assets=Assets.from_environment(), notice=lines.append) as detector:
        assert detector.engine == "onnxruntime"
    assert lines == []


def test_models_on_two_engines_are_both_named() -> None:
    assert AutoDetector(Scripted("short", engine="a"), Scripted("full", engine="b")).engine == "a and b"


@dataclass
class Scripted:
    """A model that finds what it is told to, and counts how often it was asked."""

    name: str
    faces: list[Detection] = field(default_factory=list)
    asked: int = 0
    engine: str = "script"

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:  # noqa: ARG002
        self.asked += 1
        return self.faces

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        return [self.find(image) for image in images]

    def close(self) -> None:
        self.faces = []


@dataclass
class Closer(Scripted):
    """Sees nothing in a whole picture, and in the middle of every closeup a face as large as was thought."""

    score: float = 0.9

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        return [face(128, 128, 102.4, score=self.score)] if image.shape == (256, 256, 3) else []


@pytest.fixture
def auto() -> tuple[Scripted, Scripted, Callable[[float], list[Detection]]]:
    short, full = Scripted("short"), Scripted("full")
    detector = AutoDetector(short, full)
    return short, full, lambda time: detector.detect(np.zeros((4, 4, 3), np.uint8), time)


Auto = tuple[Scripted, Scripted, Callable[[float], list[Detection]]]


def test_a_face_at_the_desk_costs_full_range_five_looks_a_second(auto: Auto) -> None:
    short, full, detect = auto
    short.faces = full.faces = [face(300, 300)]
    for frame in range(101):
        detect(frame / 100)
    assert short.asked == 101
    assert 5 <= full.asked <= 6


def test_an_empty_room_costs_full_range_five_looks_a_second(auto: Auto) -> None:
    _, full, detect = auto
    for frame in range(101):
        detect(frame / 100)
    assert 5 <= full.asked <= 6


def test_a_face_that_only_full_range_sees_is_there_on_every_frame(auto: Auto) -> None:
    short, full, detect = auto
    short.faces, full.faces = [face(300, 300)], [face(800, 200, 40, score=0.7)]
    assert all(len(detect(frame / 30)) == 2 for frame in range(30))


def test_full_range_looks_at_once_where_short_range_loses_a_face(auto: Auto) -> None:
    short, full, detect = auto
    short.faces = full.faces = [face(300, 300)]
    detect(0.0)
    short.faces = []
    assert len(detect(0.03)) == 1


def test_between_two_looks_at_everything_only_the_tile_with_the_face_is_looked_at() -> None:
    class Counting(Scripted):
        batches: ClassVar[list[int]] = []

        def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
            self.batches.append(len(images))
            return [self.faces, *([] for _ in images[1:])]

    full = Counting("full", [face(1000, 200, 40, score=0.6)])
    detector = TiledDetector(Closer("short"), full)
    for frame in range(13):
        assert len(detector.detect(np.zeros((720, 1280, 3), np.uint8), frame / 30)) == 1
    everything = 1 + len(tiles_of(720, 1280))
    assert full.batches == [everything, *[2] * 5, everything, *[2] * 5, everything]


def test_a_known_small_face_stays_where_a_closeup_misses_it() -> None:
    short = Closer("short")
    detector = TiledDetector(short, Scripted("full", [face(200, 200, 40, score=0.6)]))
    scores = []
    for frame in range(3):
        (seen,) = detector.detect(np.zeros((360, 400, 3), np.uint8), float(frame))
        scores.append(seen.score)
        short.score = 0.1
    assert scores == pytest.approx([0.9, 0.6, 0.6])


def test_pictures_for_themselves_are_seen_by_both(auto: Auto) -> None:
    short, full, detect = auto
    short.faces = [face(300, 300)]
    for _ in range(4):
        detect(0.0)
    assert full.asked == 4


@pytest.mark.parametrize("time", [7.0, 13.0], ids=["back", "forward"])
def test_after_a_leap_a_frame_is_looked_at_as_closely_as_the_first(time: float) -> None:
    short, full = Scripted("short"), Scripted("full", [face(300, 300, score=0.2)])
    detector = AutoDetector(short, full)
    looks = []
    for moment in (10.0, time, time + 0.1):
        before = short.asked
        detector.detect(np.zeros((720, 1280, 3), np.uint8), moment)
        looks.append(short.asked - before)
    assert looks == [looks[0], looks[0], 1]
    assert looks[0] > 1


def test_a_stream_is_not_looked_at_closer() -> None:
    short, full = Scripted("short"), Scripted("full", [face(300, 300, score=0.2)])
    detector = AutoDetector(short, full)
    picture = np.zeros((720, 1280, 3), np.uint8)
    assert detector.detect(picture, 0.0) == []
    asked = short.asked
    assert all(detector.detect(picture, frame / 30) == [] for frame in range(1, 31))
    assert short.asked == asked + 30


@pytest.mark.parametrize(("score", "found"), [(0.9, 0.9), (0.71, 0.65), (0.5, 0.5)])
def test_what_a_closeup_shows_clearly_is_surer_and_what_it_does_not_less_sure(score: float, found: float) -> None:
    detector = AutoDetector(Closer("short", score=score), Scripted("full", [face(300, 300, score=0.65)]))
    (seen,) = detector.detect(np.zeros((720, 1280, 3), np.uint8), 0.0)
    assert seen.score == pytest.approx(found)


def test_agreement_makes_surer_and_short_range_has_the_box_where_it_is_sure() -> None:
    far = face(305, 300, 90, score=0.6)
    (sure,) = agree([face(300, 300, score=0.8)], [far])
    assert sure.score == pytest.approx(0.92)
    assert sure.box.tolist() == face(300, 300).box.tolist()
    (unsure,) = agree([face(300, 300, score=0.5)], [far])
    assert unsure.score == pytest.approx(0.8)
    assert unsure.box.tolist() == far.box.tolist()


def test_a_box_within_another_does_not_vouch_for_it() -> None:
    (found,) = agree([face(300, 300, 150, score=0.61)], [face(310, 310, 60, score=0.57)])
    assert found.score == pytest.approx(0.61)


@st.composite
def some_faces(draw: st.DrawFn) -> list[Detection]:
    place, score = st.floats(0, 200), st.floats(0.3, 1.0)
    return [
        face(draw(place), draw(place), draw(st.floats(10, 120)), score=draw(score))
        for _ in range(draw(st.integers(0, 6)))
    ]


@settings(max_examples=50, deadline=None)
@given(short=some_faces(), full=some_faces())
def test_each_face_is_reported_once_best_first(short: list[Detection], full: list[Detection]) -> None:
    for faces in (without_duplicates(short), agree(without_duplicates(short), without_duplicates(full))):
        assert [each.score for each in faces] == sorted((each.score for each in faces), reverse=True)
        assert not any(same_face(a, b) for index, a in enumerate(faces) for b in faces[:index])
    assert bool(short or full) == bool(agree(without_duplicates(short), without_duplicates(full)))


def tracks_in(clip: Path) -> list[tuple[float, list[int]]]:
    """Time and face ids of every frame, with the default detector and tracker."""
    tracker, seen = Tracker(), []
    with make_detector("auto", assets=Assets.from_environment()) as detector, av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            time = float(frame.time or 0.0)
            picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            seen.append((time, [track.face_id for track in tracker.update(detector.detect(picture, time), time)]))
    return seen


@pytest.mark.shared
def test_a_cartoon_holds_no_face(shared_data: Path) -> None:
    assert not any(ids for _, ids in tracks_in(shared_data / "clips" / "no_face.mp4"))


@pytest.mark.shared
@pytest.mark.parametrize("clip", ["WolfgangLanger_Pexels.mp4", "single_face.mp4"])
def test_one_face_throughout_is_one_track(shared_data: Path, clip: str) -> None:
    seen = tracks_in(shared_data / "clips" / clip)
    assert sum(ids == [1] for _, ids in seen) >= 0.95 * len(seen)
    assert all(ids in ([], [1]) for _, ids in seen)


@pytest.mark.shared
def test_a_face_is_seen_only_while_it_is_there(shared_data: Path) -> None:
    seen = tracks_in(shared_data / "clips" / "face_noface.mov")
    assert all(ids == ([1] if time < 2.38 else []) for time, ids in seen)


@pytest.mark.shared
def test_a_group_is_seen_as_five(shared_data: Path) -> None:
    picture = cv2.imread(str(shared_data / "clips" / "multi_face.jpg"), cv2.IMREAD_COLOR_RGB)
    assert picture is not None
    with make_detector("auto", assets=Assets.from_environment()) as detector:
        tracks = number_faces(detector.detect(np.asarray(picture, np.uint8), 0.0))
    assert [track.face_id for track in tracks] == [1, 2, 3, 4, 5]
