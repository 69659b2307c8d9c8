"""Pictures of a run are whole PNGs, the same for the same figures, whatever the figures are."""

import struct
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from engines.errors import OutputError
from training.pictures import draw_confusion, draw_curves

_CLASSES = ("neutral", "happiness", "$boredom$")
_CONFUSION = np.array([[90, 8, 2], [5, 400, 0], [3, 3, 4]], np.int64)


def _log(epochs: int) -> list[dict[str, Any]]:
    return [
        {
            "epoch": epoch,
            "loss": 1.7 / epoch,
            "held_out_accuracy": 0.9 - 0.3 / epoch,
            "held_out_macro_recall": 0.7 - 0.4 / epoch,
            "held_out_nll": 1.2 / epoch,
            "seconds": 40.0,
        }
        for epoch in range(1, epochs + 1)
    ]


def _size(path: Path) -> tuple[int, int]:
    """The width and height of a PNG in pixels; it must end as one, too."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xae\x42\x60\x82")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _draw_curves(path: Path) -> None:
    draw_curves(_log(3), path)


def _draw_confusion(path: Path) -> None:
    draw_confusion(_CONFUSION, _CLASSES, path, title="Three")


each = pytest.mark.parametrize("draw", [_draw_curves, _draw_confusion])


def test_curves_fit_a_page(tmp_path: Path) -> None:
    draw_curves(_log(20), tmp_path / "curves.png")
    assert _size(tmp_path / "curves.png") == (1350, 450)
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]


@pytest.mark.parametrize("classes", [2, 8, 12])
def test_a_confusion_fits_a_page(classes: int, tmp_path: Path) -> None:
    names = [f"expression {number}" for number in range(classes)]
    draw_confusion(np.eye(classes, dtype=np.int64) * 1_000, names, tmp_path / "confusion.png", title="Many")
    width, height = _size(tmp_path / "confusion.png")
    assert width == 900
    assert 300 < height < 1200


@each
def test_the_same_figures_give_the_same_bytes(draw: Any, tmp_path: Path) -> None:
    draw(tmp_path / "one.png")
    with mpl.rc_context({"font.size": 30, "savefig.facecolor": "red", "lines.linestyle": "--"}):
        draw(tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_other_figures_give_another_picture(tmp_path: Path) -> None:
    for name, epochs in (("one", 3), ("two", 4)):
        draw_curves(_log(epochs), tmp_path / name)
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()
    for name, more in (("one", 0), ("two", 40)):
        draw_confusion(_CONFUSION + more, _CLASSES, tmp_path / name, title="")
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


def test_one_epoch_is_a_picture(tmp_path: Path) -> None:
    draw_curves(_log(1), tmp_path / "curves.png")
    assert _size(tmp_path / "curves.png") == (1350, 450)


@pytest.mark.parametrize("missing", [[0], [2], [0, 1, 2]])
def test_a_missing_figure_leaves_a_gap(missing: list[int], tmp_path: Path) -> None:
    log = _log(3)
    for line in missing:
        log[line]["held_out_macro_recall"] = float("nan")
    draw_curves(log, tmp_path / "curves.png")
    assert _size(tmp_path / "curves.png") == (1350, 450)


def test_lines_that_end_alike_are_both_named(tmp_path: Path) -> None:
    log = [line | {"held_out_macro_recall": line["held_out_accuracy"]} for line in _log(3)]
    draw_curves(log, tmp_path / "curves.png")
    assert _size(tmp_path / "curves.png") == (1350, 450)


def test_a_class_without_faces_is_a_row_without_shares(tmp_path: Path) -> None:
    confusion = _CONFUSION.copy()
    confusion[2] = 0
    draw_confusion(confusion, _CLASSES, tmp_path / "confusion.png", title="Three")
    assert _size(tmp_path / "confusion.png")[0] == 900


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no epochs"):
        draw_curves([], tmp_path / "curves.png")
    with pytest.raises(ValueError, match=r"expected shape \[2, 2\], got \[3, 3\]"):
        draw_confusion(_CONFUSION, _CLASSES[:2], tmp_path / "confusion.png", title="Two")
    assert list(tmp_path.iterdir()) == []


@each
def test_a_place_that_cannot_be_written_is_said(draw: Any, tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "picture.png", tmp_path):
        with pytest.raises(OutputError, match=str(place)):
            draw(place)
    assert list(tmp_path.iterdir()) == []
    assert not tmp_path.with_name(f".{tmp_path.name}.partial").exists()
