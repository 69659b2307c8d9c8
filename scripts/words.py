"""Brings the catalogues of gui/translations in step with the texts of the window: words.py [--check].

A new text is added as unfinished, to be translated there or with Qt Linguist; one that is no longer shown goes. With
--check nothing is written: what is not in step, or not translated, is listed, and the exit code is 1.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_ROOT = Path(__file__).resolve().parents[1]
_MARKS = ("tr", "noop")
_SHOWING = frozenset(
    {
        *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setWindowTitle"),
        *("setPlaceholderText", "setTitle", "addAction", "addMenu", "setHeaderLabels", "say"),
        *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "CheckBox", "QAction", "QToolBar", "QGroupBox"),
    }
)
"""What puts its first argument on the screen."""
_OWN_NAME = "Mien"

Catalogue = dict[str, str]
"""Translations by their English texts; "" for one that is not finished."""


class NotLiteral(Exception):
    """A text is not written where it is marked, so that no catalogue can be checked against it."""


def texts_of(folder: Path) -> list[str]:
    """Every text that the modules of ``folder`` mark, in order; raises ``NotLiteral``."""
    return sorted({text for file in sorted(folder.rglob("*.py")) for text in _marked(file)})


def _marked(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKS):
            continue
        for text in _choices(node.args[0] if node.args else None):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value
            elif node.func.id == "noop" or not isinstance(text, ast.Name | ast.Attribute | ast.Subscript):
                raise NotLiteral(f"{file.name}:{node.lineno}: {ast.unparse(node)} has no literal text")


def unmarked(folder: Path) -> list[str]:
    """Where a module of ``folder`` shows a text that no catalogue can translate."""
    return [
        f"{file.name}:{node.lineno}: {ast.unparse(node)}"
        for file in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file)))
        if isinstance(node, ast.Call) and _name_of(node.func) in _SHOWING and _shows_words(node)
    ]


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _shows_words(call: ast.Call) -> bool:
    parts: list[ast.expr] = []
    for text in _choices(call.args[0] if call.args else None):
        parts += text.values if isinstance(text, ast.JoinedStr) else [text] if text is not None else []
    written = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return any(any(map(str.isalpha, text)) and text != _OWN_NAME for text in written)


def _choices(text: ast.expr | None) -> Iterator[ast.expr | None]:
    """``a`` and ``b`` of ``a if that else b``; else the text itself."""
    if isinstance(text, ast.IfExp):
        yield from _choices(text.body)
        yield from _choices(text.orelse)
    else:
        yield text


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def read(file: Path) -> Catalogue:
    """All of a catalogue; empty where it is not there yet."""
    if not file.exists():
        return {}
    found = {}
    for message in ElementTree.parse(file).iter("message"):  # noqa: S314 - our own file
        translation = message.find("translation")
        done = translation is not None and translation.get("type") is None
        found[message.findtext("source", "")] = (translation.text or "") if done and translation is not None else ""
    return found


def write(file: Path, language: str, texts: Mapping[str, str]) -> None:
    """Write a catalogue as Qt Linguist does, in the order of the English texts."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}" sourcelanguage="en">',
        "<context>",
        "    <name>Mien</name>",
    ]
    for source in sorted(texts):
        done = escape(texts[source], {'"': "&quot;", "'": "&apos;"})
        translation = f"<translation>{done}</translation>" if done else '<translation type="unfinished"></translation>'
        shown = escape(source, {'"': "&quot;", "'": "&apos;"})
        lines += ["    <message>", f"        <source>{shown}</source>", f"        {translation}", "    </message>"]
    file.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8")


def faults(texts: list[str], catalogue: Catalogue) -> Iterator[str]:
    """What is not in step, a line for each."""
    for text in texts:
        translated = catalogue.get(text)
        if not translated:
            yield f"not translated: {text!r}"
        elif placeholders(translated) != placeholders(text):
            yield f"other placeholders: {text!r}, {translated!r}"
    yield from (f"not shown any more: {text!r}" for text in sorted(catalogue.keys() - set(texts)))


def main(gui: Path, *, check: bool) -> int:
    """Look at the catalogues in ``gui``/translations, and write them unless ``check``; the exit code."""
    try:
        texts = texts_of(gui)
    except NotLiteral as error:
        sys.exit(str(error))
    wrong = 0
    for file in sorted((gui / "translations").glob("*.ts")):
        catalogue = read(file)
        if not check:
            catalogue = {text: catalogue.get(text, "") for text in texts}
            write(file, file.stem, catalogue)
        for line in faults(texts, catalogue):
            wrong += 1
            print(f"{file.name}: {line}", file=sys.stderr)
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main(_ROOT / "gui", check="--check" in sys.argv[1:]))
