"""What the commands of this room are lent by the command line, and which extra they cannot do without."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from engines.errors import MienError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engines.assets import Assets
    from training.data import Faces
    from training.distill.task_examples import Cut
    from training.recipe import Recipe
    from training.train import Progress


@dataclass(frozen=True, slots=True)
class Tools:
    """How to ``say`` something, tell a ``result`` or print a ``table`` of results, show ``progress``, and find faces.

    ``table`` takes a title, a header and rows; ``progress`` a title. ``gather`` and ``gather_labelled`` find the faces
    in a folder, framed as a recipe's encoder wants them: uint8 ``[N, C, S, S]``, or with their labels. ``cut_films``
    finds those in films, as a task wants them.
    """

    say: Callable[[str], None]
    result: Callable[[str], None]
    table: Callable[[str, tuple[str, ...], list[tuple[str, ...]]], None]
    progress: "Callable[[str], AbstractContextManager[Progress]]"
    gather: "Callable[[Path, Recipe, Assets], NDArray[np.uint8]]"
    gather_labelled: "Callable[[Path, Recipe, Assets], Faces]"
    cut_films: "Cut"


def lent(context: typer.Context) -> Tools:
    """What the command line lends: it hands over how this is made, for making it loads what no help needs."""
    make: Callable[[], Tools] = context.obj
    return make()


def need(purpose: str, extra: str, *modules: str) -> None:
    """Raise ``MienError`` if one of the ``modules``, which the ``extra`` brings for this ``purpose``, is missing."""
    for module in modules:
        if find_spec(module) is None:
            raise MienError(
                f'{purpose} needs {module}: install it with pip install "mien[{extra}]" '
                f'(in a clone: pip install -e ".[{extra}]").'
            )
