"""From which probability on an answer is believed."""

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor


class Threshold(Protocol):
    """Says which answers are sure enough, and may learn from them what to expect."""

    def passes(self, probabilities: Tensor) -> Tensor:
        """Which of ``probabilities`` ``[N, K]`` are sure enough: bool ``[N]``."""

    def accept(self, probabilities: Tensor) -> Tensor:
        """The same, and what they are like is remembered."""

    def state(self) -> dict[str, Tensor]:
        """What was learned, for a checkpoint."""

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of :meth:`state`."""


class Fixed:
    """The same for every class, always."""

    def __init__(self, least: float) -> None:
        self._least = least

    def passes(self, probabilities: Tensor) -> Tensor:
        return probabilities.amax(dim=1) >= self._least

    accept = passes

    def state(self) -> dict[str, Tensor]:
        return {}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        pass


class Adaptive:
    """Lower for classes that are seldom expected, and never above ``most``: rare ones are learned from as well.

    After FreeMatch (Wang et al., arXiv 2205.07246): the running mean of the largest probability is what one may ask of
    a face at this stage of the training; a class is asked for the share of it that its running mean probability has of
    the likeliest class's.
    """

    def __init__(self, classes: int, most: float, momentum: float = 0.99, device: torch.device | None = None) -> None:
        self._most = most
        self._momentum = momentum
        self._sureness = torch.full((), 1 / classes, device=device)
        self._expected = torch.full((classes,), 1 / classes, device=device)

    @property
    def least(self) -> Tensor:
        """What is asked of each class now, float ``[K]``."""
        return (self._sureness * self._expected / self._expected.max()).clamp(max=self._most)

    def passes(self, probabilities: Tensor) -> Tensor:
        best, label = probabilities.max(dim=1)
        return best >= self.least[label]

    @torch.no_grad()
    def accept(self, probabilities: Tensor) -> Tensor:
        self._sureness.lerp_(probabilities.amax(dim=1).mean(), 1 - self._momentum)
        self._expected.lerp_(probabilities.mean(dim=0), 1 - self._momentum)
        return self.passes(probabilities)

    def state(self) -> dict[str, Tensor]:
        return {"sureness": self._sureness, "expected": self._expected}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        self._sureness.copy_(state["sureness"])
        self._expected.copy_(state["expected"])
