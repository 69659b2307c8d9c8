"""Measures ``mien video`` on a file, as a whole program, and prints JSON.

    python scripts/measure_video.py FILE
    python scripts/measure_video.py FILE --hours 2

A clip of 1280x720 at 30 frames a second is made of FILE, over and over. It is read with and without an annotated
video: how many times as fast as it plays, from the start of the program to its end (``real_time``), and from its first
frame to its last (``reading``), and the processors' time for a frame, which other work on the machine lengthens less.
With ``--hours`` a film of that length, the clip joined to itself, is read as well, without video unless ``--annotate``
is given: how far the memory grew after the first minute, and how soon the remaining time was shown. ``--rate`` spreads
the film's frames, so that it is sooner read. Needs a pseudo-terminal: Linux or macOS.
"""

import argparse
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import count
from pathlib import Path

import av
import cv2
import numpy as np
import psutil
from numpy.typing import NDArray

from realtime.sources import VideoSource

_MAIN = Path(__file__).resolve().parents[1] / "main.py"
_WIDTH, _HEIGHT, _RATE = 1280, 720, 30
_ONCE_S = 20
"""Of FILE that is encoded; what is longer is this, joined to itself."""
_WARM_S = 60.0
_REMAINING = re.compile(rb"about \d+ (s|min|h) left")


def make_clip(source: Path, path: Path) -> Path:
    """The first seconds of ``source`` at the size and rate that are measured; a shorter one goes on from its start."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=_RATE, options={"preset": "veryfast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        for number, image in zip(range(_ONCE_S * _RATE), _images(source), strict=False):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, _RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _images(source: Path) -> Iterator[NDArray[np.uint8]]:
    with VideoSource(source) as frames:
        while True:
            for frame in frames:
                yield np.asarray(cv2.resize(frame.image, (_WIDTH, _HEIGHT)), np.uint8)


def joined(clip: Path, path: Path, seconds: float, rate: int = _RATE) -> Path:
    """``clip`` over and over for ``seconds``, nothing encoded anew, with ``rate`` of its frames shown in a second."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        tick = stream.time_base or Fraction(1, _RATE)
        copied = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None and packet.pts is not None]
        length = round(_ONCE_S / tick)
        tick *= Fraction(_RATE, rate)
        for start in count(0, length):
            if start * tick >= seconds:
                return path
            for packet in packets:
                copy = av.Packet(bytes(packet))
                copy.pts, copy.dts, copy.time_base = start + (packet.pts or 0), start + (packet.dts or 0), tick
                copy.duration, copy.is_keyframe, copy.stream = packet.duration, packet.is_keyframe, copied
                target.mux(copy)
    raise AssertionError("there is no end to counting")


def _command(film: Path, out: Path, *, annotate: bool) -> list[str]:
    wish = "--annotate" if annotate else "--no-annotate"
    return [sys.executable, str(_MAIN), "video", str(film), "--out", str(out), wish]


def rate(film: Path, out: Path, seconds: float, *, annotate: bool) -> dict[str, float]:
    """How many times as fast as it plays ``film``, of ``seconds``, is read."""
    began, before = time.perf_counter(), os.times()
    subprocess.run(_command(film, out, annotate=annotate), stdout=subprocess.DEVNULL, check=True)
    taken, after = time.perf_counter() - began, os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    summary = json.loads((out / f"{film.stem}.json").read_text(encoding="utf-8"))
    return {
        "real_time": round(seconds / taken, 2),
        "reading": round(summary["fps"] / _RATE, 2),
        "processor_ms_per_frame": round(1000 * worked / summary["frames"], 2),
    }


@contextmanager
def _terminal() -> Iterator[tuple[int, list[float]]]:
    """A terminal to write to, and when (``time.monotonic``) a remaining time was first seen there, once it was."""
    ours, theirs = pty.openpty()
    seen: list[float] = []

    def watch() -> None:
        with suppress(OSError):  # on Linux the end of a terminal is an error
            while text := os.read(ours, 65536):
                if not seen and _REMAINING.search(text):
                    seen.append(time.monotonic())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield theirs, seen
    finally:
        os.close(theirs)
        thread.join()
        os.close(ours)


def watch(film: Path, out: Path, *, annotate: bool) -> dict[str, float | None]:
    """Read ``film``, and watch the memory of the program and its children in megabytes."""
    with _terminal() as (terminal, seen):
        began = time.monotonic()
        program = subprocess.Popen(
            _command(film, out, annotate=annotate), stdout=subprocess.DEVNULL, stderr=terminal, env=_environment()
        )
        warm, most = 0.0, 0.0
        while program.poll() is None:
            now = _memory_mb(program.pid)
            if time.monotonic() - began <= _WARM_S:
                warm = max(warm, now)
            most = max(most, now)
            time.sleep(0.5)
        taken = time.monotonic() - began
    if program.returncode:
        sys.exit(f"mien video ended with {program.returncode}.")
    return {
        "minutes": round(taken / 60, 1),
        "first_minute_mb": round(warm),
        "most_mb": round(most),
        "growth_mb": round(most - warm),
        "remaining_shown_after_s": round(seen[0] - began, 1) if seen else None,
    }


def _environment() -> dict[str, str]:
    return {**os.environ, "TERM": "xterm", "COLUMNS": "160"}


def _memory_mb(pid: int) -> float:
    with suppress(psutil.Error):
        program = psutil.Process(pid)
        return float(sum(each.memory_info().rss for each in (program, *program.children(recursive=True)))) / 1024**2
    return 0.0


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="a video with one face")
    parser.add_argument("--seconds", type=int, default=60, help="length of what is read to measure the rate")
    parser.add_argument("--hours", type=float, default=0.0, help="length of the film, none unless given")
    parser.add_argument("--rate", type=int, default=_RATE, help="frames that the film shows in a second")
    parser.add_argument("--annotate", action="store_true", help="of the film, write a video as well")
    chosen = parser.parse_args()
    figures: dict[str, object] = {"load": os.getloadavg()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        clip = make_clip(chosen.file, folder / "once.mp4")
        short = joined(clip, folder / "clip.mp4", chosen.seconds)
        seconds = -(-chosen.seconds // _ONCE_S) * _ONCE_S
        figures["table"] = rate(short, folder / "table", seconds, annotate=False)
        figures["annotated"] = rate(short, folder / "annotated", seconds, annotate=True)
        if chosen.hours:
            film = joined(clip, folder / "film.mp4", chosen.hours * 3600, chosen.rate)
            figures["film"] = watch(film, folder / "film", annotate=chosen.annotate)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
