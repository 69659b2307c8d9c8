"""Measures a model package on faces with votes. Needs no torch."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.base import Engine
from engines.errors import DataError
from engines.package import ModelPackage
from engines.text_head import TextHead
from training.data import CLASSES, Faces, Protocol, select
from training.metrics import Metrics, measure


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The figures of one model on one set of faces, by one protocol."""

    protocol: Protocol
    classes: tuple[str, ...]
    metrics: Metrics
    model: str
    engine: str

    def to_dict(self) -> dict[str, Any]:
        """As ``evaluate --json`` writes it; a class without faces has no recall."""
        m = self.metrics
        return {
            "protocol": self.protocol,
            "n": m.n,
            "accuracy": m.accuracy,
            "macro_recall": m.macro_recall,
            "recall": {name: None if np.isnan(r) else float(r) for name, r in zip(self.classes, m.recall, strict=True)},
            "ece": m.ece,
            "nll": m.nll,
            "confusion": m.confusion.tolist(),
            "model": self.model,
            "engine": self.engine,
        }


def evaluate(package: ModelPackage, engine: Engine, head: TextHead, faces: Faces, protocol: Protocol) -> Evaluation:
    """Read every face that ``protocol`` keeps and compare with its votes.

    The k-th class of ``head`` answers for the k-th expression of FER+, whatever words describe it. Raises
    ``DataError`` if the classes are not eight, the faces are not of the encoder's size, or the protocol keeps none.
    """
    if len(head.classes) != len(CLASSES):
        raise DataError(
            f"Evaluation needs {len(CLASSES)} classes in the order {', '.join(CLASSES)}; got {len(head.classes)}."
        )
    wanted = (package.card.channels, package.card.size, package.card.size)
    if faces.images.shape[1:] != wanted:
        raise DataError(f"{package.card.name} reads faces {list(wanted)}, the file has {list(faces.images.shape[1:])}.")
    keep, labels = select(faces.votes, protocol)
    if not keep.any():
        raise DataError(f"The {protocol} protocol keeps none of the {len(faces)} faces.")
    probabilities = head.probabilities(engine.embed(faces.images[keep]))
    described = f"{engine.name} {engine.device} {engine.precision}"
    return Evaluation(protocol, head.classes, measure(probabilities, labels[keep]), package.card.name, described)
