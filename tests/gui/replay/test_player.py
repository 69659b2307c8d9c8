"""What is told of a recording while it opens and plays."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.replay.player import Film, Player, Wish
from gui.scene import Scene
from realtime.replay import Copy, Recorded
from realtime.sources.pictures import STILL_S
from tests.gui.conftest import Until, our_threads
from tests.gui.replay.conftest import START
from tests.realtime.replay.made import face, reading, write_table
from tests.realtime.sources.helpers import red_and_blue, write_picture


class Told:
    """All that a player has told."""

    def __init__(self, player: Player) -> None:
        self.recorded: list[Recorded] = []
        self.films: list[Film] = []
        self.scenes: list[Scene] = []
        self.missing: list[Path | None] = []
        self.unplayable: list[str] = []
        self.failed: list[str] = []
        player.loaded.connect(self.recorded.append)
        player.opened.connect(self.films.append)
        player.shown.connect(self.scenes.append)
        player.missing.connect(self.missing.append)
        player.unplayable.connect(self.unplayable.append)
        player.failed.connect(self.failed.append)


@pytest.fixture
def player(qtbot: object) -> Iterator[Player]:  # noqa: ARG001 - signals need an application
    player = Player()
    yield player
    assert player.close(30)


@pytest.fixture
def told(player: Player) -> Told:
    return Told(player)


def test_a_film_opens_paused_on_its_first_picture(player: Player, told: Told, made: Path, until: Until) -> None:
    player.open(Wish(made / "film.parquet", (Copy(made / "film.mkv", False),)))
    until(lambda: told.scenes)
    assert [film.start for film in told.films] == [pytest.approx(START)]
    assert told.films[0].playback.paused
    assert len(told.recorded) == 1


def test_the_first_copy_that_is_there_is_shown(player: Player, told: Told, made: Path, until: Until) -> None:
    copies = (Copy(made / "gone.mkv", False), Copy(made / "film.mkv", True))
    player.open(Wish(made / "film.parquet", copies))
    until(lambda: told.films)
    assert told.films[0].copy == copies[1]


def test_boxes_are_not_drawn_over_those_of_an_annotated_copy(
    player: Player, told: Told, made: Path, until: Until
) -> None:
    player.open(Wish(made / "film.parquet", (Copy(made / "film.mkv", True),)))
    until(lambda: told.scenes)
    told.films[0].playback.seek(1.5)
    until(lambda: len(told.scenes) > 1)
    assert told.scenes[-1].faces == ()
    assert told.scenes[-1].classes == told.recorded[0].classes


@pytest.mark.parametrize("copies", [(), (Copy(Path("/nowhere/film.mkv"), False),)])
def test_a_video_that_is_not_there_is_told_and_the_table_is_too(
    player: Player, told: Told, made: Path, until: Until, copies: tuple[Copy, ...]
) -> None:
    player.open(Wish(made / "film.parquet", copies))
    until(lambda: told.missing)
    assert told.missing == [copies[0].path if copies else None]
    assert len(told.recorded) == 1
    until(lambda: our_threads() == [])


def test_a_video_that_breaks_off_can_be_sent_back(
    player: Player, told: Told, made: Path, tmp_path: Path, until: Until
) -> None:
    whole = (made / "film.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 3 // 4])
    player.open(Wish(made / "film.parquet", (Copy(tmp_path / "cut.mkv", False),)))
    until(lambda: told.films)
    playback = told.films[0].playback
    playback.speed = 4.0
    playback.seek(4.5)
    playback.resume()
    until(lambda: told.unplayable)
    assert "cut.mkv ends at" in told.unplayable[0]
    until(lambda: playback.paused)
    told.scenes.clear()
    playback.seek(1.5)
    until(lambda: told.scenes and len(told.scenes[-1].faces) == 2)


def test_of_what_was_overtaken_nothing_is_told(
    player: Player, told: Told, made: Path, tmp_path: Path, until: Until
) -> None:
    shutil.copy(made / "film.parquet", tmp_path / "other.parquet")
    player.open(Wish(made / "film.parquet", (Copy(made / "film.mkv", False),)))
    player.open(Wish(tmp_path / "other.parquet", (Copy(made / "film.mkv", False),)))
    until(lambda: told.scenes)
    assert [recorded.path for recorded in told.recorded] == [tmp_path / "other.parquet"]
    assert len(told.films) == 1


def test_a_table_that_cannot_be_read_is_told(player: Player, told: Told, tmp_path: Path, until: Until) -> None:
    player.open(Wish(tmp_path / "gone.parquet"))
    until(lambda: told.failed)
    assert "does not exist" in told.failed[0]
    assert (told.recorded, told.unplayable, told.missing) == ([], [], [])


def test_pictures_are_shown_one_after_the_other(player: Player, told: Told, tmp_path: Path, until: Until) -> None:
    (tmp_path / "photos").mkdir()
    for number in range(3):
        write_picture(tmp_path / "photos" / f"{number}.png", red_and_blue())
    calm = (0.8, 0.1, 0.1)
    table = write_table(
        tmp_path / "photos.csv", [reading(i, 0.0, *[face(n, calm) for n in range(i)]) for i in range(3)]
    )
    summary = table.with_suffix(".json")
    summary.write_text(json.dumps({**json.loads(summary.read_text(encoding="utf-8")), "still": True}), encoding="utf-8")
    player.open(Wish(table, (Copy(tmp_path / "photos", False),)))
    until(lambda: told.scenes)
    assert told.scenes[-1].faces == ()
    told.films[0].playback.seek(2 * STILL_S)
    until(lambda: len(told.scenes[-1].faces) == 2)
    told.films[0].playback.seek(STILL_S)
    until(lambda: len(told.scenes[-1].faces) == 1)
