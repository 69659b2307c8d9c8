"""Measuring a package on faces with votes, on the base install."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engines.errors import DataError
from engines.package import ModelPackage
from engines.text_head import TextHead
from tests import tiny
from training.data import Faces
from training.evaluate import Evaluation, evaluate

_ROOT = Path(__file__).resolve().parents[2]


def _faces() -> Faces:
    """Eight faces from black to white, each voted to be the class that the engine takes it for; then three others."""
    levels = [*range(16, 256, 32), 16, 16, 16]
    images = np.tile(np.array(levels, np.uint8)[:, None, None, None], (1, 1, tiny.SIZE, tiny.SIZE))
    votes = np.zeros((11, 10), np.uint8)
    votes[np.arange(8), np.arange(8)] = 10
    votes[8, 1] = 10  # black, but happy
    votes[9, [2, 3]] = 5  # a tie, which only argmax keeps
    votes[10, 9] = 10  # no face
    return Faces(images, votes)


def _measured(protocol: str, faces: Faces | None = None) -> Evaluation:
    package = tiny.package()
    with tiny.BrightnessEngine(package) as engine:
        head = TextHead(package.words, 14.0)
        return evaluate(package, engine, head, _faces() if faces is None else faces, protocol)  # type: ignore[arg-type]


def test_what_is_written_is_what_was_promised() -> None:
    figures = _measured("majority").to_dict()
    assert list(figures) == [
        "protocol", "n", "accuracy", "macro_recall", "recall", "ece", "nll", "confusion", "model", "engine"
    ]  # fmt: skip
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert (figures["protocol"], figures["n"], figures["model"]) == ("majority", 9, "tiny")
    assert figures["engine"] == "brightness CPU exact"
    assert figures["accuracy"] == pytest.approx(8 / 9)
    assert figures["recall"] == {name: 0.5 if name == "happiness" else 1.0 for name in tiny.CLASSES}
    assert figures["macro_recall"] == pytest.approx(7.5 / 8)
    assert np.array(figures["confusion"]).sum() == 9


def test_the_protocols_keep_different_faces() -> None:
    assert (_measured("majority").metrics.n, _measured("argmax").metrics.n) == (9, 10)


def test_a_class_without_faces_has_no_recall() -> None:
    figures = _measured("majority", _faces()[:3]).to_dict()
    assert figures["recall"]["contempt"] is None
    assert figures["macro_recall"] == 1.0


def test_other_words_answer_in_the_order_of_the_expressions() -> None:
    package = tiny.package()
    words = dataclasses.replace(package.words, classes=tuple("abcdefgh"))
    with tiny.BrightnessEngine(package) as engine:
        figures = evaluate(package, engine, TextHead(words, 14.0), _faces(), "majority").to_dict()
    assert list(figures["recall"]) == list("abcdefgh")
    assert figures["accuracy"] == pytest.approx(8 / 9)


def test_another_number_of_classes_is_said() -> None:
    package = tiny.package()
    with tiny.BrightnessEngine(package) as engine, pytest.raises(DataError, match="8 classes"):
        evaluate(package, engine, TextHead(tiny.words(("a", "b")), 14.0), _faces(), "argmax")


def test_faces_of_another_size_are_said() -> None:
    faces = Faces(np.zeros((1, 1, 48, 48), np.uint8), np.zeros((1, 10), np.uint8))
    with pytest.raises(DataError, match=r"\[1, 24, 24\].*\[1, 48, 48\]"):
        _measured("argmax", faces)


@pytest.mark.parametrize("rows", [slice(0, 0), slice(10, 11)])
def test_a_file_without_a_face_to_measure_is_said(rows: slice) -> None:
    with pytest.raises(DataError, match="keeps none"):
        _measured("majority", _faces()[rows])


_WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import engines.select, realtime.opening, realtime.benchmark, realtime.overlay
from pathlib import Path
from engines.assets import Assets
from engines.package import ModelPackage
from engines.text_head import TextHead
from training.data import load_faces
from training.evaluate import evaluate
package = ModelPackage.load(Path(sys.argv[1]))
with engines.select.open_engine(package) as engine:
    head = TextHead.of(package, None, Assets(offline=True))
    print(evaluate(package, engine, head, load_faces(Path(sys.argv[2])), "argmax").metrics.n)
"""


def test_evaluation_and_the_pipeline_need_no_torch(
    tiny_package: ModelPackage, faces_file: Path, child_environment: dict[str, str]
) -> None:
    command = [sys.executable, "-c", _WITHOUT_TORCH, str(tiny_package.folder), str(faces_file)]
    done = subprocess.run(command, cwd=_ROOT, env=child_environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["80"]
