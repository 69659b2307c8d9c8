"""What an encoder is trained for."""

import torch.nn.functional as nnf
from torch import Tensor


def similarity(embeddings: Tensor, targets: Tensor, class_embeddings: Tensor, scale: float) -> Tensor:
    """Cross-entropy between the votes and the softmax of the scaled cosines to the words.

    ``embeddings`` float ``[N, D]`` and ``class_embeddings`` ``[K, D]`` are of unit length, ``targets`` ``[N, K]`` are
    distributions. This is L_s of Text-guided expression recognition with emotional-to-neutral transformation (arXiv
    2409.08598), with vote distributions as targets.
    """
    return nnf.cross_entropy(scale * embeddings @ class_embeddings.T, targets)
