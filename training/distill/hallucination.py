"""An encoder that imagines from the face what a teacher sees besides, and reads both (PKDOT, arXiv 2401.15489)."""

import torch.nn.functional as nnf
from torch import Tensor, nn

IMAGINING = ("transport", "rows")
"""The objectives of distillation whose student has this net."""

_HIDDEN = (256, 128, 256)


class Transformation(nn.Module):
    """From a face's embedding to the privileged one, unit float ``[N, D]`` to ``[N, D]``.

    The paper's widths are 512-256-128-256-512 with ReLU; here the outer two are those of text space.
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = dimensions
        for width in _HIDDEN:
            layers += [nn.Linear(inputs, width), nn.ReLU()]
            inputs = width
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, dimensions))
        # As torch begins, all faces would be imagined alike, and the structure of what is alike has no gradient.
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)

    def forward(self, embeddings: Tensor) -> Tensor:
        return nnf.normalize(self.layers(embeddings).float(), dim=1)


class HallucinatingEncoder(nn.Module):
    """``encoder``, and the direction of the sum of what it sees and what it imagines.

    Takes and gives what ``encoder`` does: unit float ``[N, D]``. The paper joins the two side by side; a sum stays in
    text space.
    """

    def __init__(self, encoder: nn.Module, dimensions: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.transformation = Transformation(dimensions)

    def both(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings of ``faces``, and what is hallucinated of them: both unit float ``[N, D]``."""
        seen = self.encoder(faces)
        hallucinated = self.transformation(seen)
        return nnf.normalize(seen + hallucinated, dim=1), hallucinated

    def forward(self, faces: Tensor) -> Tensor:
        return self.both(faces)[0]
