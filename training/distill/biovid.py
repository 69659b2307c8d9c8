"""The BioVid heat pain database, part A: five levels of pain, films of the face, and what the body did meanwhile.

Walter et al., The BioVid heat pain database (CYBCONF 2013). Below the data's folder, as it is handed out::

    samples.csv
    video/<subject>/<sample>.mp4
    biosignals_filtered/<subject>/<sample>_bio.csv

``samples.csv`` is separated by tabs: ``subject_id, subject_name, class_id, class_name, sample_id, sample_name``;
``class_id`` 0 is no pain (BL1) and 1 to 4 rise (PA1 to PA4). A ``_bio.csv``, too, has a head line and tabs; its columns
are ``time`` in microseconds and the signals, skin conductance (``gsr``), ``ecg`` and ``emg_trapezius``: the privileged
view.

The data is to be had from its authors for research; nothing of Mien's was trained or measured on it.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError

LEVELS = 5
SIGNALS = ("gsr", "ecg", "emg_trapezius")
_INDEX = "samples.csv"
_COLUMNS = ("subject_name", "class_id", "sample_name")


@dataclass(frozen=True, slots=True, eq=False)
class PainSamples:
    """Samples of some seconds each, in the order of the index.

    ``films`` ``[N]`` are MP4 files and ``signals`` ``[N]`` the files of :func:`read_signals`; ``levels`` int ``[N]`` of
    pain in 0..4; ``subjects`` int ``[N]`` places in ``names``: one person belongs on one side of a split.
    """

    films: tuple[Path, ...]
    signals: tuple[Path, ...]
    levels: NDArray[np.intp]
    subjects: NDArray[np.intp]
    names: tuple[str, ...]


def load_biovid(folder: Path) -> PainSamples:
    """Index the database. Raises ``DataError`` if it is not there, or laid out otherwise."""
    index = folder / _INDEX
    rows = _table(
        index, _COLUMNS, f"{folder} holds no BioVid: there is no {_INDEX} in it; ask its authors for the data."
    )
    names = sorted({row["subject_name"] for row in rows})
    films, signals, levels = [], [], []
    for number, row in enumerate(rows, 2):
        subject, sample, level = row["subject_name"], row["sample_name"], row["class_id"]
        if level not in {str(each) for each in range(LEVELS)}:
            raise DataError(f"{index}, line {number}: expected a class_id in 0..{LEVELS - 1}, got {level!r}.")
        films.append(folder / "video" / subject / f"{sample}.mp4")
        signals.append(folder / "biosignals_filtered" / subject / f"{sample}_bio.csv")
        levels.append(int(level))
    missing = [path for path in (*films, *signals) if not path.exists()]
    if missing:
        raise DataError(
            f"{len(missing)} files that {index} names are missing, {missing[0]} first: unpack the data again."
        )
    subjects = np.array([names.index(row["subject_name"]) for row in rows], np.intp)
    return PainSamples(tuple(films), tuple(signals), np.array(levels, np.intp), subjects, tuple(names))


def read_signals(path: Path) -> NDArray[np.float32]:
    """What a body did, float32 ``[T, 3]`` in the order of :data:`SIGNALS`. Raises ``DataError``."""
    rows = _table(path, SIGNALS, f"Cannot read {path}: unpack the data again.")
    try:
        signals = np.array([[float(row[name]) for name in SIGNALS] for row in rows], np.float32)
    except ValueError as error:
        raise DataError(f"{path} is not a file of BioVid's signals: {error}.") from error
    if not np.isfinite(signals).all():
        raise DataError(f"{path} is not a file of BioVid's signals: some of its numbers are not finite.")
    return signals


def _table(path: Path, columns: tuple[str, ...], absent: str) -> list[dict[str, str]]:
    """The rows of a file with a head line and tabs; ``absent`` is what is said if it cannot be opened."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(absent) from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not a table of BioVid: {error}.") from error
    reader = csv.DictReader(text.splitlines(), delimiter="\t")
    lacking = [name for name in columns if name not in (reader.fieldnames or ())]
    if lacking:
        raise DataError(f"{path} is not a table of BioVid: it lacks the column {lacking[0]}.")
    rows = list(reader)
    if not rows or any(row[name] is None for row in rows for name in columns):
        raise DataError(f"{path} is not a table of BioVid: it is empty, or a line is cut off.")
    return rows
