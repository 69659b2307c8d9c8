"""The path of a frame: every reading belongs to its frame, and nothing is left behind however a run ends."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from engines.errors import SourceError
from engines.neutral import NeutralGuide
from engines.prompts import ClassEmbeddings
from engines.text_head import TextHead
from realtime.neutral import NeutralState, OwnNeutrals
from realtime.pipeline import Pipeline
from realtime.playback import Playback
from realtime.recognizer import Recognizer
from realtime.smoothing import Smoother
from tests.realtime.fakes import FACE, FPS, FailingEngine, NumberDetector, Played, Reel, Stream, pipeline
from tests.realtime.sources.helpers import no_thread_left
from tests.tiny import CLASSES, BrightnessEngine, package


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


def test_every_frame_of_a_file_is_read_in_order() -> None:
    with closing(Stream(60)) as source:
        read = list(pipeline(source).run())
    assert [frame.index for frame, _ in read] == list(range(60))
    assert [reading.index for _, reading in read] == list(range(60))
    assert all(reading.time == frame.time for frame, reading in read)


def test_a_reading_belongs_to_its_frame() -> None:
    for frame, reading in pipeline(Stream(40)).run():
        (face,) = reading.faces
        assert face.box.tolist() == [frame.index, 30.0, FACE, FACE]
        assert reading.label(face) == CLASSES[frame.index % 8]
        assert int(frame.image[0, 0, 0]) == frame.index


def test_a_face_keeps_its_id_through_a_file() -> None:
    assert {face.face_id for _, reading in pipeline(Stream(40)).run() for face in reading.faces} == {1}


def test_all_faces_of_a_live_frame_are_read_as_one_batch() -> None:
    source, engine = Stream(5, live=True), BrightnessEngine(package())
    source.next_frame.release(5)
    read = list(pipeline(source, NumberDetector(tops=(10.0, 70.0)), engine).run())
    assert [len(reading.faces) for _, reading in read] == [2] * len(read)
    assert engine.batches == [2] * len(read)


def test_the_faces_of_a_few_frames_of_a_file_are_read_as_one_batch() -> None:
    engine = BrightnessEngine(package())
    read = list(pipeline(Stream(50), NumberDetector(tops=(10.0, 70.0)), engine).run())
    assert [len(reading.faces) for _, reading in read] == [2] * 50
    assert sum(engine.batches) == 100
    assert engine.batches == [4] * 25, "whatever the machine is busy with"


def test_frames_with_few_faces_wait_for_each_other_however_slowly_they_come() -> None:
    source, engine = Stream(10, live=True), BrightnessEngine(package())
    source.info = replace(source.info, live=False)
    threads = [threading.Timer(0.02 * index, source.next_frame.release) for index in range(10)]
    for thread in threads:
        thread.start()
    assert len(list(pipeline(source, NumberDetector(), engine).run())) == 10
    assert engine.batches == [4, 4, 2]
    for thread in threads:
        thread.join()


def test_many_faces_of_a_frame_are_read_by_themselves() -> None:
    engine = BrightnessEngine(package())
    tops = tuple(float(top) for top in range(0, 75, 15))
    assert len(list(pipeline(Stream(20), NumberDetector(tops=tops), engine).run())) == 20
    assert set(engine.batches) == {5}


def test_a_frame_of_a_file_that_is_played_does_not_wait_for_the_next() -> None:
    source = Played(3)
    with closing(pipeline(source).run()) as readings:
        for index in range(3):
            source.next_frame.release()
            assert next(readings)[0].index == index


def test_a_frame_without_a_face_has_a_reading_without_one() -> None:
    read = list(pipeline(Stream(5), NumberDetector(tops=())).run())
    assert [reading.faces for _, reading in read] == [()] * 5


def test_an_empty_source_is_read_to_its_end() -> None:
    assert list(pipeline(Stream(0)).run()) == []


def test_a_video_is_smoothed_and_pictures_are_neither_smoothed_nor_tracked() -> None:
    smoothed = [reading.faces[0] for _, reading in pipeline(Stream(3), smoothing=10.0).run()]
    assert [face.best for face in smoothed] == [0, 0, 0]
    tops = NumberDetector(tops=(10.0, 70.0))
    for _, reading in pipeline(Stream(3, still=True), tops).run():
        assert [face.face_id for face in reading.faces] == [1, 2]
        assert [face.best for face in reading.faces] == [reading.index] * 2


def test_a_live_source_gives_its_newest_frame_and_counts_what_it_drops() -> None:
    source, detector = Stream(50, live=True), NumberDetector()
    detector.may_go_on.clear()
    live = pipeline(source, detector)
    with closing(live.run()) as readings:
        source.next_frame.release(50)
        threading.Timer(0.3, detector.may_go_on.set).start()
        indices = [frame.index for frame, _ in readings]
    assert indices == sorted(set(indices))
    assert indices[-1] == 49
    assert len(indices) < 50
    assert live.stats.snapshot().stages["capture"].dropped == 50 - len(indices)
    assert live.stats.snapshot().dropped == 50 - len(indices)


def test_what_was_done_is_counted() -> None:
    run = pipeline(Stream(20))
    assert len(list(run.run())) == 20
    seen = run.stats.snapshot()
    assert seen.frames == 20
    assert {name: stage.count for name, stage in seen.stages.items()} == {
        "capture": 20, "detection": 20, "crops": 20, "recognition": 20
    }  # fmt: skip
    assert seen.dropped == 0
    assert seen.latency_ms.p50 > 0


def test_it_says_what_it_runs_on() -> None:
    run = pipeline(Stream(1))
    assert (run.info.name, run.detector, run.engine) == (
        "stream",
        "number on arithmetic",
        "brightness CPU exact",
    )
    assert run.classes == CLASSES
    run.close()


def test_an_error_of_the_source_comes_after_the_frames_before_it() -> None:
    run = pipeline(Stream(5, error=SourceError("the film tore"))).run()
    assert [frame.index for frame, _ in islice(run, 5)] == list(range(5))
    with pytest.raises(SourceError, match="the film tore"):
        next(run)


def test_an_error_of_the_detector_comes_after_the_frames_before_it() -> None:
    source, detector = Stream(50), NumberDetector(fails_at=3)
    run = pipeline(source, detector).run()
    assert [frame.index for frame, _ in islice(run, 3)] == [0, 1, 2]
    with pytest.raises(RuntimeError, match="the detector broke"):
        next(run)
    assert source.closed
    assert detector.closed == 1


def test_an_error_of_the_engine_ends_everything() -> None:
    source, detector, engine = Stream(50), NumberDetector(), FailingEngine(package())
    run = pipeline(source, detector, engine).run()
    read: list[int] = []
    with pytest.raises(RuntimeError, match="the engine broke"):
        read.extend(frame.index for frame, _ in run)
    assert read == list(range(len(read)))
    assert len(read) >= 3
    assert source.closed
    assert (detector.closed, engine.released) == (1, 1)


@pytest.mark.parametrize("live", [False, True])
def test_leaving_early_ends_everything(live: bool) -> None:
    source, detector, engine = Stream(10_000, live=live), NumberDetector(), BrightnessEngine(package())
    source.next_frame.release(10)
    with closing(pipeline(source, detector, engine).run()) as run:
        next(run)
    assert source.closed
    assert source.read < 100
    assert (detector.closed, engine.released) == (1, 1)


@pytest.mark.parametrize("live", [False, True])
def test_closing_from_another_thread_ends_the_run(live: bool) -> None:
    source, detector = Stream(250, live=live), NumberDetector()
    source.next_frame.release(3)
    run = pipeline(source, detector)
    closer: threading.Thread | None = None
    for _ in run.run():
        if closer is None:
            closer = threading.Thread(target=run.close)
            closer.start()
        closer.join()
    assert source.closed
    assert detector.closed == 1


def test_what_never_ran_is_given_back_once() -> None:
    source, detector, engine = Stream(5), NumberDetector(), BrightnessEngine(package())
    run = pipeline(source, detector, engine)
    run.close()
    run.close()
    assert source.closed
    assert (detector.closed, engine.released) == (1, 1)
    assert list(run.run()) == []


def test_few_frames_are_held_while_nobody_asks_for_them() -> None:
    source = Stream(200)
    with closing(pipeline(source).run()) as run:
        next(run)
        assert not threading.Event().wait(0.2)
        assert source.read < 20


def test_the_picture_that_comes_back_is_the_one_that_was_read() -> None:
    for frame, _ in pipeline(Stream(10)).run():
        assert np.unique(frame.image[1:]).tolist() == [(frame.index % 8) * 32 + 16]


def test_a_faces_neutral_is_taken_when_it_is_asked_for_and_forgotten_again() -> None:
    model = package()
    neutrals = OwnNeutrals(NeutralGuide(model.words, 14.0))
    reader = Recognizer(model, BrightnessEngine(model), TextHead(model.words, 14.0), Smoother(0), neutrals)
    read = []
    source = Played(32)
    with Pipeline(source, NumberDetector(), reader) as run:
        assert run.can_take_neutral
        assert not run.take_neutral(1, 0.1), "there is no face yet"
        source.next_frame.release()
        for frame, reading in run.run():
            read.append(reading.faces[0].probabilities[0])
            if frame.index == 3:
                assert run.take_neutral(1, 0.1)
                assert run.neutral_state(1) is NeutralState.TAKING
            if frame.index == 23:
                assert run.neutral_state(1) is NeutralState.TAKEN
                assert run.forget_neutral(1)
                assert run.neutral_state(1) is NeutralState.NONE
            source.next_frame.release()
    plain = [reading.faces[0].probabilities[0] for _, reading in pipeline(Stream(32)).run()]
    # Frames 4 to 8 are taken: more than a tenth of a second, and the least number of readings.
    changed = [index for index in range(32) if read[index] > 1.2 * plain[index]]
    assert changed == [index for index in range(9, 24) if index % 8 != 0], "neutral itself has nothing to gain"
    assert read[:9] + read[24:] == plain[:9] + plain[24:]


def test_where_no_neutral_can_be_taken_none_is() -> None:
    with pipeline(Stream(3)) as run:
        list(run.run())
        assert not run.can_take_neutral
        assert not run.take_neutral(1, 1.0)
        assert not run.forget_neutral(1)
        assert run.neutral_state(1) is NeutralState.NONE


def _head(rows: tuple[int, ...], names: tuple[str, ...]) -> TextHead:
    return TextHead(package().words.pick(rows, names), 14.0)


def test_the_classes_change_between_two_frames_of_a_run() -> None:
    source = Played(16)
    run = pipeline(source)
    labels = []
    source.next_frame.release()
    for frame, reading in run.run():
        source.next_frame.release()
        (face,) = reading.faces
        labels.append(reading.label(face))
        assert len(face.probabilities) == len(reading.classes)
        if frame.index == 7:
            run.set_head(_head((4, 0, 5), ("rage", "calm", "loathing")))
            assert run.classes == ("rage", "calm", "loathing")
    assert labels[:8] == list(CLASSES)
    assert [labels[8 + row] for row in (4, 0, 5)] == ["rage", "calm", "loathing"]


def test_the_classes_can_be_others_from_the_first_frame_on() -> None:
    run = pipeline(Stream(3))
    run.set_head(_head((1, 0), ("joy", "calm")))
    assert {reading.classes for _, reading in run.run()} == {("joy", "calm")}


@pytest.mark.parametrize("count", [8, 3])
def test_nothing_of_the_old_classes_is_smoothed_into_the_new(count: int) -> None:
    # The other way round: what is read first would hold on to its place for a long time.
    head = _head(tuple(reversed(range(count))), tuple(reversed(CLASSES[:count])))
    source = Played(3)
    run = pipeline(source, smoothing=1000.0)
    read = []
    source.next_frame.release()
    for frame, reading in run.run():
        read.append(reading.faces[0].probabilities)
        if frame.index == 0:
            run.set_head(head)
        source.next_frame.release()
    fresh = [reading.faces[0].probabilities for _, reading in pipeline(Stream(3)).run()]
    expected = fresh[1][:count][::-1] / fresh[1][:count].sum()
    np.testing.assert_allclose(read[1], expected, rtol=1e-4)
    np.testing.assert_allclose(read[2], expected, atol=0.01)


def test_the_classes_change_from_any_thread_and_every_reading_fits_its_own() -> None:
    heads = [_head(tuple(range(count)), CLASSES[:count]) for count in range(2, 9)]
    source = Stream(200)
    run = pipeline(source, smoothing=0.3)
    ended = threading.Event()

    def change() -> None:
        for head in itertools.cycle(heads):
            run.set_head(head)
            if ended.wait(0.001):
                return

    changer = threading.Thread(target=change)
    changer.start()
    try:
        read = [(reading.classes, face.probabilities) for _, reading in run.run() for face in reading.faces]
    finally:
        ended.set()
        changer.join()
    assert len(read) == 200
    for classes, probabilities in read:
        assert classes == CLASSES[: len(probabilities)]
        assert probabilities.sum() == pytest.approx(1, abs=1e-4)


def test_a_faces_own_neutral_outlives_the_classes() -> None:
    model = package()
    neutrals = OwnNeutrals(NeutralGuide(model.words, 14.0), 0.1)
    reader = Recognizer(model, BrightnessEngine(model), TextHead(model.words, 14.0), Smoother(0), neutrals)
    calm = []
    source = Played(24)
    with Pipeline(source, NumberDetector(), reader) as run:
        source.next_frame.release()
        for frame, reading in run.run():
            source.next_frame.release()
            calm.append(reading.faces[0].probabilities[-1 if frame.index > 8 else 0])
            if frame.index == 8:
                run.set_head(_head((*range(1, 8), 0), (*CLASSES[1:], "calm")))
                assert run.neutral_state(1) is NeutralState.TAKEN
    plain = [reading.faces[0].probabilities[0] for _, reading in pipeline(Stream(24)).run()]
    assert all(calm[index] > 1.2 * plain[index] for index in range(9, 24) if index % 8 != 0)


def test_classes_for_another_encoder_are_refused_and_the_run_goes_on() -> None:
    words = package().words
    shorter = TextHead(ClassEmbeddings(words.classes, words.vectors[:, :16], words.centre[:16]), 14.0)
    run = pipeline(Stream(3))
    with pytest.raises(ValueError, match="expected embeddings of 384 numbers, got 16"):
        run.set_head(shorter)
    assert len(list(run.run())) == 3


def test_a_source_that_is_sent_elsewhere_is_followed_at_once() -> None:
    playback = Playback(Reel(100))
    run = pipeline(playback)
    assert run.source is playback
    with closing(run.run()) as readings:
        next(readings)
        for _ in range(3000):  # until nobody can go on: frames wait in every place where they can
            if playback.position * FPS > 3.9:
                break
            assert not threading.Event().wait(0.01)
        playback.seek(80 / FPS)
        assert [round(frame.time * FPS) for frame, _ in islice(readings, 8)] == list(range(80, 88))


def test_while_paused_each_wish_is_read_once_and_a_face_is_a_new_one_after_a_leap() -> None:
    playback = Playback(Reel(100))
    playback.pause()
    ids = []
    with closing(pipeline(playback, smoothing=10.0).run()) as readings:
        frame, reading = next(readings)
        for number in (40, 80, 3, 60):
            ids.append(reading.faces[0].face_id)
            playback.seek(number / FPS)
            frame, reading = next(readings)
            assert round(frame.time * FPS) == number
            assert reading.label(reading.faces[0]) == CLASSES[number % 8], "nothing of before is smoothed in"
    assert ids == [1, 2, 3, 4]


def test_a_paused_run_ends_when_it_is_closed_or_breaks() -> None:
    for fails_at in (None, 1):
        playback, detector = Playback(Reel(10)), NumberDetector(fails_at=fails_at)
        playback.pause()
        run = pipeline(playback, detector)
        readings = run.run()
        next(readings)
        if fails_at is None:
            run.close()
            assert list(readings) == []
        else:
            playback.step(fails_at)
            with pytest.raises(RuntimeError, match="the detector broke"):
                next(readings)
        assert detector.closed == 1
