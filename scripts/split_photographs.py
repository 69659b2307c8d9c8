"""Divides photographs by person: most may be learned from, without their labels, and the others measure what that gave.

    python scripts/split_photographs.py faces_lfw_imfdb.zip runs/photographs

One person in five is held out, by a checksum of the name. In ``learn`` are the pictures of the others, for ``mien train
--unlabelled``; ``held.zip`` has those held out with their labels, for ``measure_photographs.py``.
"""

import argparse
import csv
import io
import zipfile
import zlib
from pathlib import Path

_ONE_IN = 5


def is_held_out(identity: str) -> bool:
    """Whether the photographs of this person only measure."""
    return zlib.crc32(identity.encode()) % _ONE_IN == 0


def divide(archive: Path, folder: Path) -> tuple[int, int]:
    """Write both parts of ``archive`` into ``folder``; how many photographs each has."""
    learn = folder / "learn"
    learn.mkdir(parents=True, exist_ok=True)
    counts = {True: 0, False: 0}
    with zipfile.ZipFile(archive) as files, zipfile.ZipFile(folder / "held.zip", "w") as held:
        labels = csv.DictReader(io.StringIO(files.read("labels.csv").decode()))
        table = io.StringIO()
        measured = csv.DictWriter(table, labels.fieldnames or ())
        measured.writeheader()
        for row in labels:
            name = f"images/{row['file']}"
            if is_held_out(row["identity"]):
                measured.writerow(row)
                held.writestr(name, files.read(name))
            else:
                (learn / row["file"].replace("/", "_")).write_bytes(files.read(name))
            counts[is_held_out(row["identity"])] += 1
        held.writestr("labels.csv", table.getvalue())
    return counts[False], counts[True]


def main() -> None:
    """Divide, and say how."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, help="faces_lfw_imfdb.zip")
    parser.add_argument("folder", type=Path, help="where both parts go")
    given = parser.parse_args()
    learn, held = divide(given.photographs, given.folder)
    print(f"{learn} photographs to learn from in {given.folder / 'learn'}, {held} to measure on in held.zip.")


if __name__ == "__main__":
    main()
