"""Measures how much of the accuracy is left when every class is named by a synonym that no training description has.

    python scripts/measure_synonyms.py ../shared/data/ferplus_valid.npz

Prints the accuracy with the classes' own words, and with each wording of the synonyms: as ``mien evaluate --prompts``
with a file that says of each class nothing but that.
"""

import argparse
from pathlib import Path

import numpy as np

from engines.assets import Assets
from engines.package import ModelPackage
from engines.prompts import Prompts
from engines.select import open_engine
from engines.text_head import TextHead
from training.data import load_faces, select

ADJECTIVES = {
    "neutral": "calm",
    "happiness": "joyful",
    "surprise": "astonished",
    "sadness": "sorrowful",
    "anger": "enraged",
    "disgust": "revolted",
    "fear": "terrified",
    "contempt": "scornful",
}
NOUNS = {
    "neutral": "calm",
    "happiness": "joy",
    "surprise": "astonishment",
    "sadness": "sorrow",
    "anger": "rage",
    "disgust": "revulsion",
    "fear": "terror",
    "contempt": "scorn",
}

WORDINGS = (
    ("{}", NOUNS),
    ("{}", ADJECTIVES),
    ("a {} face", ADJECTIVES),
    ("a person with a {} face", ADJECTIVES),
    ("a photo of a {} person", ADJECTIVES),
    ("an expression of {}", NOUNS),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="faces with votes, laid out as the FER+ files")
    parser.add_argument("--model", help="a model that ships, or the folder of a package; else the default")
    chosen = parser.parse_args()
    package, assets = ModelPackage.load(chosen.model), Assets.from_environment(notify=print)
    faces = load_faces(chosen.data)
    keep, labels = select(faces.votes, "argmax")
    with open_engine(package) as engine:
        embeddings = engine.embed(faces.images[keep])

    def accuracy(prompts: Prompts | None) -> float:
        head = TextHead.of(package, prompts, assets)
        return float((head.probabilities(embeddings).argmax(axis=1) == labels[keep]).mean())

    own = accuracy(None)
    print(f"{'its own words':32} {own:7.1%}")
    shares = []
    for wording, words in WORDINGS:
        prompts = Prompts.from_mapping({name: wording.format(word) for name, word in words.items()}, wording)
        reached = accuracy(prompts)
        shares.append(reached / own)
        print(f"{wording.format(words['happiness']):32} {reached:7.1%} {shares[-1]:7.1%} of that")
    print(f"{'mean':32} {'':7} {np.mean(shares):7.1%}")


if __name__ == "__main__":
    main()
