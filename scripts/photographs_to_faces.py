"""Makes faces with votes of labelled photographs, in colour and as large as a teacher is to see them.

    python scripts/photographs_to_faces.py ../shared/data/faces_lfw_imfdb.zip runs/photographs-96.npz --size 96

A recipe with ``data.privileged = "resolution"`` trains a student on them that sees them in its own size and colour. A
random part of the faces is held out, and others of the same people are trained on: figures flatter both sides alike.
"""

import argparse
from pathlib import Path

from training.data import save_faces
from training.distill.photographs import load_photographs


def main() -> None:
    """Read, write, and say how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, help="faces_lfw_imfdb.zip")
    parser.add_argument("out", type=Path, help="the file of faces")
    parser.add_argument("--size", type=int, default=96, help="pixels a side")
    given = parser.parse_args()
    faces = load_photographs(given.photographs, given.size)
    save_faces(faces, given.out)
    print(f"{len(faces)} faces of {given.size} x {given.size} pixels in {given.out}.")


if __name__ == "__main__":
    main()
