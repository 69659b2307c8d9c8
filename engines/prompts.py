"""Class prompts: the words that a face is matched against.

A prompts file is TOML: one entry a class, its name and one or more descriptions::

    [classes]
    happiness = ["a happy person", "mouth corners pulled up, cheeks raised"]
    boredom = "a bored person"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engines.errors import PromptError
from engines.files import read_toml, toml_table, written_whole
from engines.vectors import unit

EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "neutral": (
        "a person with a neutral face",
        "a relaxed face without any expression",
        "an indifferent person who shows no emotion",
        "a face with no feeling, neither pleasant nor unpleasant, low energy, relaxed",
        "quiet eyes, mouth closed, brows level, no muscle moved",
        "a relaxed, indifferent face, neither glad nor sad",
    ),
    "happiness": (
        "a person with a happy face",
        "a cheerful person, smiling or laughing",
        "a delighted, merry face",
        "a pleasant, positive feeling with high energy",
        "cheeks raised, mouth corners up, teeth showing, eyes narrowed by smiling",
        "a cheerful, delighted, amused face, the opposite of sad",
    ),
    "surprise": (
        "a person with a surprised face",
        "an amazed, stunned person",
        "a face startled by something unexpected",
        "a sudden, high-energy feeling, neither pleasant nor unpleasant",
        "eyebrows raised high, eyes wide open, mouth open and round",
        "a startled, amazed face, wide-eyed as in fear but not unhappy",
    ),
    "sadness": (
        "a person with a sad face",
        "an unhappy, downhearted person, close to tears",
        "a gloomy, grieving, miserable face",
        "an unpleasant, negative feeling with low energy, helpless",
        "inner eyebrows raised, eyes downcast, mouth corners down",
        "an unhappy, gloomy face, tired and tearful, almost without energy",
    ),
    "anger": (
        "a person with an angry face",
        "a furious, irate person",
        "an annoyed, mad, hostile face",
        "an unpleasant, negative feeling with high energy, tense and attacking",
        "eyebrows lowered and drawn together, hard eyes, lips pressed or teeth bared",
        "a hostile, furious face, tense and frowning, close to disgust",
    ),
    "disgust": (
        "a person with a disgusted face",
        "a person sickened by something foul",
        "a repelled face, full of nausea",
        "an unpleasant, negative feeling of rejecting something, tense",
        "nose wrinkled, eyebrows lowered, upper lip raised, eyes narrowed, teeth showing",
        "a repelled, sickened face, frowning, close to anger",
    ),
    "fear": (
        "a person with a fearful face",
        "a scared, frightened person",
        "an anxious face in panic",
        "an unpleasant, negative feeling with high energy, tense and helpless",
        "eyebrows raised and drawn together, eyes wide open, mouth open and stretched",
        "a scared, frightened face, wide-eyed, close to surprise",
    ),
    "contempt": (
        "a person with a contemptuous face",
        "a disdainful person who looks down on others",
        "a smug, sneering face full of disrespect",
        "a mildly unpleasant feeling with low energy, looking down on somebody",
        "one mouth corner raised in a half smile, eyes half closed, brows level",
        "a smug, disdainful face, almost neutral with a hint of a smile or of disgust",
    ),
}
"""The eight expressions of FER+, in its order, with the descriptions that the shipped weights were trained with."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """Named classes, each with its descriptions."""

    classes: tuple[str, ...]
    descriptions: tuple[tuple[str, ...], ...]

    @classmethod
    def from_mapping(cls, classes: Mapping[str, object], origin: str) -> "Prompts":
        """Check ``classes`` (name to description or descriptions). Raises ``PromptError``, which names ``origin``."""
        if len(classes) < 2:
            raise PromptError(f"{origin} names {len(classes)} classes: describe at least two under [classes].")
        described = [described_by(name, value, origin) for name, value in classes.items()]
        return cls(tuple(classes), tuple(described))

    @classmethod
    def load(cls, path: Path) -> "Prompts":
        """Read a prompts file. Raises ``PromptError`` if it cannot be read or describes fewer than two classes."""
        document = read_toml(path, "prompts file", PromptError)
        classes = document.get("classes")
        if not isinstance(classes, dict):
            raise PromptError(
                f'The prompts file {path} has no [classes] table: add lines like boredom = "a bored person".'
            )
        return cls.from_mapping(classes, f"The prompts file {path}")

    def pick(self, rows: Sequence[int]) -> "Prompts":
        """Some of these, by their numbers and in that order."""
        return Prompts(tuple(self.classes[row] for row in rows), tuple(self.descriptions[row] for row in rows))

    def save(self, path: Path) -> None:
        """Write a prompts file, whole or not at all, which :meth:`load` reads as these. Raises ``OutputError``."""
        with written_whole(path) as partial:
            partial.write_text(self.to_toml(), encoding="utf-8")

    def to_toml(self) -> str:
        """The text of a prompts file."""
        return toml_table("classes", dict(zip(self.classes, self.descriptions, strict=True)))


def described_by(name: str, value: object, origin: str) -> tuple[str, ...]:
    """The descriptions of class ``name``, a text or a list of them. Raises ``PromptError``, which names ``origin``."""
    lines = value if isinstance(value, list | tuple) else [value]
    texts = tuple(line.strip() for line in lines if isinstance(line, str))
    if not (name.strip() and texts and all(texts) and len(texts) == len(lines)):
        raise PromptError(f'{origin}: class "{name}" needs one or more descriptions in words, as a list of texts.')
    return texts


DEFAULT = Prompts.from_mapping(EXPRESSIONS, "The default prompts")


_CENTRE_WEIGHT = 2
"""How many new classes the trained centre counts for.

With eight synonyms in each of 14 wordings, the share of held-out training faces that is read rightly is 71 % on the
trained centre, 75 on the classes' own mean, and 74 with this.
"""

_NO_DIRECTION = 1e-3
"""A singular value of the trained classes, relative to the largest, that is rounding: their sum is about zero."""


class SentenceEncoder(Protocol):
    """Makes points of sentences, as :class:`engines.text_encoder.TextEncoder` does."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length float32 ``[N, D]``, one of each sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassEmbeddings:
    """Where each class lies in text space.

    ``vectors`` is unit-length float32 ``[K, D]``, centred; ``centre`` float32 ``[D]`` is what was subtracted. Sentences
    about faces all lie close together: only what is left after their common part is taken away tells them apart.
    """

    classes: tuple[str, ...]
    vectors: NDArray[np.float32]
    centre: NDArray[np.float32]

    @classmethod
    def encode(cls, prompts: Prompts, encoder: SentenceEncoder) -> "ClassEmbeddings":
        """Average each class's descriptions, and centre them on the classes' own mean."""
        means = _means(prompts, encoder)
        centre = means.mean(axis=0)
        return cls(prompts.classes, unit(means - centre), centre)

    def place(self, prompts: Prompts, encoder: SentenceEncoder) -> "ClassEmbeddings":
        """Other classes among these, for a face encoder that was trained with these.

        Classes written in one manner share what that manner sounds like: most of it goes with their own mean, which
        two classes alone would be torn apart by, hence the trained centre's part in it. And of what is left, only the
        directions count that the trained classes span: a face is never moved in any other.
        """
        means = _means(prompts, encoder)
        centre = (_CENTRE_WEIGHT * self.centre + means.sum(axis=0)) / (_CENTRE_WEIGHT + len(means))
        _, strengths, directions = np.linalg.svd(self.vectors, full_matrices=False)
        span = directions[strengths > _NO_DIRECTION * strengths[0]]
        return ClassEmbeddings(prompts.classes, unit((means - centre) @ span.T @ span), centre)

    def pick(self, rows: Sequence[int], names: tuple[str, ...]) -> "ClassEmbeddings":
        """Some of these classes, by their numbers and in that order, where they were trained, as ``names``."""
        return ClassEmbeddings(names, self.vectors[list(rows)], self.centre)

    def shares(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """How ``vectors`` ``[N, D]``, in directions of these, are made up of them: float32 ``[N, K]``."""
        made: NDArray[np.float32] = vectors @ np.linalg.pinv(self.vectors, rcond=_NO_DIRECTION)
        return made


def _means(prompts: Prompts, encoder: SentenceEncoder) -> NDArray[np.float32]:
    """The mean of each class's descriptions, float32 ``[K, D]``."""
    return np.stack([encoder.encode(texts).mean(axis=0) for texts in prompts.descriptions])
