"""Faces whose expression is known or nearly so, to compare others with."""

from collections.abc import Mapping

import torch
from torch import Tensor


class MemoryBank:
    """The last ``room`` embeddings of each of ``classes`` classes: bounded, and as many of a rare one as of a common.

    ``features`` float ``[K, R, D]``, of which the first ``filled`` ``[K]`` of each class are taken.
    """

    def __init__(self, classes: int, room: int, dimensions: int, device: torch.device | None = None) -> None:
        if min(classes, room, dimensions) < 1:
            raise ValueError(f"bank: expected sizes from 1 up, got {classes} x {room} x {dimensions}")
        self.features = torch.zeros(classes, room, dimensions, device=device)
        self.seen = torch.zeros(classes, dtype=torch.long, device=device)

    @property
    def filled(self) -> Tensor:
        """How many places of each class are taken, int ``[K]``."""
        return self.seen.clamp(max=self.features.shape[1])

    @torch.no_grad()
    def add(self, embeddings: Tensor, labels: Tensor) -> None:
        """Keep unit ``embeddings`` ``[N, D]`` under their ``labels`` int ``[N]``; the oldest of a full class go."""
        room = self.features.shape[1]
        for label in sorted(set(labels.tolist())):
            new = embeddings[labels == label].float()[-room:]
            places = (int(self.seen[label]) + torch.arange(len(new), device=new.device)) % room
            self.features[label, places] = new
            self.seen[label] += len(new)

    def state(self) -> dict[str, Tensor]:
        """Everything, for a checkpoint."""
        return {"features": self.features, "seen": self.seen}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of :meth:`state`."""
        self.features.copy_(state["features"])
        self.seen.copy_(state["seen"])
