"""A class that is added while a clip is read, with the weights and the text encoder that ship."""

from pathlib import Path

import pytest

from engines.assets import Assets
from engines.package import ModelPackage
from engines.prompts import DEFAULT
from realtime.heads import Heads
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.playback import Playback
from realtime.sources import VideoSource
from realtime.wording import Draft, DraftClass


@pytest.mark.shared
def test_a_bored_face_is_read_from_the_next_frame_on(shared_data: Path, assets: Assets) -> None:
    heads = Heads(ModelPackage.load(), assets)
    bored = heads.head(Draft.of(heads.defaults).added(DraftClass("bored", ("a bored face",))).prompts())
    sizes, bored_shares = [], []
    played = Playback(VideoSource(shared_data / "clips" / "single_face.mp4"))  # frame by frame, as in the window
    with open_pipeline(Options(assets=assets), source=played) as pipeline:
        for frame, reading in pipeline.run():
            sizes.append(len(reading.classes))
            if "bored" in reading.classes:
                bored_shares += [face.probabilities[reading.classes.index("bored")] for face in reading.faces]
            if frame.index == 5:
                pipeline.set_head(bored)
            if frame.index == 15:
                pipeline.set_head(heads.head(DEFAULT))
            if frame.index == 20:
                break
    assert sizes == [8] * 6 + [9] * 10 + [8] * 5
    assert len(bored_shares) == 10
    assert all(0 < share < 1 for share in bored_shares)
