"""Trains a face encoder by a recipe. Killed at any moment, it goes on from the last whole epoch."""

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engines.assets import Assets
from engines.errors import DataError
from engines.files import written_whole
from engines.prompts import DEFAULT, ClassEmbeddings
from engines.text_encoder import DIMENSIONS, TextEncoder
from engines.text_head import softmax
from training.augment import augment, non_faces
from training.checkpoint import FILE, Checkpoint
from training.data import Faces, hold_out, select, vote_targets
from training.encoders import ResidualEncoder
from training.metrics import Metrics, measure
from training.objectives import similarity
from training.recipe import Recipe

Progress = Callable[[int, int, str], None]
"""Told after every step: the steps done, the steps in all, and a line on how it goes."""


def build_encoder(recipe: Recipe) -> ResidualEncoder:
    """A fresh encoder as ``recipe`` describes it."""
    e = recipe.encoder
    return ResidualEncoder(e.channels, DIMENSIONS, stem=e.stem, widths=e.widths, depths=e.depths, dropout=e.dropout)


def class_embeddings(assets: Assets) -> ClassEmbeddings:
    """The words of the eight expressions as points. Raises ``AssetError`` if the text encoder cannot be had."""
    return ClassEmbeddings.encode(DEFAULT, TextEncoder.from_assets(assets))


def train(
    recipe: Recipe, faces: Faces, words: ClassEmbeddings, folder: Path, *, resume: bool, progress: Progress
) -> None:
    """Train into ``folder``: a checkpoint and ``log.jsonl`` (a line an epoch).

    Raises ``DataError`` if the faces do not fit the recipe, or if ``folder`` holds a run and ``resume`` is not set, and
    ``OutputError`` if it cannot be written to.
    """
    _check(recipe, faces, folder, resume)
    run = _Run(recipe, faces, words)
    if resume and (folder / FILE).exists():
        run.restore(Checkpoint.load(folder))
        _write_log(folder, run.log)
    while run.epoch < recipe.optimiser.epochs:
        run.train_epoch(progress)
        run.checkpoint().save(folder)
        _write_log(folder, run.log)


def _write_log(folder: Path, log: list[dict[str, Any]]) -> None:
    with written_whole(folder / "log.jsonl") as partial:
        partial.write_text("".join(json.dumps(line) + "\n" for line in log), encoding="utf-8")


def _check(recipe: Recipe, faces: Faces, folder: Path, resume: bool) -> None:
    e = recipe.encoder
    if faces.images.shape[1:] != (e.channels, e.size, e.size):
        shape = list(faces.images.shape[1:])
        raise DataError(f"The recipe {recipe.name} is for faces {[e.channels, e.size, e.size]}, the data has {shape}.")
    train_rows, held_rows = hold_out(len(faces), recipe.data.held_out, recipe.seed)
    if len(train_rows) < recipe.optimiser.batch:
        raise DataError(
            f"{len(train_rows)} faces to train on do not fill one batch of {recipe.optimiser.batch}: "
            "lower optimiser.batch."
        )
    if not select(faces.votes[held_rows], "argmax")[0].any():
        raise DataError(f"data.held_out of {recipe.data.held_out} leaves no face to measure on: raise it.")
    if not resume and (folder / FILE).exists():
        raise DataError(f"{folder} already holds a training run: go on with --resume, or choose another --out.")
    if resume and (folder / FILE).exists() and Checkpoint.load(folder).recipe != recipe:
        raise DataError(f"The run in {folder} was begun with another recipe: choose another --out.")


class _Run:
    """A training run in memory."""

    def __init__(self, recipe: Recipe, faces: Faces, words: ClassEmbeddings) -> None:
        self.recipe = recipe
        self.epoch = 0
        self.log: list[dict[str, Any]] = []
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        train_rows, held_rows = hold_out(len(faces), recipe.data.held_out, recipe.seed)
        self.faces, self.held = faces[train_rows], faces[held_rows]
        self.targets = torch.from_numpy(vote_targets(self.faces.votes))
        self.words = torch.from_numpy(words.vectors).to(self.device)
        torch.manual_seed(recipe.seed)
        self.model = build_encoder(recipe).to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = build_encoder(recipe).to(self.device)
        self.average.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.SGD(
            _decayed(self.model, recipe.optimiser.weight_decay),
            lr=recipe.optimiser.learning_rate,
            momentum=recipe.optimiser.momentum,
            nesterov=True,
        )

    @property
    def steps_per_epoch(self) -> int:
        return len(self.faces) // self.recipe.optimiser.batch

    def restore(self, checkpoint: Checkpoint) -> None:
        self.epoch, self.log = checkpoint.epoch, list(checkpoint.log)
        self.model.load_state_dict(checkpoint.weights)
        self.average.load_state_dict(checkpoint.average)
        for name, parameter in self.model.named_parameters():
            if name in checkpoint.momentum:
                self.optimiser.state[parameter]["momentum_buffer"] = checkpoint.momentum[name].to(self.device)

    def checkpoint(self) -> Checkpoint:
        buffers = {n: self.optimiser.state[p].get("momentum_buffer") for n, p in self.model.named_parameters()}
        return Checkpoint(
            self.recipe,
            self.epoch,
            weights=self.model.state_dict(),
            average=self.average.state_dict(),
            momentum={name: buffer for name, buffer in buffers.items() if buffer is not None},
            log=self.log,
        )

    def train_epoch(self, progress: Progress) -> None:
        """One pass over the faces. All chance comes from the seed and the epoch, so a resumed run is the same run."""
        seed = self.recipe.seed * 10_000 + self.epoch
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed)
        started, total = time.monotonic(), self.steps_per_epoch * self.recipe.optimiser.epochs
        losses: list[float] = []
        self.model.train()
        for step, (images, targets) in enumerate(self._batches(generator), self.epoch * self.steps_per_epoch):
            losses.append(self._step(images, targets, step))
            recent = float(np.mean(losses[-50:]))
            progress(step + 1, total, f"epoch {self.epoch + 1}/{self.recipe.optimiser.epochs}  loss {recent:.3f}")
        self.epoch += 1
        held = self._measure_held_out()
        self.log.append({
            "epoch": self.epoch,
            "loss": round(float(np.mean(losses)), 4),
            "held_out_accuracy": round(held.accuracy, 4),
            "held_out_macro_recall": round(held.macro_recall, 4),
            "held_out_nll": round(held.nll, 4),
            "seconds": round(time.monotonic() - started, 1),
        })  # fmt: skip

    def _batches(self, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        size, data = self.recipe.optimiser.batch, self.recipe.data
        outliers = round(size * data.non_faces)
        mixes = data.mixup > 0 and self.epoch < self.recipe.optimiser.epochs - data.plain_epochs
        chance = np.random.default_rng([self.recipe.seed, self.epoch])
        order = torch.randperm(len(self.faces), generator=generator)
        for rows in order[: self.steps_per_epoch * size].view(-1, size):
            images = torch.from_numpy(self.faces.images[rows.numpy()]).float() / 255
            targets = self.targets[rows]
            if outliers:
                # Outlier exposure (Hendrycks et al., arXiv 1812.04606): what is no face is to be like no word.
                images[:outliers] = non_faces(images[:outliers], generator)
                targets[:outliers] = 1 / targets.shape[1]
            images = augment(images, generator)
            if mixes:
                share = float(chance.beta(data.mixup, data.mixup))
                images = share * images + (1 - share) * images.flip(0)
                targets = share * targets + (1 - share) * targets.flip(0)
            yield (images * 255).to(self.device, memory_format=torch.channels_last), targets.to(self.device)

    def _step(self, images: Tensor, targets: Tensor, step: int) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate(step)
        with torch.autocast(self.device.type, torch.bfloat16):
            embeddings = self.model(images)
        loss = similarity(embeddings, targets, self.words, self.recipe.objective.scale)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self._follow(step)
        return float(loss.detach())

    def _learning_rate(self, step: int) -> float:
        o = self.recipe.optimiser
        warm_up = o.warm_up_epochs * self.steps_per_epoch
        if step < warm_up:
            return o.learning_rate * (step + 1) / warm_up
        done = (step - warm_up) / max(1, o.epochs * self.steps_per_epoch - warm_up)
        return o.learning_rate * 0.5 * (1 + math.cos(math.pi * done))

    @torch.no_grad()
    def _follow(self, step: int) -> None:
        """Move the average towards the weights; faster at first, when it is still the random start."""
        decay = min(self.recipe.optimiser.average, (1 + step) / (10 + step))
        theirs = self.model.state_dict()
        for name, mine in self.average.state_dict().items():
            if mine.is_floating_point():
                mine.lerp_(theirs[name], 1 - decay)
            else:
                mine.copy_(theirs[name])

    def _measure_held_out(self) -> Metrics:
        keep, labels = select(self.held.votes, "argmax")
        cosines = embed(self.average, self.held.images[keep]) @ self.words.cpu().numpy().T
        return measure(softmax(np.float32(self.recipe.objective.scale) * cosines), labels[keep])


def _decayed(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels, not biases and norms."""
    parameters = list(model.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


@torch.no_grad()
def embed(
    model: nn.Module, images: np.ndarray[Any, np.dtype[np.uint8]], batch: int = 256
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Embed faces uint8 ``[N, C, S, S]`` as float32 ``[N, D]`` with the weights at rest."""
    model.eval()
    device = next(model.parameters()).device
    parts = [
        model(torch.from_numpy(images[i : i + batch]).float().to(device)).cpu() for i in range(0, len(images), batch)
    ]
    return torch.cat(parts).numpy() if parts else np.empty((0, DIMENSIONS), np.float32)
