"""What tells that a source was read before, and by the same settings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.base import EngineName
from engines.errors import ModelError, PromptError, SourceError
from realtime.batch.content import Stamp, content_of, settings_of
from realtime.batch.task import Task
from realtime.options import Options
from realtime.products import Outputs, Products


def test_the_content_of_a_file_is_its_sum_and_of_a_folder_that_of_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "1.jpg", tmp_path / "2.jpg"
    one.write_bytes(b"abc")
    two.write_bytes(b"")
    assert content_of([one]) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    both = content_of([one, two])
    assert both != content_of([two, one])
    assert both == content_of([one, two])
    two.rename(tmp_path / "3.jpg")
    assert both != content_of([one, tmp_path / "3.jpg"])


def test_looking_is_told_each_piece_and_may_end_it(tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(bytes(3_000_000))
    pieces: list[int] = []
    content_of([large], pieces.append)
    assert sum(pieces) == 3_000_000
    assert len(pieces) > 1

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        content_of([large], stop)


def test_a_file_that_is_gone_is_an_error_of_one_line(tmp_path: Path) -> None:
    for look_at in (content_of, Stamp.of):
        with pytest.raises(SourceError, match=r"gone\.mp4 does not exist"):
            look_at([tmp_path / "gone.mp4"])


OTHERS = [
    Options(engine=EngineName.ONNXRUNTIME),
    Options(detector="full"),
    Options(confidence=0.5),
    Options(smoothing=0.0),
    Options(neutral=2.0),
]
PRODUCTS = [Products(table="csv"), Products(annotate=False), Products(blur=True), Products(episodes=("csv",))]


def test_whatever_changes_the_results_changes_the_settings_and_nothing_else_does(tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text('[classes]\na = "b"\n')
    told = [settings_of(options, Products()) for options in (Options(), *OTHERS, Options(prompts=words))]
    told += [settings_of(Options(), products) for products in PRODUCTS]
    assert len(set(told)) == len(told)
    assert settings_of(Options(source="talk.mp4"), Products()) == told[0]
    by_name = [settings_of(Options(model=Path(name)), Products()) for name in ("mien-s", "mien-xs")]
    assert by_name[0] == told[0]
    assert by_name[1] not in told
    copy = tmp_path / "same-words.toml"
    copy.write_text(words.read_text())
    assert settings_of(Options(prompts=copy), Products()) == settings_of(Options(prompts=words), Products())
    words.write_text('[classes]\na = "c"\n')
    assert settings_of(Options(prompts=words), Products()) not in told


def test_settings_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"gone\.toml"):
        settings_of(Options(prompts=tmp_path / "gone.toml"), Products())
    assert settings_of(Options(model=tmp_path), Products())
    (tmp_path / "model.json").mkdir()
    with pytest.raises(ModelError, match="not a model package"):
        settings_of(Options(model=tmp_path), Products())


@given(
    source=st.text(),
    name=st.text(min_size=1),
    smoothing=st.floats(0, 10),
    confidence=st.none() | st.floats(0.05, 0.95),
    episodes=st.lists(st.sampled_from(["csv", "elan", "boris"])),
    quality=st.none() | st.integers(0, 100),
)
def test_a_task_survives_the_way_to_another_process(
    source: str, name: str, smoothing: float, confidence: float | None, episodes: list[str], quality: int | None
) -> None:
    options = Options(source, smoothing=smoothing, confidence=confidence, prompts=Path("a.toml"))
    products = Products(table="csv", episodes=tuple(episodes), quality=quality)  # type: ignore[arg-type]
    sent = Task(3, options, Outputs(Path("out"), name), products, "settings", "content")
    came = Task.from_dict(json.loads(json.dumps(sent.to_dict())))
    assert replace(came, options=replace(came.options, assets=options.assets)) == sent
