"""Energy, where the system tells it: of processors by RAPL on Linux, of NVIDIA's cards by their driver."""

import re
from dataclasses import dataclass
from pathlib import Path

from realtime.benchmark import nvml

_POWERCAP = Path("/sys/class/powercap")
_PACKAGE = re.compile(r"intel-rapl:\d+")  # AMD's are called so as well; those with a second number are parts of these


@dataclass(frozen=True, slots=True)
class _Counter:
    """The energy counter of one processor, in microjoules, which starts over after ``span``."""

    path: Path
    span: int

    def read(self) -> int:
        return _number(self.path)


class EnergyMeter:
    """Counts from when it is made. Everything on the machine counts, not only this program."""

    def __init__(self, powercap: Path = _POWERCAP) -> None:
        self._cpu = [(counter, counter.read()) for counter in _counters(powercap)]
        self._gpu = nvml.joules()

    def spent(self) -> dict[str, float | None]:
        """Joules of all processors (``cpu``) and all cards (``gpu``); None where the system does not tell.

        A processor's counter starts over after about an hour at 70 W: of a longer run too little is told.
        """
        cpu = sum((counter.read() - before) % counter.span for counter, before in self._cpu) / 1e6
        gpu = nvml.joules()
        return {
            "cpu": cpu if self._cpu else None,
            "gpu": None if gpu is None or self._gpu is None else gpu - self._gpu,
        }


def _counters(powercap: Path) -> list[_Counter]:
    """The processors whose counters this user may read; most systems let only root."""
    found = []
    for folder in sorted(powercap.glob("intel-rapl:*")):
        try:
            # "psys" is the whole board, and has the processor in it.
            if _PACKAGE.fullmatch(folder.name) and (folder / "name").read_text().startswith("package"):
                counter = _Counter(folder / "energy_uj", _number(folder / "max_energy_range_uj") + 1)
                counter.read()
                found.append(counter)
        except (OSError, ValueError):
            continue
    return found


def _number(path: Path) -> int:
    return int(path.read_text())
