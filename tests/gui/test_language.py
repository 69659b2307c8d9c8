"""The words of the window: every text in every language, and nothing that is not shown any more."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from gui import language
from gui.language import CATALOGUES, LANGUAGES, chosen, class_name, install, read_catalogue, tr
from gui.settings import LANGUAGES as SETTINGS
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import CLASSES, FakePipeline, face

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

from words import NotLiteral, faults, main, placeholders, read, texts_of, unmarked, write

_GUI = Path(language.__file__).parent
_TRANSLATED = [name for name in LANGUAGES if name != "en"]
_NOT_YET: tuple[str, ...] = ()


@pytest.mark.parametrize("name", _TRANSLATED)
def test_every_text_is_translated_and_none_is_left_over(name: str) -> None:
    assert list(faults(texts_of(_GUI), read(CATALOGUES / f"{name}.ts"))) == []


def test_every_text_that_is_shown_goes_through_the_catalogue() -> None:
    assert [place for place in unmarked(_GUI) if not place.startswith(_NOT_YET)] == []


def test_the_settings_offer_the_languages_that_there_are() -> None:
    assert ("system", *LANGUAGES) == SETTINGS
    assert {file.stem for file in CATALOGUES.glob("*.ts")} == set(_TRANSLATED)


def test_the_catalogues_are_as_the_script_writes_them(tmp_path: Path) -> None:
    for file in CATALOGUES.glob("*.ts"):
        write(tmp_path / file.name, file.stem, read(file))
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_a_language_is_installed_and_taken_away_again(app: QCoreApplication) -> None:
    assert install(app, "de") == "de"
    assert tr("Face {number}", number=3) == "Gesicht 3"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert tr("No such text {number}", number=3) == "No such text 3"
    assert QCoreApplication.translate("Elsewhere", "Settings") == "Settings"
    install(app, "zh")
    assert tr("Settings") == "设置"
    install(app, "en")
    assert tr("Settings") == "Settings"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_a_language_whose_catalogue_is_missing_is_english(
    app: QCoreApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    assert install(app, "de") == "en"
    (tmp_path / "de.ts").write_text("<TS><context>")
    assert install(app, "de") == "en"
    assert tr("Settings") == "Settings"


@pytest.mark.parametrize(
    ("desktop", "expected"),
    [
        (["de-AT", "de"], "de"),
        (["zh-Hans-CN"], "zh"),
        (["fr-FR", "de-CH", "en"], "de"),
        (["en-GB", "de"], "en"),
        (["fr"], "en"),
        (["zh_CN"], "zh"),
        ([], "en"),
    ],
)
def test_the_language_of_the_desktop_is_followed(
    monkeypatch: pytest.MonkeyPatch, desktop: list[str], expected: str
) -> None:
    class Desktop:
        @staticmethod
        def system() -> "Desktop":
            return Desktop()

        def uiLanguages(self) -> list[str]:  # noqa: N802 - Qt's name
            return desktop

    monkeypatch.setattr(language, "QLocale", Desktop)
    assert chosen("system") == expected
    assert chosen("de") == "de"


def test_the_desktop_has_some_language() -> None:
    assert isinstance(QLocale.system().uiLanguages(), list)
    assert chosen("system") in LANGUAGES


@pytest.mark.parametrize("name", _TRANSLATED)
def test_the_classes_of_the_model_are_translated_and_a_users_own_are_not(app: QCoreApplication, name: str) -> None:
    install(app, name)
    assert class_name("a bored face") == "a bored face"
    assert class_name("Settings") == "Settings"  # a class may have the name of any other text
    names = {class_name(each) for each in CLASSES}
    assert len(names) == len(CLASSES)
    assert class_name("happiness") != "happiness"


def test_a_window_in_german_shows_its_reading_in_german(
    app: QCoreApplication, until: Until, make_window: MakeWindow
) -> None:
    install(app, "de")
    window = make_window(FakePipeline([face(best="happiness", share=0.86, uncertainty=0.2)]))
    window.start()
    until(lambda: window.live.view.scene is not None)
    assert window.live.view.scene is not None
    assert window.live.view.scene.faces[0].label == "Freude 86 %"
    assert window.live.view.scene.classes == CLASSES  # what is written to files stays as it is
    bars = window.live.panel.bars
    assert (bars.caption, bars.heading, bars.certainty) == ("Gesicht 1", "Freude", "Unsicherheit 20 %")
    assert not bars.grab().isNull()


def module(folder: Path, source: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "part.py").write_text(source, encoding="utf-8")
    return folder


def test_texts_are_found_wherever_they_are_marked(tmp_path: Path) -> None:
    source = """
title.setText(tr("Open {name}", name=1))
NAMES = (noop("short"), noop('a "long" one & more'))
def f(x): return tr(NAMES[x]) + tr("On" if x else "Off") + tr("one "
    "two")
other("not marked")
"""
    found = texts_of(module(tmp_path / "gui", source))
    assert found == ["Off", "On", "Open {name}", 'a "long" one & more', "one two", "short"]


@pytest.mark.parametrize("source", ['tr(f"Face {n}")', 'tr("a" + b)', "noop(text)", "tr()", 'tr("a".upper())'])
def test_a_text_that_cannot_be_looked_up_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(NotLiteral, match=r"part\.py:1"):
        texts_of(module(tmp_path / "gui", source))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('QLabel("Face")', True),
        ('button.setToolTip("Open")', True),
        ('button.setText(f"{n} faces")', True),
        ('button.setText("On" if n else "")', True),
        ('button.setText(f"{n}")', False),
        ('button.setText(tr("Open"))', False),
        ('window.setWindowTitle("Mien")', False),
        ('browse = QPushButton("…")', False),
    ],
)
def test_a_text_that_is_shown_unmarked_is_found(tmp_path: Path, source: str, shown: bool) -> None:
    assert bool(unmarked(module(tmp_path / "gui", source))) == shown


def test_the_script_adds_new_texts_and_takes_old_ones_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gui = module(tmp_path / "gui", 'tr("Open"), tr("Save <{name}> & \'go\'", name=1)')
    (gui / "translations").mkdir()
    file = gui / "translations" / "de.ts"
    write(file, "de", {"Open": "Öffnen", "Gone": "Weg"})
    assert main(gui, check=True) == 1
    assert read(file) == {"Open": "Öffnen", "Gone": "Weg"}
    assert main(gui, check=False) == 0
    assert read(file) == {"Open": "Öffnen", "Save <{name}> & 'go'": ""}
    assert read_catalogue(file) == {"Open": "Öffnen"}
    assert main(gui, check=True) == 1
    write(file, "de", {"Open": "Öffnen", "Save <{name}> & 'go'": "<{title}> sichern"})
    assert main(gui, check=True) == 1
    assert "other placeholders" in capsys.readouterr().err
    write(file, "de", {"Open": "Öffnen", "Save <{name}> & 'go'": "<{name}> sichern & 'los'"})
    assert main(gui, check=True) == 0
    assert read_catalogue(file)["Save <{name}> & 'go'"] == "<{name}> sichern & 'los'"


def test_placeholders_are_told_apart() -> None:
    assert placeholders("{a} of {b:.1f} {{c}}") == {"a", "b"}
