"""The class embeddings that an encoder is trained towards: the words', or a control in their place."""

from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from engines.assets import Assets
from engines.errors import DataError
from engines.prompts import DEFAULT, ClassEmbeddings, Prompts
from engines.text_encoder import TextEncoder
from training.batches import trained_classes
from training.data import CLASSES
from training.recipe import Recipe

Head = Literal["text", "random", "shuffled", "linear"]
"""*text*: what the words say; the controls: *random* orthonormal directions, the words *shuffled* among the classes,
and *linear*, directions that start at random and are learned."""
HEADS: tuple[str, ...] = get_args(Head)


def described(recipe: Recipe) -> Prompts:
    """The expressions that ``recipe`` trains, in the words of its prompts file if it names one, else in Mien's own.

    Raises ``PromptError`` if the file cannot be read, and ``DataError`` if it describes other classes than FER+ has, or
    the recipe leaves out what is none.
    """
    file = recipe.objective.prompts
    prompts = Prompts.load(Path(file)) if file else DEFAULT
    texts = dict(zip(prompts.classes, prompts.descriptions, strict=True))
    if set(texts) != set(CLASSES):
        raise DataError(f"The prompts file {file} does not describe just the faces' classes: {', '.join(CLASSES)}.")
    return Prompts.from_mapping({name: texts[name] for name in trained_classes(recipe)}, recipe.name)


def class_embeddings(assets: Assets, recipe: Recipe) -> ClassEmbeddings:
    """What :func:`described` says, as points. Raises ``AssetError`` if the text encoder cannot be had, too."""
    return ClassEmbeddings.encode(described(recipe), TextEncoder.from_assets(assets))


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
