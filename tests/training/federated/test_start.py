"""A federation that begins with the weights of a model package."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from engines.errors import DataError, ModelError
from engines.package import ModelPackage
from tests import tiny
from tests.training.federated import made
from training.federated.faces import ClientFaces
from training.federated.local import Client, LocalModel
from training.federated.rounds import Coordinator, run_rounds
from training.recipe import Recipe


def _recipe(package: ModelPackage) -> Recipe:
    return dataclasses.replace(made.recipe("fedavg"), start=str(package.folder), encoder=tiny.RECIPE.encoder)


def test_it_reads_as_the_package_does_and_goes_on_from_there(tiny_package: ModelPackage) -> None:
    recipe = _recipe(tiny_package)
    recipe = dataclasses.replace(recipe, optimiser=dataclasses.replace(recipe.optimiser, learning_rate=0.002))
    coordinator, clients = Coordinator(recipe, tiny_package.words), _clients(recipe, tiny_package)
    statistics = {name: values for name, values in clients[0].model.weights().items() if ".running_" in name}
    run_rounds(coordinator, clients, lambda *_: None)
    # From scratch, two rounds of so few steps lead nowhere.
    assert coordinator.log[0]["accuracy"] > 0.5
    assert coordinator.log[1]["personal"] > 0.5
    after = clients[0].model.weights()
    assert all(np.array_equal(values, after[name]) for name, values in statistics.items())


def _clients(recipe: Recipe, package: ModelPackage) -> list[Client]:
    return [Client(recipe, ClientFaces(recipe, its, name), package.words, name) for name, its in made.dealt(recipe)]


def test_a_start_that_does_not_fit_or_is_not_there_is_said(tiny_package: ModelPackage, tmp_path: Path) -> None:
    other = dataclasses.replace(_recipe(tiny_package), encoder=made.RECIPE.encoder)
    with pytest.raises(DataError, match="another kind or shape"):
        LocalModel(other, tiny.words())
    with pytest.raises(ModelError):
        LocalModel(dataclasses.replace(other, start=str(tmp_path / "none")), tiny.words())
