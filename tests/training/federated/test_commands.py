"""The commands of a federation in one process: a simulation, its packages, and what bad input is answered with."""

import dataclasses
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import main
from engines.assets import Assets
from engines.base import EngineName
from engines.errors import DataError
from engines.package import ModelPackage
from engines.select import open_engine
from engines.text_head import TextHead
from tests import tiny
from tests.training.federated import made
from training.data import CLASSES, Faces, save_faces
from training.federated.local import Client
from training.federated.rounds import Coordinator
from training.federated.store import CLIENT, save_client
from training.recipe import Recipe

pytest.importorskip("flwr", reason="needs the federate extra")

from training.federated.certificates import AUTHORITY, CLIENTS, make_certificates
from training.federated.faces import ClientFaces
from training.federated.packages import export_client

_ROOT = Path(__file__).resolve().parents[3]


def _save(path: Path, faces: Faces) -> Path:
    save_faces(faces, path)
    return path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["mien", "federate", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return int(ended.value.code or 0)


@pytest.fixture
def recipe_file(tmp_path: Path, assets: Assets) -> Path:
    """A recipe for two rounds; the test is skipped where words cannot be encoded."""
    assert not assets.missing()
    return made.write_recipe(made.recipe(), tmp_path / "recipe.toml")


def test_a_simulation_of_one_file_ends_in_packages_that_read(
    tmp_path: Path, recipe_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = _save(tmp_path / "all.npz", tiny.faces(480))
    out = tmp_path / "out"
    dealing = ["--clients", "3", "--concentration", "1", "--noise", "0.2"]
    assert _run(monkeypatch, "simulate", recipe_file, "--data", data, "--out", out, *dealing) == 0
    said = capsys.readouterr()
    assert "2 rounds are done." in said.out
    assert "client-0: its own model reads" in said.out
    assert len((out / "log.jsonl").read_text().splitlines()) == 2
    assert _run(monkeypatch, "simulate", recipe_file, "--data", data, "--out", out, *dealing) == 1
    assert "already holds a federation" in capsys.readouterr().err
    assert _run(monkeypatch, "simulate", recipe_file, "--data", data, "--out", out, *dealing, "--resume") == 0
    its = _save(tmp_path / "one.npz", tiny.faces(64))
    package = tmp_path / "package"
    arguments = ["export", out / "client-1", package, "--recipe", recipe_file, "--data", its]
    assert _run(monkeypatch, *arguments) == 0
    assert ModelPackage.load(package).card.classes == CLASSES


def test_a_package_of_a_client_reads_as_its_model_does(tmp_path: Path) -> None:
    recipe = dataclasses.replace(made.recipe(), optimiser=dataclasses.replace(made.RECIPE.optimiser, epochs=4))
    faces = tiny.faces(160)
    client = Client(recipe, ClientFaces(recipe, faces, "a"), tiny.words(), "a")
    client.train(Coordinator(recipe, tiny.words()).broadcast())
    save_client(client, tmp_path / "a")
    package = export_client(tmp_path / "a", recipe, faces, tiny.words(), tmp_path / "package")
    assert "one client of a federation" in package.card.training_data
    assert package.card.figures["faces"] == len(client.faces.held)
    assert "FER2013" not in package.card.licence
    assert ModelPackage.load(package.folder).known is None  # its faces are nobody else's matter
    with open_engine(package, EngineName.ONNXRUNTIME) as engine:
        embeddings = engine.embed(client.faces.held)
    read = TextHead(package.words, package.card.scale).probabilities(embeddings).argmax(axis=1)
    own = (client.embed(client.faces.held) @ package.words.vectors.T).argmax(axis=1)
    # The calibration moves some faces from one class to another, where they are few; most stay.
    assert np.mean(read == own) > 0.5


def test_no_package_is_made_of_what_has_no_words_or_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no client\.safetensors"):
        export_client(tmp_path / "none", made.RECIPE, tiny.faces(64), tiny.words(), tmp_path / "package")
    linear = made.recipe(head="linear")
    save_client(made.client(linear), tmp_path / "linear")
    with pytest.raises(DataError, match="A linear head has no words"):
        export_client(tmp_path / "linear", linear, tiny.faces(64), tiny.words(), tmp_path / "package")
    assert not (tmp_path / "package").exists()
    assert (tmp_path / "linear" / CLIENT).exists()


def test_clients_of_folders_are_named_by_them_and_who_cannot_take_part_is_left_out(
    tmp_path: Path, recipe_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, clinic in enumerate(("north", "south")):
        faces = tiny.faces(40, seed=number)
        for place, (image, votes) in enumerate(zip(faces.images, faces.votes, strict=True)):
            folder = tmp_path / clinic / CLASSES[int(votes.argmax())]
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{place}.png"), image[0])
    (tmp_path / "north" / "anger" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "west").mkdir()
    one = tiny.faces(160)
    _save(tmp_path / "east.npz", one[np.arange(160) % 8 == 0])
    data = [part for name in ("north", "south", "west", "east.npz") for part in ("--data", tmp_path / name)]
    assert _run(monkeypatch, "simulate", recipe_file, *data, "--out", tmp_path / "out") == 0
    said = capsys.readouterr()
    assert "north: 30 faces to train on, 10 held out." in said.err
    assert "It goes on without west:" in said.err
    assert "It goes on without east: east has faces of one class alone" in said.err
    assert "broken.png" in said.err
    log = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text().splitlines()]
    assert [set(line["clients"]) for line in log] == [{"north", "south"}] * 2


@pytest.mark.parametrize(
    ("data", "recipe", "says"),
    [
        ("none.npz", "recipe.toml", "Cannot read"),
        ("empty", "recipe.toml", "has no folder for any expression"),
        ("one.npz", "recipe.toml", "has faces of one class alone"),
        ("broken", "recipe.toml", "shows no face to learn from"),
        ("one.npz", _ROOT / "training/recipes/study.toml", "set federated.rounds"),
    ],
)
def test_bad_input_of_a_client_gives_one_line_and_exit_code_1(
    data: str,
    recipe: str | Path,
    says: str,
    tmp_path: Path,
    recipe_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken" / "anger").mkdir(parents=True)
    (tmp_path / "broken" / "anger" / "a.png").write_bytes(b"no picture")
    _save(tmp_path / "one.npz", tiny.faces(160)[np.arange(160) % 8 == 0])
    keys = tmp_path / "keys"
    make_certificates(keys, ["localhost"], ["a"])
    at = ["--server", "127.0.0.1:9", "--authority", keys / AUTHORITY, "--key", keys / CLIENTS / "a.key"]
    asked = ["client", recipe_file.parent / recipe, "--data", tmp_path / data, *at, "--out", tmp_path / "out"]
    assert _run(monkeypatch, *asked) == 1
    assert says in capsys.readouterr().err.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--noise", "0.2"], "give --clients too"),
        (["--clients", "3", "--data", "b.npz"], "One file is dealt out"),
        (["--data", "a.npz"], "Two clients have one name"),
        (["--strategy", "fedsomething"], "choose one of amy"),
    ],
)
def test_what_a_simulation_cannot_do_is_said(
    more: list[str], says: str, tmp_path: Path, recipe_file: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    _save(tmp_path / "a.npz", tiny.faces(160))
    monkeypatch.chdir(tmp_path)
    assert _run(monkeypatch, "simulate", recipe_file, "--data", "a.npz", "--out", "out", *more) == 1
    assert says in capsys.readouterr().err


def test_keys_are_made_by_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["--host", "localhost", "--client", "a", "--client", "b"]
    assert _run(monkeypatch, "certificates", tmp_path, *names) == 0
    assert sorted(path.name for path in (tmp_path / CLIENTS).iterdir()) == ["a.key", "a.pem", "b.key", "b.pem"]
    assert "no other key to anybody" in capsys.readouterr().out


def test_the_recipe_for_the_study_is_sound() -> None:
    recipe = Recipe.load(_ROOT / "training" / "recipes" / "study-federated.toml")
    assert Coordinator(recipe, tiny.words()).strategy.name == "amy"
