"""From what was gathered to a page in HTML: its parts in the order in which they are read."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import PurePath

from realtime.palette import UNSURE_ABOVE, colors
from realtime.report.bins import Bin
from realtime.report.gathered import SMALL_PX, UNSURE, Gathered, Seen
from realtime.report.moments import Moment
from realtime.report.timeline import draw_timeline, minutes

_SETTINGS = {
    "model": "Model",
    "encoder_sha256": "Weights (SHA-256)",
    "engine": "Engine",
    "detector": "Detector",
    "least_score": "Score from which a face is believed",
    "smoothing_s": "Smoothing (s)",
    "neutral_s": "Own neutral (s)",
    "blurred": "Faces blurred",
    "mien": "Mien",
}


def write_page(gathered: Gathered) -> str:
    """The whole page. It needs no other file, no script and no network; what it quotes is escaped."""
    name = escape(PurePath(str(gathered.about.get("source", ""))).name or str(gathered.about.get("source", "")))
    css = files("realtime.report").joinpath("page.css").read_text(encoding="utf-8")
    body = "".join(
        [
            f"<header><h1>{name}</h1>{_facts(gathered)}<p class='lead'>{_headline(gathered)}</p></header>",
            _faces(gathered),
            _moments(gathered),
            _quality(gathered),
            _making(gathered),
            _footer(),
        ]
    )
    head = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{name}</title>"
    page = f"<head>{head}<style>{css}</style></head><body><main>{body}</main></body>"
    return f"<!DOCTYPE html>\n<html lang='en'>{page}</html>\n"


def _facts(g: Gathered) -> str:
    counted = f"{g.frames:,} {'picture' if g.still else 'frame'}{'' if g.frames == 1 else 's'}"
    told = counted if g.still else f"{minutes(g.last - g.first)} long, {counted}"
    broken = "" if g.complete else " The run was broken off: this is what had been read."
    return f"<p class='dim'>{told}.{broken}</p>"


def _headline(g: Gathered) -> str:
    """What a reader takes away, in one sentence."""
    if not g.readings:
        return "No face was found."
    if g.still:
        faces = "One face" if g.readings == 1 else f"{g.readings} faces"
        return f"{faces} in {g.with_faces} of {g.frames} pictures: {_ranking(_of_the_faces(g))}."
    faces = "One face" if g.people == 1 else f"{g.people} faces"
    longest = g.longest_seen()[0]
    which = "" if g.people == 1 else f" Face {longest.face_id} was seen longest,"
    join = ", seen" if g.people == 1 else "."
    return f"{faces}{join}{which} for {_seconds(_time_of(longest)):s}: {_ranking(_shares([longest], g.classes))}."


def _ranking(shares: Mapping[str, float]) -> str:
    first, second, *_ = [*sorted(shares.items(), key=lambda pair: -pair[1]), ("", 0.0)]
    more = f", then {escape(second[0])} ({second[1]:.0%})" if second[1] >= 0.05 else ""
    return f"mostly {escape(first[0])} ({first[1]:.0%}){more}".replace("%", " %")


def _shares(faces: Sequence[Seen], classes: Sequence[str]) -> dict[str, float]:
    """The share of the time for which each class, or none for sure, was in the lead."""
    lasted = dict.fromkeys([*classes, UNSURE], 0.0)
    for each in (each for face in faces for each in face.bins):
        lasted[_label(each, classes)] += each.end - each.start
    total = sum(lasted.values())
    return {name: part / total if total else 0.0 for name, part in lasted.items()}


def _of_the_faces(g: Gathered) -> dict[str, float]:
    """The share of the faces in which each class, or none for sure, is in the lead."""
    return {name: g.led[name] / g.readings for name in (*g.classes, UNSURE)}


def _label(each: Bin, classes: Sequence[str]) -> str:
    return UNSURE if each.unsure >= 0.5 else classes[int(each.probabilities.argmax())]


def _time_of(face: Seen) -> float:
    return sum(each.end - each.start for each in face.bins)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else minutes(seconds)


def _faces(g: Gathered) -> str:
    if not g.readings:
        return ""
    if g.still:
        table = _table(_of_the_faces(g), g.classes, "of the faces")
        return f"<h2>What they show</h2><section class='card'>{table}</section>"
    shown = g.longest_seen()
    rest = g.people - len(shown)
    note = f"<p class='dim'>{rest} more were seen for a shorter time; the table has them all.</p>" if rest else ""
    cards = "".join(_card(face, g) for face in shown)
    return f"<h2>Who showed what, and when</h2>{_legend(g.classes)}{cards}{note}"


def _legend(classes: Sequence[str]) -> str:
    marks = "".join(
        f"<li><i style='background:{ink}'></i>{escape(name)}</li>"
        for name, ink in zip(classes, _inks(classes), strict=True)
    )
    return f"<ul class='legend'>{marks}<li class='dim'>grey line below: unsure</li></ul>"


def _card(face: Seen, g: Gathered) -> str:
    shares = _shares([face], g.classes)
    title = f"Face {face.face_id} over time: {_ranking(shares)}"
    seen = (
        f"seen for {_seconds(_time_of(face))}, from {minutes(face.first - g.first)} to {minutes(face.last - g.first)}"
    )
    drawing = draw_timeline(face.bins, g.classes, g.first, g.last, title)
    heading = f"<h3>Face {face.face_id} <span class='dim'>{seen}</span></h3>"
    return f"<section class='card'>{heading}{drawing}{_table(shares, g.classes, 'of the time')}</section>"


def _table(shares: Mapping[str, float], classes: Sequence[str], of_what: str) -> str:
    inks = dict(zip(classes, _inks(classes), strict=True)) | {UNSURE: "var(--dim)"}
    rows = "".join(
        f"<tr><td><i style='background:{inks[name]}'></i>{escape(name)}</td>"
        f"<td class='bar'><b style='width:{share:.1%};background:{inks[name]}'></b></td>"
        f"<td class='n'>{100 * share:.1f} %</td></tr>"
        for name, share in sorted(shares.items(), key=lambda pair: -pair[1])
        if share > 0
    )
    return f"<table><thead><tr><th>In the lead</th><th></th><th class='n'>{of_what}</th></tr></thead>{rows}</table>"


def _inks(classes: Sequence[str]) -> Iterator[str]:
    return ("#{:02x}{:02x}{:02x}".format(*color) for color in colors(classes))


def _moments(g: Gathered) -> str:
    pictures = "".join(_figure(moment, g) for moment in g.moments)
    return f"<h2>The strongest moments</h2><div class='moments'>{pictures}</div>" if pictures else ""


def _figure(moment: Moment, g: Gathered) -> str:
    where = escape(moment.name or "") if g.still else f"{minutes(moment.time - g.first)}, face {moment.face_id}"
    words = f"{escape(moment.label)} {100 * moment.probability:.0f} %"
    data = base64.b64encode(moment.picture).decode()
    return (
        f"<figure><img alt='{words}, {where}' src='data:image/jpeg;base64,{data}'>"
        f"<figcaption>{words}<br><span class='dim'>{where}</span></figcaption></figure>"
    )


def _quality(g: Gathered) -> str:
    noun = "pictures" if g.still else "frames"
    found = g.with_faces / g.frames if g.frames else 0.0
    lines = [f"A face was found in {g.with_faces:,} of {g.frames:,} {noun} ({found:.0%})."]
    if g.readings:
        small, unsure = g.small / g.readings, g.unsure / g.readings
        lines.append(
            f"{small:.0%} of the readings are of faces less than {SMALL_PX:.0f} pixels wide, which are harder."
        )
        lines.append(
            f"{unsure:.0%} are unsure (uncertainty above {UNSURE_ABOVE}): they count as no expression. "
            f"{_judgement(found, small, unsure, noun)}"
        )
    dropped, damage = g.about.get("dropped"), g.about.get("damaged")
    damaged = damage["packets"] if isinstance(damage, Mapping) else 0
    lines += [f"{dropped} {noun} were left out for want of time."] if dropped else []
    lines += [f"{damaged} parts of the file were damaged, and what could not be read was left out."] if damaged else []
    text = "".join(f"<p>{line.replace('%', ' %')}</p>" for line in lines)
    return f"<h2>How good the data are</h2><section class='card'>{text}</section>"


def _judgement(found: float, small: float, unsure: float, noun: str) -> str:
    if small > 0.5 or unsure > 0.3:
        return "Take these readings with care."
    if found < 0.5:
        return f"What was read is clear, but in most {noun} there was no face."
    return "That is good material."


def _making(g: Gathered) -> str:
    told = {title: g.about[key] for key, title in _SETTINGS.items() if g.about.get(key) is not None}
    rows = "".join(f"<dt>{title}</dt><dd>{escape(_in_words(value))}</dd>" for title, value in told.items())
    rows += "".join(
        f"<dt>Words for {escape(name)}</dt><dd>{escape('; '.join(texts))}</dd>" for name, texts in g.words.items()
    )
    return f"<h2>How it was read</h2><section class='card'><dl>{rows}</dl></section>"


def _in_words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _footer() -> str:
    return (
        "<footer>Made by Mien on the machine where the file lies; nothing was sent anywhere. It reads what faces show, "
        "in the way that people name still pictures, and does not know what anyone feels. What the model was trained "
        "on and where it fails is in its card.</footer>"
    )
