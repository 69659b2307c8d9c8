"""What a federation's blocks make of the labels that its clients train on, for ``study_federated.py``."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from training.metrics import rank_correlation

if TYPE_CHECKING:
    from training.federated.exchange import Weights
    from training.federated.faces import ClientFaces
    from training.federated.local import Client


def estimated(clients: "Iterable[Client]") -> dict[str, float]:
    """How the estimators' doubt goes with the entropy of the votes, by client: Spearman's rho on held-out faces."""
    from training.federated.faces import entropy  # noqa: PLC0415 - torch, in the child alone

    found = {}
    for client in clients:
        doubt, disagreement = 1 - client.confidence(client.faces.held), entropy(client.faces.held_votes)
        if len(np.unique(doubt)) > 1 and len(np.unique(disagreement)) > 1:
            found[client.name] = rank_correlation(doubt, disagreement)
    return found


def relabelled(clients: "Iterable[Client]", sound: "Iterable[ClientFaces]", common: "Weights") -> dict[str, float]:
    """What happens to labels as one more round would begin, over the training faces of all ``clients``.

    ``sound`` are the same faces with labels that nobody spoilt. ``believed`` and ``believed_spoilt`` are the mean
    confidences in labels as they were and in spoilt ones; ``kept`` and ``mended`` are the shares of these whose refined
    label names the expression that it was before any was spoilt; ``read`` is the share of the spoilt ones to which the
    ``common`` model itself gives that expression. Clients take ``common`` over.
    """
    import torch  # noqa: PLC0415 - in the child alone

    from training.federated.labels import relabel  # noqa: PLC0415
    from training.federated.local import graph_of  # noqa: PLC0415

    parts = []
    for client, truth in zip(clients, sound, strict=True):
        client.receive(common)
        recipe, words = client.recipe, client.model.class_embeddings.detach()
        x, targets = torch.from_numpy(client.embed(client.faces.images)), torch.from_numpy(client.faces.targets)
        right, spoilt = truth.targets.argmax(axis=1), (truth.targets != client.faces.targets).any(axis=1)
        for rows in torch.split(torch.arange(len(x)), recipe.optimiser.batch):
            graph = graph_of(x[rows], recipe)
            with torch.no_grad():
                believed = client.model.estimator(x[rows], graph)
            refined = relabel(graph, believed, targets[rows], recipe.federated.alpha)
            named, read = refined.argmax(dim=1).numpy(), (x[rows] @ words.T).argmax(dim=1).numpy()
            its = right[rows.numpy()]
            parts.append(np.stack([spoilt[rows.numpy()], believed.numpy(), named == its, read == its]))
    was_spoilt, believed_all, named_right, read_right = np.concatenate(parts, axis=1)
    bad = was_spoilt > 0
    found = {"believed": believed_all[~bad].mean(), "kept": named_right[~bad].mean()}
    if bad.any():
        found |= {
            "believed_spoilt": believed_all[bad].mean(),
            "mended": named_right[bad].mean(),
            "read": read_right[bad].mean(),
        }
    return {name: float(value) for name, value in found.items()}
