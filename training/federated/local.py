"""What a client does in a round: it takes the common weights over, learns from its faces, and says what it learned."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.errors import DataError
from engines.prompts import ClassEmbeddings
from engines.text_encoder import DIMENSIONS
from engines.vectors import softmax
from training.federated.exchange import Broadcast, Update, Weights
from training.federated.faces import ClientFaces, Labelled
from training.federated.hypergraph import incidence, operator
from training.federated.labels import relabel
from training.federated.privacy import epsilon, protected
from training.federated.prototypes import Prototypes, pull
from training.federated.strategies import Strategy, is_head, strategy
from training.federated.uncertainty import PersonalEstimator, rank_loss, weighted_cross_entropy
from training.metrics import measure
from training.models import GuidedModel, build_model, placed, reseed
from training.objectives import similarity
from training.optimiser import descent
from training.precision import mixed_precision
from training.recipe import DistillationChoices, Recipe
from training.start import load_package
from training.train import embed

_UNTRAINED = ".to_neutral."
_STATISTICS = (".running_mean", ".running_var")
_EVEN = 0.5
"""How far a label is believed where nobody estimates it."""


class LocalModel(nn.Module):
    """The model of a client: ``guided`` reads faces, ``estimator`` says how far their labels are to be believed."""

    def __init__(self, recipe: Recipe, words: ClassEmbeddings) -> None:
        """Weights begin where the recipe's seed alone puts them, or those of the encoder with its ``start``.

        Raises ``DataError`` if the recipe is not sound, or the start's encoder another one than its own, and
        ``ModelError`` if there is no such start.
        """
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self.guided: GuidedModel = build_model(recipe, words)
            self.estimator = PersonalEstimator(DIMENSIONS)
        if recipe.start:
            load_package(self.guided, recipe.start)
        self.learned_head = self.guided.words.requires_grad

    @property
    def class_embeddings(self) -> Tensor:
        """Of unit length, also where they are learned and just now held still."""
        return nnf.normalize(self.guided.words, dim=1)

    def weights(self) -> Weights:
        """All that is trained, and the running statistics; not what the recipe alone decides."""
        return {
            name: tensor.detach().cpu().numpy().copy()
            for name, tensor in self.state_dict().items()
            if tensor.is_floating_point() and _UNTRAINED not in name and (self.learned_head or name != "guided.words")
        }

    def take(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Put ``weights`` in their places. Raises ``DataError`` if one has no place, or another shape."""
        state = self.state_dict()
        for name, values in weights.items():
            if name not in state or state[name].shape != values.shape:
                place = list(state[name].shape) if name in state else "nothing"
                raise DataError(f"The weights {name} are {list(values.shape)}, {place} was expected: use one recipe.")
            state[name].copy_(torch.from_numpy(np.array(values)))


def check(recipe: Recipe) -> Strategy:
    """The strategy of a recipe that is fit for a federation. Raises ``DataError`` if it is not."""
    o, f = recipe.objective, recipe.federated
    if f.rounds < 1:
        raise DataError(f"The recipe {recipe.name} is not for a federation: set federated.rounds.")
    if o.transformation or o.contrast or o.prior or recipe.semi_supervised.weight:
        raise DataError("Clients of a federation train by similarity alone: set all other objectives to 0.")
    if recipe.distillation != DistillationChoices() or recipe.data_free.generator:
        raise DataError("Clients of a federation have no teacher: leave out distillation and data_free.")
    if recipe.data.left_out or recipe.data.privileged:
        raise DataError("Clients see all of their faces: leave data.left_out and data.privileged empty.")
    if f.noise > 0 and f.clip <= 0:
        raise DataError("Noise protects nobody whose update may be of any length: set federated.clip too.")
    sound = 0 <= f.alpha < 1 and 0 < f.sure < 1 and f.neighbours > 0 and f.bandwidth > 0
    if not sound or min(f.uncertainty, f.margin, f.propagation, f.prototypes, f.proximal, f.clip, f.noise) < 0:
        raise DataError("Weights in federated are 0 or more, alpha and sure in 0..1, neighbours and bandwidth above 0.")
    return strategy(f.strategy)


def shared(model: LocalModel, recipe: Recipe) -> Weights:
    """Those weights of ``model`` that leave a client by the strategy of ``recipe``.

    Where updates are clipped, running statistics stay as well: the spread of a batch is no way to go, and noise could
    turn it below 0.
    """
    stays, clipped = strategy(recipe.federated.strategy).stays, recipe.federated.clip > 0
    return {
        name: values
        for name, values in model.weights().items()
        if not stays(name, model.learned_head) and not (clipped and name.endswith(_STATISTICS))
    }


class Client:
    """One client: its model, and its faces, which stay here. Chance comes from the seed, its name and the round.

    The noise of privacy alone comes from nowhere that anybody knows.
    """

    def __init__(self, recipe: Recipe, faces: ClientFaces, words: ClassEmbeddings, name: str) -> None:
        """Raises ``DataError`` if the recipe is not for a federation, or what it needs is not installed."""
        self.name, self.faces = name, faces
        self.rounds = 0
        """How many rounds this client has taken part in."""
        self.strategy = check(recipe)
        if recipe.federated.noise > 0:
            epsilon(recipe.federated.noise, 1)  # whether it can be told, before anything is sent
        self.recipe, self._choices = recipe, recipe.federated
        self.model = placed(LocalModel(recipe, words), torch.device("cpu"))

    @property
    def personal(self) -> Weights:
        """What never leaves."""
        common = self.shared
        return {name: values for name, values in self.model.weights().items() if name not in common}

    @property
    def shared(self) -> Weights:
        """What is averaged over the clients."""
        return shared(self.model, self.recipe)

    def receive(self, weights: Weights) -> None:
        """Take the common weights over. Raises ``DataError`` if they are not just what this client shares."""
        mine = self.shared
        if set(weights) != set(mine):
            raise DataError(f"{self.name} shares other weights than the federation: use its recipe and this version.")
        self.model.take(weights)

    def train(self, broadcast: Broadcast) -> Update:
        """One round. Raises ``DataError`` if what was sent does not fit."""
        self.receive(broadcast.weights)
        arrived = self.accuracy()
        seed = zlib.crc32(f"{self.recipe.seed}/{self.name}/{broadcast.round}".encode())
        loss = _Round(self, self.recipe, broadcast, seed).run()
        figures = {"loss": loss, "held": float(len(self.faces.held)), "accuracy": arrived, "personal": self.accuracy()}
        self.rounds += 1
        update = Update(self.shared, self._prototypes(), len(self.faces), figures)
        return protected(update, broadcast, self._choices, np.random.default_rng())

    def finish(self, broadcast: Broadcast) -> dict[str, float]:
        """What the common model of the end is worth here, as figures; the client's own model stays as it is.

        Nothing is said of it where updates are clipped. Raises ``DataError`` if what was sent does not fit.
        """
        own = self.model.weights()
        self.receive(broadcast.weights)
        found = self.accuracy()
        self.model.take(own)
        return {} if self._choices.clip > 0 else {"accuracy": found, "held": float(len(self.faces.held))}

    def accuracy(self) -> float:
        """Of this client's model on its own held-out faces, in 0..1."""
        embeddings = self.embed(self.faces.held)
        logits = self.recipe.objective.scale * embeddings @ self.model.class_embeddings.detach().numpy().T
        return measure(softmax(logits), self.faces.held_labels).accuracy

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embeddings float32 ``[N, D]`` of faces uint8 ``[N, C, S, S]``."""
        with mixed_precision(torch.device("cpu")):
            return embed(self.model.guided, images)

    @torch.no_grad()
    def confidence(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The estimator's, float32 ``[N]``, faces being seen in batches of the recipe's size."""
        x, size = torch.from_numpy(self.embed(images)), self.recipe.optimiser.batch
        parts = [self.model.estimator(part, graph_of(part, self.recipe)) for part in torch.split(x, size)]
        return torch.cat(parts).numpy()

    def _prototypes(self) -> Prototypes:
        if not (self.strategy.blocks and self._choices.prototypes > 0):
            return Prototypes.none(*self.model.guided.words.shape)
        return Prototypes.of(self.embed(self.faces.images), self.faces.targets)


def graph_of(x: Tensor, recipe: Recipe) -> Tensor:
    """The operator G ``[B, B]`` of features ``x`` ``[B, D]``, as the recipe has it."""
    return operator(*incidence(x, recipe.federated.neighbours, recipe.federated.bandwidth))


class _Round:
    """The passes of one client in one round."""

    def __init__(self, client: Client, recipe: Recipe, broadcast: Broadcast, seed: int) -> None:
        self._client, self._model, self._recipe, self._seed = client, client.model, recipe, seed
        f = recipe.federated
        self._blocks = client.strategy.blocks and broadcast.round >= f.warm_up
        self._means = torch.from_numpy(broadcast.prototypes.means)
        self._known = torch.from_numpy(broadcast.prototypes.counts > 0).float()
        self._anchor = {name: torch.from_numpy(values) for name, values in broadcast.weights.items()}
        self._cpu = torch.device("cpu")

    def run(self) -> float:
        """Train; the mean loss."""
        reseed(self._model, self._seed, self._cpu)
        self._model.train()
        if self._recipe.start:
            # The normalisations of a package are folded into its convolutions: they are kept from looking at a batch.
            for norm in self._model.modules():
                if isinstance(norm, nn.BatchNorm2d):
                    norm.eval()
        losses: list[float] = []
        for phase, names in enumerate(self._phases()):
            with _only(self._model, names):
                optimiser = descent(self._recipe.optimiser, self._model.named_parameters())
                for epoch in range(self._recipe.optimiser.epochs):
                    batches = self._client.faces.epoch(self._seed * 1000 + phase * 100 + epoch)
                    losses += [self._step(optimiser, batch) for batch in batches]
        return float(np.mean(losses))

    def _phases(self) -> list[set[str]]:
        """The parameters that are trained, one set after the other."""
        learned = self._model.learned_head
        names = {n for n, p in self._model.named_parameters() if p.requires_grad and _UNTRAINED not in n}
        head = {name for name in names if is_head(name, learned)}
        return [head, names - head] if self._client.strategy.head_first else [names]

    def _step(self, optimiser: torch.optim.SGD, batch: Labelled) -> float:
        optimiser.zero_grad(set_to_none=True)
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        return float(loss.detach())

    def _loss(self, batch: Labelled) -> Tensor:
        images = batch.images.to(memory_format=torch.channels_last)
        with mixed_precision(self._cpu):
            x = self._model.guided(images)
        logits = self._recipe.objective.scale * x @ self._model.class_embeddings.T
        f = self._recipe.federated
        loss = self._of_labels(x, logits, batch.targets) if self._blocks else similarity(logits, batch.targets)
        if self._blocks and f.prototypes > 0:
            loss = loss + f.prototypes * pull(x, batch.targets, self._means, self._known)
        if self._client.strategy.proximal and f.proximal > 0:
            loss = loss + f.proximal / 2 * self._distance()
        return loss

    def _of_labels(self, x: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
        """The uncertainty and the classification block."""
        f = self._recipe.federated
        if f.uncertainty == 0 and f.propagation == 0:
            return similarity(logits, targets)
        # What is doubted is not to bend the features: the blocks read them as they are.
        features = x.detach()
        graph = graph_of(features, self._recipe)
        confidence = (
            self._model.estimator(features, graph) if f.uncertainty > 0 else features.new_full((len(x),), _EVEN)
        )
        if f.uncertainty > 0:
            loss = weighted_cross_entropy(logits, targets, confidence)
            loss = loss + f.uncertainty * rank_loss(confidence, f.sure, f.margin)
        else:
            loss = similarity(logits, targets)
        if f.propagation > 0:
            refined = relabel(graph, confidence.detach(), targets, f.alpha)
            loss = loss + f.propagation * nnf.cross_entropy(logits, refined)
        return loss

    def _distance(self) -> Tensor:
        """|w - w_common|^2 over what is trained."""
        parts = [(p - self._anchor[n]).square().sum() for n, p in self._model.named_parameters() if n in self._anchor]
        return torch.stack(parts).sum()


@contextmanager
def _only(model: nn.Module, names: set[str]) -> Iterator[None]:
    """Let none but the parameters ``names`` be trained."""
    before = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    try:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in names)
            parameter.grad = None
        yield
    finally:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(before[name])
