"""The study of the words: its figures by hand, and which runs it makes."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from engines.prompts import EXPRESSIONS

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from measure_synonyms import ADJECTIVES, NOUNS
from studies import SEEDS, interval
from study_text import CONDITIONS, LEFT_OUT, area, jobs, left_out_table, tables

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_area_is_how_often_a_positive_scores_higher() -> None:
    scores = np.array([0.1, 0.9, 0.4, 0.8], np.float32)
    assert area(scores, np.array([False, True, False, True])) == 1
    assert area(scores, np.array([True, False, True, False])) == 0
    assert area(scores, np.array([False, True, True, False])) == pytest.approx(3 / 4)


@pytest.mark.parametrize("synonyms", [ADJECTIVES, NOUNS])
def test_no_description_in_training_has_a_synonym(synonyms: dict[str, str]) -> None:
    assert synonyms.keys() == EXPRESSIONS.keys()
    described = " ".join(text for texts in EXPRESSIONS.values() for text in texts)
    assert not set(re.findall(r"\w+", described)) & set(synonyms.values())


def test_an_interval_is_students() -> None:
    assert interval([0.5]) == "50.0"
    assert interval([0.5, 0.5, 0.5]) == "50.0 ± 0.0"
    # 4.303 x 0.01 / sqrt(3)
    assert interval([0.49, 0.50, 0.51]) == "50.0 ± 2.5"


def test_every_condition_is_run_with_every_seed_and_no_two_runs_share_a_file() -> None:
    wanted = list(jobs(left_out_seeds=1))
    assert len(wanted) == len(SEEDS) * len(CONDITIONS) + 8 * len(LEFT_OUT)
    assert len({job.file for job in wanted}) == len(wanted)


def test_the_tables_hold_what_was_found_and_say_nothing_of_the_rest() -> None:
    closed = {"name": "similarity", "left_out": "", "accuracy": 0.7, "macro_recall": 0.4, "ece": 0.1}
    found = [{**closed, "seed": seed, "synonym_share": 0.9} for seed in SEEDS]
    found.append({
        "name": "left out text", "left_out": "fear", "seed": 1, "recall": 0.25, "named": 0.375, "false_alarms": 0.125,
        "recall_at_a_tenth": 0.5, "area": 0.75,
    })  # fmt: skip
    lines = tables(found).splitlines()
    assert "| similarity | 70.0 ± 0.0 | 40.0 ± 0.0 | 10.0 ± 0.0 | 90.0 ± 0.0 |" in lines
    assert not any(line.startswith("| control") for line in lines)
    assert "| fear | 25.0 |  | 37.5 |  | 12.5 |  | 50.0 |  | 75.0 |  |" in lines
    assert "| mean | 25.0 |  | 37.5 |  | 12.5 |  | 50.0 |  | 75.0 |  |" in lines


def test_words_are_held_against_random_directions_class_by_class_and_seed_by_seed() -> None:
    figures = {"recall": 0.0, "false_alarms": 0.0, "recall_at_a_tenth": 0.0, "area": 0.5}
    found = [
        {**figures, "name": f"left out {head}", "left_out": name, "seed": 1, "named": named}
        for head, shares in (("text", (0.4, 0.3)), ("random", (0.2, 0.3)))
        for name, named in zip(("fear", "anger"), shares, strict=True)
    ]
    pairs, seeds, classes = tables(found).splitlines()[-3:]
    # Of 20 and 0 points: 12.706 x 10.
    assert pairs.startswith("| text less random, over pairs | 0.0 ± 0.0 |  | 10.0 ± 127.1 |  |")
    assert seeds.startswith("| text less random, over seeds | 0.0 |  | 10.0 |  |")
    assert classes.startswith("| text less random, over classes | 0.0 ± 0.0 |  | 10.0 ± 127.1 |  |")
    unpaired = {**found[0], "seed": 2}
    assert tables([*found, unpaired]).splitlines()[-3:] == [pairs, seeds, classes]


def test_the_page_has_the_table_of_the_runs_whose_figures_are_kept() -> None:
    lines = (DOCS / "logs" / "left-out.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert [(f["name"], f["left_out"], f["seed"]) for f in found] == [
        (job.name, job.left_out, job.seed) for job in jobs(left_out_seeds=3) if job.left_out
    ]
    assert left_out_table(found) in (DOCS / "words.md").read_text(encoding="utf-8")
