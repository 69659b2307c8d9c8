"""Reads faces with the tool ``fer``: for ``compare_tools.py``, which runs this with the Python that ``fer`` is in.

    PYTHON scripts/fer_answers.py faces.npy answers.json

``faces.npy`` is uint8 ``[N, S, S]``, grey. Writes the tool's version, the expression that it gives each face, by its
own name for it, and how many milliseconds that took.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WARM_UP = 20


def answers(faces: NDArray[np.uint8]) -> dict[str, Any]:
    """What the tool says of ``faces``, each by itself as a picture that is all face: nothing is looked for."""
    from fer.fer import FER  # type: ignore[import-not-found]  # noqa: PLC0415 - it is not in our environment

    tool = FER(offsets=(0, 0))  # a margin would be of grey, around a face that has its own
    whole = [(0, 0, faces.shape[2], faces.shape[1])]
    given, taken = [], []
    for face in [*[faces[0]] * WARM_UP, *faces]:
        picture = np.repeat(face[..., None], 3, axis=2)
        began = time.perf_counter()
        (read,) = tool.detect_emotions(picture, face_rectangles=whole)
        taken.append((time.perf_counter() - began) * 1000)
        given.append(max(read["emotions"], key=read["emotions"].__getitem__))
    return {"version": version("fer"), "given": given[WARM_UP:], "milliseconds": taken[WARM_UP:]}


if __name__ == "__main__":
    pictures = np.load(sys.argv[1], allow_pickle=False)
    Path(sys.argv[2]).write_text(json.dumps(answers(pictures)), encoding="utf-8")
