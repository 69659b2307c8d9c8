"""The words of the window, in the user's language.

A catalogue is a file of Qt Linguist, ``translations/LANGUAGE.ts``, read as it is: there are no compiled ones that could
be older. ``scripts/words.py`` keeps the catalogues in step with the texts of the window.
"""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

LANGUAGES = {"en": "English", "de": "Deutsch", "zh": "中文"}
"""Those that there are, each by its own name. English is what the texts are written in, and has no catalogue."""
CATALOGUES = Path(__file__).with_name("translations")

_CONTEXT = "Mien"
_QT = {"de": "qtbase_de", "zh": "qtbase_zh_CN"}


def noop(text: str) -> str:
    """``text`` as it is: marks a literal that is translated by :func:`tr` later, where it is shown."""
    return text


_CLASSES = frozenset(
    {
        noop("neutral"),
        noop("happiness"),
        noop("surprise"),
        noop("sadness"),
        noop("anger"),
        noop("disgust"),
        noop("fear"),
        noop("contempt"),
    }
)


def tr(text: str, **values: object) -> str:
    """``text``, which is written in English, in the chosen language, with ``values`` put in for ``{name}``.

    To be called when the text is shown, and with a literal, since the catalogues are checked against those.
    """
    translated = QCoreApplication.translate(_CONTEXT, text)
    return translated.format(**values) if values else translated


def class_name(name: str) -> str:
    """What the class ``name`` is called where it is shown: those of the model are translated, a user's own are not."""
    return tr(name) if name in _CLASSES else name


class Catalogue(QTranslator):
    """The texts of one language; one that is not finished is shown in English."""

    def __init__(self, texts: dict[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return not self._texts

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,  # noqa: ARG002 - as Qt has it
        n: int = -1,  # noqa: ARG002
    ) -> str | None:
        """None where it has no such text: Qt then asks the next translator."""
        return self._texts.get(source) if context == _CONTEXT else None


def chosen(setting: str) -> str:
    """The language that the setting ``system`` or a language's own stands for: a key of ``LANGUAGES``."""
    wanted = QLocale.system().uiLanguages() if setting == "system" else [setting]
    short = (language.replace("_", "-").partition("-")[0].lower() for language in wanted)
    return next((language for language in short if language in LANGUAGES), "en")


def install(app: QCoreApplication, setting: str) -> str:
    """Give ``app`` the language of ``setting``, and return it; what is shown already stays as it is.

    English where its catalogue cannot be read.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    language = chosen(setting)
    texts = {} if language == "en" else read_catalogue(CATALOGUES / f"{language}.ts")
    if not texts:
        return "en"
    app.installTranslator(Catalogue(texts, app))
    standard = QTranslator(app)  # Qt's own buttons and file dialogues
    if standard.load(_QT[language], QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(standard)
    return language


def read_catalogue(file: Path) -> dict[str, str]:
    """The finished translations in ``file``, by their English texts; none where it is missing or damaged."""
    from xml.etree import ElementTree  # noqa: PLC0415 - needed in other languages only

    try:
        messages = list(ElementTree.parse(file).iter("message"))  # noqa: S314 - our own file
    except (OSError, ElementTree.ParseError):
        return {}
    texts = {}
    for message in messages:
        translation = message.find("translation")
        if translation is not None and translation.text and translation.get("type") is None:
            texts[message.findtext("source", "")] = translation.text
    return texts
