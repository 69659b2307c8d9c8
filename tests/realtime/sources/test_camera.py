"""Cameras that are missing, unplugged, silent, and back."""

import threading
from itertools import islice

import numpy as np
import pytest

from engines import network
from engines.errors import SourceError
from realtime.options import CameraFormat
from realtime.sources import CameraSource, camera, open_stream
from realtime.sources.devices import open_number
from tests.realtime.sources.helpers import FakeCamera, mjpeg_server, red_and_blue


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "_RETRY_S", 0.01)


def _open(fake: FakeCamera, notices: list[str]) -> CameraSource:
    return CameraSource("the camera", fake.open, notice=notices.append, clock=fake.clock)


def test_a_missing_camera_is_said_at_once_with_what_to_do() -> None:
    with pytest.raises(SourceError, match="the camera cannot be opened: plug it in"):
        CameraSource("the camera", lambda: None, missing=lambda: "plug it in")


def test_a_camera_that_opens_but_gives_no_picture_is_said() -> None:
    fake = FakeCamera()
    fake.fall_silent()
    with pytest.raises(SourceError, match="the camera gives no picture"):
        CameraSource("the camera", fake.open, clock=_hurried())
    fake.wake()  # lets the thread that was left behind end


def test_an_unplugged_camera_is_said_and_read_again_when_it_is_back() -> None:
    fake, notices = FakeCamera(), list[str]()

    def notice(line: str) -> None:
        notices.append(line)
        fake.plugged = True

    with CameraSource("the camera", fake.open, notice=notice, clock=fake.clock) as source:
        before = list(islice(source, 3))
        fake.plugged = False
        after = list(islice(source, 20))
    assert notices == ["the camera gives no picture: waiting until it is back", "the camera is back"]
    assert [frame.index for frame in before + after] == list(range(23))
    assert after[-1].time - before[-1].time > camera.SILENCE_S
    assert fake.opened == fake.released == 2


def test_a_silent_camera_whose_read_hangs_is_said_and_read_again() -> None:
    fake, notices = FakeCamera(), list[str]()

    def notice(line: str) -> None:
        notices.append(line)
        fake.wake()

    with CameraSource("the camera", fake.open, notice=notice, clock=fake.clock) as source:
        list(islice(source, 3))
        fake.fall_silent()
        list(islice(source, 20))
    assert notices == ["the camera gives no picture: waiting until it is back", "the camera is back"]


def test_a_camera_may_come_back_with_another_size() -> None:
    fake = FakeCamera()

    def notice(_: str) -> None:
        fake.image = red_and_blue(64, 48)
        fake.plugged = True

    with CameraSource("the camera", fake.open, notice=notice, clock=fake.clock) as source:
        next(iter(source))
        fake.plugged = False
        last = list(islice(source, 20))[-1]
        assert last.image.shape == (48, 64, 3)
        assert (source.info.width, source.info.height) == (64, 48)


def test_closing_ends_the_wait_for_a_camera_that_is_away() -> None:
    fake, away = FakeCamera(), threading.Event()
    source = CameraSource("the camera", fake.open, notice=lambda _: away.set(), clock=fake.clock)
    reading = threading.Thread(target=lambda: list(source))
    reading.start()
    fake.plugged = False
    assert away.wait(10.0)
    source.close()
    reading.join(10.0)
    assert not reading.is_alive()


def test_closing_leaves_a_hanging_read_behind() -> None:
    fake = FakeCamera()
    source = CameraSource("the camera", fake.open, clock=fake.clock)
    fake.fall_silent()
    source.close()
    fake.wake()
    source.close()
    assert fake.released == 1


def test_a_fault_of_the_driver_reaches_the_reader() -> None:
    fake = FakeCamera()
    source = _open(fake, [])
    fake.image = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        list(source)
    source.close()


def test_a_stream_over_http_is_read_although_https_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
    network.silence()
    with mjpeg_server() as url, open_stream(url) as source:
        frame = next(iter(source))
    np.testing.assert_allclose(frame.image[60, 20], (255, 0, 0), atol=12)


def test_a_stream_whose_server_is_started_anew_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "SILENCE_S", 0.3)
    notices: list[str] = []
    with mjpeg_server() as url:
        source = open_stream(url, notice=notices.append)
        list(islice(source, 3))
    with source, mjpeg_server(int(url.rsplit(":", 1)[1].partition("/")[0])):
        frames = iter(source)
        while "is back" not in " ".join(notices):
            next(frames)
        assert next(frames).index > 3
    assert notices[0] == f"{url} gives no picture: waiting until it is back"


def test_a_stream_that_nobody_serves_is_said_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match=r"^http://127\.0\.0\.1:9/x cannot be opened: check the address"):
        open_stream("http://user:secret@127.0.0.1:9/x")
    assert capfd.readouterr() == ("", "")


def test_a_number_without_a_camera_opens_nothing_and_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert open_number(987, CameraFormat()) is None
    assert capfd.readouterr() == ("", "")


def _hurried() -> camera.Clock:
    """A clock that is ten seconds later at every look."""
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 10.0
        return now

    return clock
