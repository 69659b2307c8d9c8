"""The class embeddings that an encoder is trained towards: the words', or a control in their place."""

from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from engines.errors import DataError
from engines.prompts import ClassEmbeddings

Head = Literal["text", "random", "shuffled", "linear"]
"""*text*: what the words say; the controls: *random* orthonormal directions, the words *shuffled* among the classes,
and *linear*, directions that start at random and are learned."""
HEADS: tuple[str, ...] = get_args(Head)


def directions(head: str, words: ClassEmbeddings, seed: int) -> ClassEmbeddings:
    """``words`` themselves, or what ``head`` puts in their place. Raises ``DataError`` if there is no such head."""
    count, dimensions = words.vectors.shape
    chance = np.random.default_rng([seed, 1])
    match head:
        case "text":
            return words
        case "shuffled":
            # Each class gets another one's words: a turn of a random order leaves none in its place.
            order = chance.permutation(count)
            vectors = np.empty_like(words.vectors)
            vectors[order] = words.vectors[np.roll(order, 1)]
        case "random" | "linear":
            basis, _ = np.linalg.qr(chance.standard_normal((dimensions, count)))
            vectors = np.ascontiguousarray(basis.T.astype(np.float32))
        case _:
            raise DataError(f"objective.head is {head!r}: choose one of {', '.join(HEADS)}.")
    return replace(words, vectors=vectors)
