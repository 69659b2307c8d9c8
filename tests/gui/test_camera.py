"""A camera that is pulled out and plugged in again, in the whole window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from realtime.options import Options
from realtime.records import Frame, Reading
from realtime.sources import CameraSource, camera
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import CLASSES, FakePipeline, face
from tests.realtime.sources.helpers import FakeCamera

GREY = np.full((90, 160, 3), 90, np.uint8)


@dataclass
class CameraPipeline(FakePipeline):
    """Reads the same face in every picture of ``source``."""

    source: CameraSource = field(kw_only=True)

    def run(self) -> Iterator[tuple[Frame, Reading]]:
        for frame in self.source:
            yield frame, Reading(frame.index, frame.time, CLASSES, tuple(self.faces))

    def close(self) -> None:
        super().close()
        self.source.close()


def test_it_is_waited_for_and_the_picture_goes_on(
    until: Until, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "_RETRY_S", 0.01)
    fake = FakeCamera(GREY)

    def opener(_options: Options, *, notice: Callable[[str], None]) -> FakePipeline:
        source = CameraSource("camera 0 (Fake)", fake.open, notice=notice, clock=fake.clock)
        return CameraPipeline([face(box=(40, 20, 50, 50))], image=GREY, source=source)

    window = make_window(opener)
    window.start()
    live = window.live
    until(lambda: live.view.scene is not None)
    assert live.panel.bars.isVisible()
    fake.plugged = False
    until(lambda: live.view.notice == "Camera 0 (Fake) gives no picture: waiting until it is back.")
    assert live.running
    assert live.view.scene is not None, "the last picture stays"
    assert live.panel.bars.isHidden(), "but nothing is read in it"
    fake.plugged = True
    until(live.panel.bars.isVisible)
    assert live.view.notice == "Camera 0 (Fake) is back."
    assert fake.opened == 2
    fake.plugged = False
    until(lambda: "gives no picture" in live.view.notice)
    window.close()
    until(lambda: fake.released == 2)
