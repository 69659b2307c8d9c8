"""Gradient descent by a recipe's choices: its steps, its rate, and the average of the weights along the way."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from training.recipe import OptimiserChoices


def learning_rate(choices: OptimiserChoices, steps: int, step: int) -> float:
    """That of a ``step``, counted from the beginning, where an epoch has so many ``steps``."""
    warm_up = choices.warm_up_epochs * steps
    if step < warm_up:
        return choices.learning_rate * (step + 1) / warm_up
    done = (step - warm_up) / max(1, choices.epochs * steps - warm_up)
    return choices.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Move the ``average`` towards the weights of ``model``; faster at first, when it is still the random start."""
    decay = min(decay, (1 + step) / (10 + step))
    theirs = model.state_dict()
    for name, mine in average.state_dict().items():
        if mine.is_floating_point():
            mine.lerp_(theirs[name], 1 - decay)
        else:
            mine.copy_(theirs[name])


def descent(choices: OptimiserChoices, named: Iterable[tuple[str, nn.Parameter]]) -> torch.optim.SGD:
    """What takes the steps."""
    return torch.optim.SGD(
        _decayed(named, choices.weight_decay),
        lr=choices.learning_rate,
        momentum=choices.momentum,
        nesterov=choices.momentum > 0,
    )


def set_rate(optimiser: torch.optim.SGD, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate


def momentum(optimiser: torch.optim.SGD, named: Iterable[tuple[str, nn.Parameter]]) -> dict[str, Tensor]:
    """That of each parameter that has taken a step."""
    buffers = {name: optimiser.state[parameter].get("momentum_buffer") for name, parameter in named}
    return {name: buffer for name, buffer in buffers.items() if buffer is not None}


def set_momentum(
    optimiser: torch.optim.SGD, named: Iterable[tuple[str, nn.Parameter]], buffers: dict[str, Tensor]
) -> None:
    for name, parameter in named:
        if name in buffers:
            optimiser.state[parameter]["momentum_buffer"] = buffers[name].to(parameter.device)


def _decayed(named: Iterable[tuple[str, nn.Parameter]], weight_decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels, not biases (an attention's among them, which has two dimensions) and norms."""
    groups: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for name, parameter in named:
        groups[parameter.ndim > 1 and not name.endswith("bias")].append(parameter)
    return [
        {"params": groups[True], "weight_decay": weight_decay},
        {"params": groups[False], "weight_decay": 0.0},
    ]
