"""The words of the window, in the user's language."""

from PySide6.QtCore import QCoreApplication

_CONTEXT = "Mien"


def tr(text: str, **values: object) -> str:
    """``text``, which is written in English, in the chosen language, with ``values`` put in for ``{name}``.

    To be called when the text is shown, and with a literal, since the catalogues are checked against those.
    """
    translated = QCoreApplication.translate(_CONTEXT, text)
    return translated.format(**values) if values else translated
