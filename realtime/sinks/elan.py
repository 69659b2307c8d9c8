"""Episodes as ELAN's annotations: EAF 3.0, "ELAN Annotation Format", Max Planck Institute for Psycholinguistics."""

import mimetypes
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from realtime.episodes import Episode
from realtime.sinks.media import Media

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "expression"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def elan_document(episodes: Sequence[Episode], _: Sequence[str], path: Path, media: Media | None) -> bytes:
    """The EAF file at ``path``: a tier for each face, with an annotation for each of its ``episodes``.

    Times are in whole milliseconds; an episode that rounds to none of them is left out.
    """
    timed = sorted(
        ((round(1000 * each.start), round(1000 * each.end), each) for each in episodes),
        key=lambda one: (one[2].face_id, one[0]),
    )
    spans = [one for one in timed if one[0] < one[1]]
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Mien",
            "DATE": datetime.now(UTC).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _INSTANCE,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    _head(root, path, media, len(spans))
    slots = _slots(root, spans)
    _tiers(root, spans, slots)
    ElementTree.SubElement(
        root,
        "LINGUISTIC_TYPE",
        {"LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true", "GRAPHIC_REFERENCES": "false"},
    )
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text


_Span = tuple[int, int, Episode]
"""Begin and end in milliseconds."""


def _head(root: ElementTree.Element, path: Path, media: Media | None, annotations: int) -> None:
    head = ElementTree.SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    if media is not None:
        near = media.seen_from(path.parent)
        ElementTree.SubElement(
            head,
            "MEDIA_DESCRIPTOR",
            {
                "MEDIA_URL": _url(media.path.as_posix()),
                "MIME_TYPE": mimetypes.guess_type(media.path.name)[0] or "unknown",
                "RELATIVE_MEDIA_URL": near if near.startswith(".") else f"./{near}",
            },
        )
    ElementTree.SubElement(head, "PROPERTY", {"NAME": "lastUsedAnnotationId"}).text = str(annotations)


def _url(path: str) -> str:
    """As ELAN writes it: no character is escaped, and a path on a server begins with two slashes."""
    return f"file:{path}" if path.startswith("//") else f"file:///{path.removeprefix('/')}"


def _slots(root: ElementTree.Element, spans: Sequence[_Span]) -> dict[tuple[int, int], str]:
    """The names of the times at which each span begins (its number, 0) and ends (its number, 1), rising with time."""
    order = ElementTree.SubElement(root, "TIME_ORDER")
    slots = {}
    times = sorted((span[side], number, side) for number, span in enumerate(spans) for side in (0, 1))
    for place, (time, number, side) in enumerate(times, start=1):
        slots[number, side] = f"ts{place}"
        ElementTree.SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": f"ts{place}", "TIME_VALUE": str(time)})
    return slots


def _tiers(root: ElementTree.Element, spans: Sequence[_Span], slots: dict[tuple[int, int], str]) -> None:
    tiers: dict[int, ElementTree.Element] = {}
    for number, (_, _, episode) in enumerate(spans):
        if episode.face_id not in tiers:
            name = f"face {episode.face_id}"
            tiers[episode.face_id] = ElementTree.SubElement(
                root, "TIER", {"LINGUISTIC_TYPE_REF": _TYPE, "PARTICIPANT": name, "TIER_ID": name}
            )
        annotation = ElementTree.SubElement(
            ElementTree.SubElement(tiers[episode.face_id], "ANNOTATION"),
            "ALIGNABLE_ANNOTATION",
            {
                "ANNOTATION_ID": f"a{number + 1}",
                "TIME_SLOT_REF1": slots[number, 0],
                "TIME_SLOT_REF2": slots[number, 1],
            },
        )
        ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = _NOT_IN_XML.sub("\ufffd", episode.label)
