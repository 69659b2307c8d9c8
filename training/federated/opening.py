"""From what a command was told to a federation that can begin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from engines.assets import Assets
from engines.errors import DataError, MienError
from engines.prompts import ClassEmbeddings
from training.data import Faces, load_faces
from training.federated.faces import ClientFaces
from training.federated.local import Client, check
from training.federated.packages import export_client
from training.federated.partition import clients_of
from training.federated.rounds import Coordinator
from training.federated.store import SERVER, restore_coordinator
from training.recipe import Recipe
from training.words import class_embeddings

Gather = Callable[[Path, Recipe, Assets], Faces]
"""Finds the faces with labels in a folder, framed as a recipe's encoder wants them."""


@dataclass(frozen=True, slots=True)
class Dealing:
    """How the faces of one file are dealt out to so many ``clients``, as in :mod:`training.federated.partition`."""

    clients: int
    concentration: float
    noise: float


@dataclass(frozen=True, slots=True)
class Opening:
    """A sound recipe, the words that it is trained towards, and ways to come by faces."""

    recipe: Recipe
    words: ClassEmbeddings
    assets: Assets
    gather: Gather
    say: Callable[[str], None]

    @classmethod
    def of(cls, path: Path, strategy: str, rounds: int, gather: Gather, *, say: Callable[[str], None]) -> Self:
        """The recipe at ``path``, with another ``strategy`` or number of ``rounds`` where these are given.

        Raises ``DataError`` if it is not for a federation, and ``AssetError`` if the words cannot be encoded.
        """
        recipe = Recipe.load(path)
        federated = recipe.federated
        federated = replace(federated, strategy=strategy or federated.strategy, rounds=rounds or federated.rounds)
        recipe = replace(recipe, federated=federated)
        check(recipe)
        assets = Assets.from_environment(notify=say)
        return cls(recipe, class_embeddings(assets, recipe), assets, gather, say)

    def faces(self, path: Path) -> Faces:
        """The faces at ``path``, whichever way they are laid out. Raises ``DataError`` if in none that is known."""
        return load_faces(path) if path.suffix == ".npz" else self.gather(path, self.recipe, self.assets)

    def client(self, name: str, faces: Faces) -> Client:
        """A client with these faces. Raises ``DataError`` if they are too few or do not fit."""
        its = ClientFaces(self.recipe, faces, name)
        self.say(f"{name}: {len(its)} faces to train on, {len(its.held)} held out.")
        return Client(self.recipe, its, self.words, name)

    def clients(self, data: Sequence[Path], dealing: Dealing) -> list[Client]:
        """All clients that can take part: one for each of ``data``, or those that one file is dealt out to.

        Whoever cannot is named and left out. Raises ``DataError`` if nobody can, or it was asked for otherwise.
        """
        members = []
        for name, faces in self._named(data, dealing).items():
            try:
                members.append(self.client(name, faces()))
            except MienError as error:
                self.say(f"It goes on without {name}: {error}")
        if not members:
            raise DataError("No client can take part: see what is said of each.")
        return members

    def _named(self, data: Sequence[Path], dealing: Dealing) -> Mapping[str, Callable[[], Faces]]:
        if dealing.clients:
            if len(data) != 1:
                raise DataError("One file is dealt out to clients: give one --data, or leave out --clients.")
            faces = self.faces(data[0])
            dealt = clients_of(self.recipe, faces, dealing.clients, dealing.concentration, dealing.noise)
            return {name: partial(_itself, its) for name, its in dealt}
        if dealing.noise:
            raise DataError("Labels are spoilt only where one file is dealt out: give --clients too.")
        named = {path.stem if path.suffix == ".npz" else path.name: partial(self.faces, path) for path in data}
        if len(named) < len(data):
            raise DataError("Two clients have one name: let the last part of each path be another.")
        return named

    def coordinator(self, out: Path, *, resume: bool) -> Coordinator:
        """A fresh one, or with ``resume`` that which ``out`` keeps. Raises ``DataError`` if ``out`` is taken."""
        coordinator = Coordinator(self.recipe, self.words)
        if not (out / SERVER).exists():
            return coordinator
        if not resume:
            raise DataError(f"{out} already holds a federation: go on with --resume, or choose another --out.")
        restore_coordinator(coordinator, out)
        return coordinator

    def export(self, client: Path, faces: Faces, package: Path) -> None:
        """Write the model package of the client in the folder ``client``, as ``export_client`` does."""
        export_client(client, self.recipe, faces, self.words, package)


def _itself(faces: Faces) -> Faces:
    return faces
