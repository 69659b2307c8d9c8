"""Classes that are being edited: what they are called, how they are described, and which are looked for.

A draft is a value: each edit gives another one, so that it is cheap to tell whether anything changed, and to go back.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from engines.errors import PromptError
from engines.files import toml_table, written_whole
from engines.prompts import Prompts, described_by

LONGEST_NAME = 40
"""Characters; a longer one fits neither beside a face nor over a column."""

LONGEST_DESCRIPTION = 1000
"""Characters of one sentence; of a longer one, the text encoder would not read the end."""

_LEAST = 2


class Field(StrEnum):
    """What a problem is about: a class's name, its descriptions, or the list as a whole."""

    NAME = "name"
    DESCRIPTIONS = "descriptions"
    LIST = "list"


class Flaw(StrEnum):
    """What can be wrong with a draft."""

    NO_NAME = "no name"
    SAME_NAME = "same name"
    LONG_NAME = "long name"
    UNREADABLE_NAME = "unreadable name"
    NO_DESCRIPTION = "no description"
    LONG_DESCRIPTION = "long description"
    UNREADABLE_DESCRIPTION = "unreadable description"
    TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Problem:
    """A ``flaw`` in a ``field`` of class number ``index``; of the whole list where that is None."""

    flaw: Flaw
    field: Field
    index: int | None = None


@dataclass(frozen=True, slots=True)
class DraftClass:
    """One class; ``on`` is whether it is looked for."""

    name: str = ""
    descriptions: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """An ordered list of classes, complete or not."""

    classes: tuple[DraftClass, ...]

    @classmethod
    def of(cls, prompts: Prompts) -> "Draft":
        """``prompts``, all switched on."""
        return cls(tuple(map(DraftClass, prompts.classes, prompts.descriptions)))

    @classmethod
    def load(cls, path: Path) -> "Draft":
        """Read a prompts file, and what :meth:`save` added to it. Raises ``PromptError`` if it cannot be read."""
        try:
            return cls.from_toml(path.read_text(encoding="utf-8"), f"The prompts file {path}")
        except OSError as error:
            raise PromptError(f"Cannot read the prompts file {path}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise PromptError(f"The prompts file {path} is not valid TOML: {error}.") from error

    @classmethod
    def from_toml(cls, text: str, origin: str) -> "Draft":
        """Read the text of a prompts file. Raises ``PromptError``, which names ``origin``."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PromptError(f"{origin} is not valid TOML: {error}.") from error
        classes = [*_read(document, "classes", origin, on=True), *_read(document, "off", origin, on=False)]
        if not classes:
            raise PromptError(f'{origin} has no [classes] table: add lines like boredom = "a bored person".')
        order = _order(document)
        return cls(tuple(sorted(classes, key=lambda each: order.get(each.name, len(order)))))

    def to_toml(self) -> str:
        """The text of a prompts file, which has the classes that are off beside those that the command line reads.

        Only for a draft without problems.
        """
        on, off = (
            {each.name: each.descriptions for each in self.classes if each.on is state} for state in (True, False)
        )
        tables = [toml_table("classes", on)]
        if off:
            names = [each.name for each in self.classes]
            tables += [toml_table("off", off), toml_table("order", {"names": names})]
        return "\n".join(tables)

    def save(self, path: Path) -> None:
        """Write a prompts file, whole or not at all. Raises ``OutputError``. Only for a draft without problems."""
        with written_whole(path) as partial:
            partial.write_text(self.to_toml(), encoding="utf-8")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes that are on."""
        return tuple(each.name for each in self.classes if each.on)

    def problems(self) -> tuple[Problem, ...]:
        """All that has to be put right before it can be used, from top to bottom; at most one for each field."""
        return tuple(self._problems())

    def prompts(self) -> Prompts:
        """The classes that are on. Raises ``ValueError`` for a draft with problems."""
        if problems := self.problems():
            raise ValueError(f"draft: expected one without problems, got {', '.join(each.flaw for each in problems)}")
        on = [each for each in self.classes if each.on]
        return Prompts(tuple(each.name for each in on), tuple(each.descriptions for each in on))

    def changed(self, index: int, **fields: Any) -> "Draft":
        """With other ``fields`` of class number ``index``, as :class:`DraftClass` has them."""
        return self._with(index, replace(self.classes[index], **fields))

    def added(self, fresh: DraftClass = DraftClass()) -> "Draft":
        """With another class at the end."""
        return Draft((*self.classes, fresh))

    def removed(self, index: int) -> "Draft":
        """Without class number ``index``."""
        return self._with(index)

    def _with(self, index: int, *instead: DraftClass) -> "Draft":
        return Draft((*self.classes[:index], *instead, *self.classes[index + 1 :]))

    def _problems(self) -> Iterator[Problem]:
        names = Counter(each.name.strip() for each in self.classes)
        for index, each in enumerate(self.classes):
            if flaw := _flaw_of_name(each.name, names):
                yield Problem(flaw, Field.NAME, index)
            if flaw := _flaw_of_descriptions(each.descriptions):
                yield Problem(flaw, Field.DESCRIPTIONS, index)
        if sum(each.on for each in self.classes) < _LEAST:
            yield Problem(Flaw.TOO_FEW, Field.LIST)


def _flaw_of_name(name: str, names: Mapping[str, int]) -> Flaw | None:
    if not name.strip():
        return Flaw.NO_NAME
    if not name.isprintable():
        return Flaw.UNREADABLE_NAME
    if len(name) > LONGEST_NAME:
        return Flaw.LONG_NAME
    return Flaw.SAME_NAME if names[name.strip()] > 1 else None


def _flaw_of_descriptions(descriptions: tuple[str, ...]) -> Flaw | None:
    if not any(text.strip() for text in descriptions):
        return Flaw.NO_DESCRIPTION
    if any(len(text) > LONGEST_DESCRIPTION for text in descriptions):
        return Flaw.LONG_DESCRIPTION
    return None if all(map(_encodable, descriptions)) else Flaw.UNREADABLE_DESCRIPTION


def _encodable(text: str) -> bool:
    """Half of a character, as a keyboard's driver may give, can be neither saved nor read."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _read(document: Mapping[str, Any], table: str, origin: str, *, on: bool) -> list[DraftClass]:
    entries = document.get(table, {})
    if not isinstance(entries, dict):
        raise PromptError(f'{origin}: [{table}] is no table: add lines like boredom = "a bored person".')
    return [DraftClass(name, described_by(name, value, origin), on) for name, value in entries.items()]


def _order(document: Mapping[str, Any]) -> dict[str, int]:
    """Where each class stood when it was saved; what a person made of it since is no error."""
    table = document.get("order")
    names = table.get("names") if isinstance(table, dict) else None
    names = names if isinstance(names, list) else []
    return {name: place for place, name in enumerate(names) if isinstance(name, str)}
