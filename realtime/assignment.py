"""Pairs rows with columns so that the costs add up to the least."""

import numpy as np
from numpy.typing import NDArray

NO_PAIR = 1.0
"""What a row and a column cost that stay without each other; a pair that costs as much is not made."""


def assign(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairs (row, column) of ``costs`` ``[R, C]`` with the least total, rows ascending.

    An unpaired row and an unpaired column cost :data:`NO_PAIR` together, so a pair that spoils better ones is not made.
    The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987), in cubic time.
    """
    if costs.shape[0] > costs.shape[1]:
        return sorted((row, column) for column, row in assign(costs.T))
    costs = np.minimum(costs, NO_PAIR)
    rows, columns = costs.shape
    # Row and column 0 stand for "none", as in the usual way to write the method.
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, np.intp)
    for row in range(1, rows + 1):
        row_of[0] = row
        _augment(costs, row_of, row_price, column_price)
    pairs = ((int(row_of[column]) - 1, column - 1) for column in range(1, columns + 1) if row_of[column])
    return sorted((row, column) for row, column in pairs if costs[row, column] < NO_PAIR)


def _augment(
    costs: NDArray[np.float64],
    row_of: NDArray[np.intp],
    row_price: NDArray[np.float64],
    column_price: NDArray[np.float64],
) -> None:
    """Give the row in ``row_of[0]`` a column, moving other rows along the cheapest path that makes room."""
    slack = np.full(len(row_of), np.inf)
    came_from = np.zeros(len(row_of), np.intp)
    visited = np.zeros(len(row_of), bool)
    column = 0
    while row_of[column]:
        visited[column] = True
        row = row_of[column]
        reduced = costs[row - 1] - row_price[row] - column_price[1:]
        nearer = np.concatenate(([False], reduced < slack[1:])) & ~visited
        slack[nearer] = reduced[nearer[1:]]
        came_from[nearer] = column
        following = int(np.where(visited, np.inf, slack).argmin())
        step = slack[following]
        row_price[row_of[visited]] += step
        column_price[visited] -= step
        slack[~visited] -= step
        column = following
    while column:
        row_of[column] = row_of[came_from[column]]
        column = int(came_from[column])
