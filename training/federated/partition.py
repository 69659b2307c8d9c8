"""Deals the faces of one file out to clients that differ, and spoils labels, as studies of federations do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError
from training.data import CLASSES, Faces, hold_out, select
from training.recipe import Recipe

_TRIES = 1000
_AGREED = 10
"""Votes of a face whose label is spoilt, all for one class."""


def dirichlet(
    labels: NDArray[np.integer], clients: int, concentration: float, seed: int, *, least: int
) -> list[NDArray[np.intp]]:
    """The rows of each client, sorted: each row is one client's, and no client has fewer than ``least`` or one class.

    Of each class the clients have shares that are drawn from a symmetric Dirichlet distribution (Hsu et al., arXiv
    1909.06335): with a ``concentration`` of 0.1 most of a class is with one or two of them, with 100 all are alike.
    ``labels`` are int ``[N]``. Raises ``DataError`` if no draw gives every client enough.
    """
    if clients < 1 or concentration <= 0:
        raise DataError(f"Give one client or more and a concentration above 0, not {clients} and {concentration}.")
    chance = np.random.default_rng([seed, 5])
    for _ in range(_TRIES):
        owners = _deal(labels, clients, concentration, chance)
        parts = [np.flatnonzero(owners == client) for client in range(clients)]
        if all(len(part) >= least and len(np.unique(labels[part])) > 1 for part in parts):
            return parts
    raise DataError(
        f"{len(labels)} faces do not give each of {clients} clients {least} of two classes at a concentration of "
        f"{concentration}: take fewer clients, more faces or a higher concentration."
    )


def _deal(
    labels: NDArray[np.integer], clients: int, concentration: float, chance: np.random.Generator
) -> NDArray[np.intp]:
    owners = np.empty(len(labels), np.intp)
    for label in np.unique(labels):
        rows = chance.permutation(np.flatnonzero(labels == label))
        shares = chance.dirichlet(np.full(clients, concentration))
        ends = np.round(np.cumsum(shares) * len(rows)).astype(int)[:-1]
        for client, part in enumerate(np.split(rows, ends)):
            owners[part] = client
    return owners


def flipped(faces: Faces, share: float, rows: NDArray[np.integer], seed: int) -> Faces:
    """``faces``, of which that ``share`` of ``rows`` has all votes for another class, each other one alike likely.

    Raises ``DataError`` if ``share`` is not in 0..1.
    """
    if not 0 <= share <= 1:
        raise DataError(f"A share of spoilt labels is in 0..1, not {share}.")
    chance = np.random.default_rng([seed, 6])
    chosen = chance.permutation(rows)[: round(share * len(rows))]
    votes = faces.votes.copy()
    before = votes[chosen, : len(CLASSES)].argmax(axis=1)
    after = (before + chance.integers(1, len(CLASSES), len(chosen))) % len(CLASSES)
    votes[chosen] = 0
    votes[chosen, after] = _AGREED
    return Faces(faces.images, votes)


def dealt(faces: Faces, count: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of ``faces`` that are dealt out to clients, and those that are left over, both in an order by chance.

    Only faces that the argmax protocol keeps, of which ``count`` are dealt out; all if that is 0.
    """
    known, _ = select(faces.votes, "argmax")
    rows = np.random.default_rng([seed, 4]).permutation(np.flatnonzero(known))
    first = count or len(rows)
    return rows[:first], rows[first:]


def clients_of(
    recipe: Recipe, faces: Faces, clients: int, concentration: float, noise: float, *, least: int = 40
) -> Sequence[tuple[str, Faces]]:
    """``faces`` dealt out to so many clients, by name; ``noise`` is the share of spoilt labels among those trained on.

    What a client holds out keeps its labels. Raises ``DataError`` if they are too few.
    """
    rows, _ = dealt(faces, recipe.data.faces, recipe.seed)
    _, labels = select(faces.votes, "argmax")
    parts = dirichlet(labels[rows], clients, concentration, recipe.seed, least=least)
    width = len(str(clients - 1))
    named = []
    for number, part in enumerate(parts):
        its = faces[rows[part]]
        kept, _ = hold_out(len(its), recipe.data.held_out, recipe.seed)
        named.append((f"client-{number:0{width}}", flipped(its, noise, kept, recipe.seed * 1000 + number)))
    return named
