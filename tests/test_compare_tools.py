"""The comparison with other tools: what it counts as right, how it asks another tool, and what it prints and draws."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

import compare_tools
from compare_tools import Answers, draw, fer, ours, row

from engines.onnxruntime import OnnxRuntimeEngine
from engines.package import DEFAULT_PACKAGE, ModelPackage
from training.data import CLASSES, Faces, select, with_labels

# A stand-in with the interface of the tool: it takes bright faces for happy ones and the rest for sad.
TOOL = """
class FER:
    def __init__(self, offsets):
        assert offsets == (0, 0)

    def detect_emotions(self, picture, face_rectangles):
        assert picture.shape == (48, 48, 3) and face_rectangles == [(0, 0, 48, 48)]
        happy = float(picture.mean() > 127)
        return [{"box": face_rectangles[0], "emotions": {"angry": 0.0, "happy": happy, "sad": 1 - happy}}]
"""


@pytest.fixture
def faces() -> Faces:
    """Four faces of one brightness each, of which the third is neither of what the stand-in knows."""
    images = np.repeat(np.array([250, 10, 10, 240], np.uint8), 48 * 48).reshape(4, 1, 48, 48)
    return with_labels(images, np.array([CLASSES.index(name) for name in ("happiness", "sadness", "fear", "sadness")]))


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python in which the stand-in is installed."""
    (tmp_path / "fer").mkdir()
    (tmp_path / "fer" / "__init__.py").touch()
    (tmp_path / "fer" / "fer.py").write_text(TOOL, encoding="utf-8")
    (tmp_path / "fer-1.5.dist-info").mkdir()
    (tmp_path / "fer-1.5.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: fer\nVersion: 1.5\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Path(sys.executable)


def test_the_other_tool_is_asked_about_every_face_and_its_words_are_taken_for_ours(faces: Faces, tool: Path) -> None:
    said = fer(tool, faces)
    assert said.name == "fer 1.5"
    assert [CLASSES[place] for place in said.given] == ["happiness", "sadness", "sadness", "happiness"]
    assert said.milliseconds.shape == (4,)
    assert (said.milliseconds > 0).all()


def test_a_row_has_both_accuracies_and_the_recall_of_each_expression_that_there_is(faces: Faces) -> None:
    votes = faces.votes.copy()
    votes[3, :3] = 5, 0, 0  # half of its votes: too few for a majority
    votes[3, CLASSES.index("sadness")] = 6
    votes[3, CLASSES.index("fear")] = 2
    faces = Faces(faces.images, votes)
    assert select(faces.votes, "majority")[0].tolist() == [True, True, True, False]
    given = np.array([CLASSES.index(name) for name in ("happiness", "sadness", "sadness", "happiness")])
    answers = Answers("a tool", given, np.array([1.0, 2.0, 2.0, 3.0]))
    # argmax: two of four; happiness 1 of 1, sadness 1 of 2, fear 0 of 1; majority: two of three
    assert row(answers, faces) == "| a tool | 50.0% | 50.0% | 66.7% | 1.30 | 2.00 | 2.97 |"


def test_each_form_of_each_model_that_ships_says_of_a_face_what_its_engine_says(faces: Faces) -> None:
    answers = {each.name: each for each in ours(faces)}
    shipped = [folder.name for folder in DEFAULT_PACKAGE.parent.iterdir()]
    assert {name.partition(",")[0] for name in answers} == set(shipped)
    package = ModelPackage.load()
    with OnnxRuntimeEngine(package) as engine:
        cosines = engine.embed(faces.images) @ package.words.vectors.T
    assert answers[f"{package.card.name}, fp32"].given.tolist() == cosines.argmax(axis=1).tolist()


def test_the_picture_is_written(faces: Faces, tmp_path: Path) -> None:
    answers = Answers("a tool", np.zeros(len(faces), np.intp), np.full(len(faces), 2.0))
    draw([answers], faces, tmp_path / "speed.png")
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_every_expression_but_contempt_has_a_name_in_the_other_tool() -> None:
    assert set(compare_tools.FER.values()) == set(CLASSES) - {"contempt"}
