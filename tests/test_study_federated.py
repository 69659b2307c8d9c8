"""The study of federations: which runs it makes, and what it makes of their figures."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from doubts import estimated, relabelled
from study_federated import (
    CONCENTRATIONS,
    HARD,
    METHODS,
    NOISES,
    VARIANTS,
    Start,
    begin,
    draw,
    jobs,
    rounds_needed,
    run,
    tables,
)

from tests import tiny
from tests.training.federated import made
from training.federated.faces import ClientFaces
from training.federated.partition import clients_of
from training.federated.rounds import Coordinator


def test_every_condition_is_run_with_every_seed_and_no_two_runs_share_a_file() -> None:
    wanted = list(jobs())
    assert len(wanted) == 3 * (len(CONCENTRATIONS) * len(NOISES) * len(METHODS) + len(VARIANTS))
    assert len({job.file for job in wanted}) == len(wanted)
    for job in wanted:
        assert Coordinator(job.recipe(), tiny.words()).strategy.name == job.changes["strategy"]
    assert wanted[0].recipe(rounds=3, faces=500).federated.rounds == 3


def test_rounds_are_counted_to_95_per_cent_of_the_last() -> None:
    assert rounds_needed([{"personal": each} for each in (0.1, 0.5, 0.94, 0.95, 0.9, 1.0)]) == 4


def test_the_doubt_is_compared_with_the_votes_of_faces_held_out() -> None:
    found = estimated([made.client()])
    assert set(found) <= {"a"}
    assert all(-1 <= rho <= 1 for rho in found.values())


def test_without_neighbours_no_label_is_mended_and_none_is_lost() -> None:
    recipe = made.recipe(alpha=0.0)
    clients, faces = made.clients(recipe), tiny.faces(160)
    sound = [ClientFaces(recipe, its, name) for name, its in clients_of(recipe, faces, 3, 1.0, 0.0, least=16)]
    found = relabelled(clients, sound, clients[0].shared)
    assert (found["kept"], found["mended"]) == (1.0, 0.0)
    assert all(0 < found[name] < 1 for name in ("believed", "believed_spoilt"))
    assert relabelled(clients, [each.faces for each in clients], clients[0].shared).keys() == {"believed", "kept"}


def _figures(name: str, concentration: float, noise: float, seed: int, worst: float = 0.25) -> dict[str, Any]:
    curve = [{"accuracy": 0.3, "personal": each, "worst_personal": 0.2} for each in (0.2, 0.5)]
    return {
        "name": name, "concentration": concentration, "noise": noise, "seed": seed, "curve": curve,
        "common": {"a": 0.5, "b": 0.75}, "personal": {"a": worst, "b": 0.75}, "bytes_a_round": 1000,
        "estimator": {"a": 0.25, "b": 0.75}, "labels": {"believed": 0.75, "kept": 1.0},
    }  # fmt: skip


def test_the_tables_hold_what_was_found_and_the_picture_is_drawn(tmp_path: Path) -> None:
    found = [_figures(name, c, n, seed) for name in METHODS for c in CONCENTRATIONS for n in NOISES for seed in (1, 2)]
    found = [each for each in found if each["name"] != "amy"]
    found += [_figures("amy", HARD[0], HARD[1], seed, worst=0.35) for seed in (1, 2)]
    lines = tables(found).splitlines()
    assert "| fedavg |" + " 50.0 ± 0.0 |" * 6 in lines
    assert "| amy |  | 55.0 ± 0.0 |  |  |  |  |" in lines
    assert "| fedavg | 50.0 ± 0.0 | 25.0 ± 0.0 | 62.5 ± 0.0 | 10.0 ± 0.0 (+10.0, +10.0) |" in lines
    assert "| fedprox | 2.0 | 1.0 | 1,000 | 2,000 |" in lines
    assert "| 0.1, 20% | +0.50 (+0.50 to +0.50) | 75.0 ± 0.0 |  | 100.0 ± 0.0 |  |  |" in lines
    assert "| without prototypes |  |  |  | |" in lines
    draw(found, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.shared
def test_clients_begin_with_what_was_trained_on_other_faces_and_a_run_measures_what_the_tables_need(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("study_federated._PUBLIC_EPOCHS", 1)
    data, job = shared_data / "ferplus_train.npz", next(job for job in jobs() if job.name == "amy")
    begin(Start(job.seed), data, out=tmp_path, faces=1200)
    figures = run(job, data, out=tmp_path, rounds=1, faces=1200)
    assert len(figures["common"]) == len(figures["personal"]) == 10
    assert figures["bytes_a_round"] > 1_000_000
    assert "| amy |" in tables([figures])
