"""The measurement on photographs: where it puts a face, whom it draws, and what it counts."""

import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.assets import Assets
from realtime.options import Options
from realtime.records import UNKNOWN_POINTS, Face, Reading

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from measure_photographs import MISSED, Outcome, Photograph, drawn, judged, measure, pasted, split, tally, wilson
from split_photographs import divide

PHOTOGRAPH = np.full((120, 100, 3), 250, np.uint8)
PLACE = np.array([300.0, 200.0, 200.0, 240.0])


@pytest.mark.parametrize("seed", range(5))
def test_a_photograph_lies_where_the_scene_says(seed: int) -> None:
    picture, place = pasted(PHOTOGRAPH, 200, "plain", seed)
    assert picture.shape == (720, 1280, 3)
    rows, columns = np.nonzero(picture[..., 0] == 250)
    assert [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1] == place.tolist()
    assert place[2:].tolist() == [200, 240]


def test_a_scene_is_the_same_at_every_run_and_each_is_another() -> None:
    again = [pasted(PHOTOGRAPH, 200, "room", seed) for seed in (1, 1, 2)]
    assert np.array_equal(again[0][0], again[1][0])
    assert again[0][1].tolist() != again[2][1].tolist()


def test_a_tall_photograph_fits_the_scene() -> None:
    _, place = pasted(np.zeros((400, 50, 3), np.uint8), 200, "plain", 0)
    assert place[3] == 720


def _face(x: float, y: float, best: int, score: float) -> Face:
    row = np.eye(2, dtype=np.float32)[best]
    return Face(1, np.array([x - 50, y - 50, 100, 100], np.float32), UNKNOWN_POINTS, score, row, 0.0)


@pytest.mark.parametrize(
    ("faces", "read", "beside"),
    [
        ((), MISSED, 0),
        ((_face(900, 600, 0, 0.9),), MISSED, 1),
        ((_face(400, 320, 1, 0.7), _face(410, 330, 0, 0.8), _face(40, 40, 1, 0.9)), "neutral", 1),
    ],
)
def test_the_surest_face_in_the_photograph_is_what_counts(faces: tuple[Face, ...], read: str, beside: int) -> None:
    photograph = Photograph("a.jpg", "happiness", PHOTOGRAPH)
    outcome = judged(photograph, PLACE, Reading(0, 0.0, ("neutral", "happiness"), faces))
    assert (outcome.read, outcome.beside, outcome.grey) == (read, beside, True)


def test_what_is_not_found_is_wrong() -> None:
    rows = [("neutral", "neutral"), ("neutral", MISSED), ("happiness", "happiness"), ("happiness", "anger")]
    outcomes = [Outcome("a.jpg", label, label == "neutral", read, 0.9, 0) for label, read in rows]
    figures = tally([*outcomes, outcomes[2], outcomes[2]])
    shares = {name: figures[name]["share"] for name in ("found", "neutral", "happiness", "mean", "total")}  # type: ignore[index]
    assert shares == pytest.approx(
        {"found": 5 / 6, "neutral": 1 / 2, "happiness": 3 / 4, "mean": 5 / 8, "total": 4 / 6}
    )
    assert figures["read as"] == {"neutral": {"neutral": 1, MISSED: 1}, "happiness": {"happiness": 3, "anger": 1}}
    assert set(split(outcomes)) == {"all", "grey", "colour"}
    assert set(split(outcomes[:2])) == {"all", "grey"}


def test_the_interval_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 5)[1] == 1.0


def test_people_are_learned_from_or_measured_on_never_both(tmp_path: Path) -> None:
    jpeg = cv2.imencode(".jpg", PHOTOGRAPH)[1].tobytes()
    names = [f"person {number % 40}" for number in range(80)]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        rows = [f"{number}.jpg,{name},neutral,lfw" for number, name in enumerate(names)]
        archive.writestr("labels.csv", "\n".join(["file,identity,label,source", *rows]))
        for number in range(80):
            archive.writestr(f"images/{number}.jpg", jpeg)
    counts = divide(tmp_path / "all.zip", tmp_path)
    learned = {names[int(path.stem)] for path in (tmp_path / "learn").iterdir()}
    measured = drawn(tmp_path / "held.zip", 80)
    assert counts == (80 - len(measured), len(measured))
    assert len(measured) > 4
    assert not learned & {names[int(Path(each.file).stem)] for each in measured}


@pytest.mark.shared
def test_a_dozen_photographs_are_read(shared_data: Path, assets: Assets) -> None:
    archive = shared_data / "faces_lfw_imfdb.zip"
    photographs = drawn(archive, 400)[-12:]
    assert [each.file for each in photographs] == [each.file for each in drawn(archive, 400)[-12:]]
    assert {each.label for each in photographs} == {"neutral", "happiness"}
    outcomes = measure(photographs, 200, "plain", Options(assets=assets))
    assert [each.file for each in outcomes] == [each.file for each in photographs]
    assert sum(each.read != MISSED for each in outcomes) >= 9
    assert sum(each.read == each.label for each in outcomes) >= 7
