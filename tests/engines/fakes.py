"""Engines that a registry can hold in the place of the real ones."""

from collections.abc import Callable

from engines.base import EngineName
from engines.errors import EngineUnavailable
from engines.package import ModelPackage
from engines.registry import Entry
from tests.tiny import BrightnessEngine


class NoCard(BrightnessEngine):
    """Is installed, but cannot run on this machine."""

    def __init__(self, package: ModelPackage) -> None:
        super().__init__(package)
        raise EngineUnavailable("There is no card.")


class FailsAtWork(BrightnessEngine):
    """Opens, and then turns out to lack what it needs."""

    def warm_up(self) -> None:
        raise EngineUnavailable("The driver is too old.")


class Builds(BrightnessEngine):
    """Has to be built before it opens."""

    def __init__(self, package: ModelPackage, *, notify: Callable[[str, int, int], None]) -> None:
        super().__init__(package)
        notify("all", 0, 4)
        for done in range(1, 5):
            notify("part of it", 7, 7)
            notify("all", done, 4)


def entry(name: EngineName, kind: type[BrightnessEngine] = BrightnessEngine, *, slow: bool = False) -> Entry:
    """An entry of a fake engine, which stands on a library that is there."""
    command = f"pip install {name}"
    return Entry(name, kind.__module__, kind.__name__, "numpy", ("numpy",), command, slow=slow, builds=kind is Builds)


def missing(name: EngineName) -> Entry:
    """An entry whose library nobody has."""
    return Entry(name, "tests.tiny", "BrightnessEngine", "no_such_library", ("no-such-library",), f"pip install {name}")


def of_every_fate() -> tuple[Entry, ...]:
    """One that is missing, one that runs, one that cannot run here, and one that is slow to load."""
    return (
        missing(EngineName.TENSORRT),
        entry(EngineName.OPENVINO),
        entry(EngineName.ONNXRUNTIME, NoCard),
        entry(EngineName.TORCH, slow=True),
    )
