"""The panel at the right of the picture: what is read, or, behind the other tab, the classes that are looked for."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui.language import tr


class SidePanel(QWidget):
    """Two pages, one at a time; as wide as the first."""

    def __init__(self, reading: QWidget) -> None:
        super().__init__()
        self.setFixedWidth(reading.width())
        self._pages = QStackedWidget()
        self._pages.addWidget(reading)
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
        self.reading_tab = self._add_tab(tr("Reading"), tr("What is read in the selected face"))
        self.reading_tab.setChecked(True)

    def add_classes(self, classes: QWidget) -> None:
        """Have the editor of the classes behind the other tab."""
        self._pages.addWidget(classes)
        self.classes_tab = self._add_tab(tr("Classes"), tr("Which expressions are looked for, in words (Ctrl+E)"))

    def show_classes(self) -> None:
        """Go to the classes, or back from them."""
        (self.reading_tab if self.classes_tab.isChecked() else self.classes_tab).click()

    def _add_tab(self, text: str, tip: str) -> QPushButton:
        tab = QPushButton(text)
        tab.setProperty("role", "tab")
        tab.setCheckable(True)
        tab.setToolTip(tip)
        page = self._pages.count() - 1
        tab.clicked.connect(lambda: self._pages.setCurrentIndex(page))
        self._group.addButton(tab)
        self._tabs.addWidget(tab)
        return tab
