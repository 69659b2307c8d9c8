"""The panel at the right of the picture: what is read, or, behind the other tab, the classes that are looked for."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui.language import tr

WIDTH = 340
"""Logical pixels."""


class SidePanel(QWidget):
    """Two pages, one at a time."""

    def __init__(self, reading: QWidget, classes: QWidget) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._pages = QStackedWidget()
        self._group = QButtonGroup(self)
        self.tabs = QWidget()
        self._tabs = QHBoxLayout(self.tabs)
        self._tabs.setContentsMargins(12, 8, 12, 0)
        self._tabs.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self._pages, 1)
        self.reading_tab = self._add(reading, tr("Reading"), tr("What is read in the selected face"))
        self.classes_tab = self._add(classes, tr("Expressions"), tr("Which are looked for, in words (Ctrl+E)"))
        self.reading_tab.setChecked(True)

    def turn(self) -> None:
        """Go to the other page."""
        (self.reading_tab if self.classes_tab.isChecked() else self.classes_tab).click()

    def _add(self, content: QWidget, text: str, tip: str) -> QPushButton:
        page = self._pages.addWidget(content)
        tab = QPushButton(text)
        tab.setProperty("role", "tab")
        tab.setCheckable(True)
        tab.setToolTip(tip)
        tab.clicked.connect(lambda: self._pages.setCurrentIndex(page))
        self._group.addButton(tab)
        self._tabs.addWidget(tab)
        return tab
