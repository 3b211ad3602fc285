"""Reader of an instrument's file: values by the rules that they must keep, and refusals that name the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from approgress.domain.errors import Refusal
from approgress.domain.instruments.instrument import RESPONDENTS
from approgress.domain.instruments.lines import Path, line_numbers
from approgress.domain.values import number

REQUIRED = object()
"""In place of a default: the key must be there."""
_FREE = ("note", "citation")  # words for people, allowed in every table


class Reader:
    """A parsed file with its lines, and the rules that its values must keep."""

    def __init__(self, text: str, file_name: str, data: dict[str, Any]) -> None:
        self.file_name = file_name
        self.data = data
        self._lines = line_numbers(text)

    def refuse(self, path: Path, rule: str) -> NoReturn:
        """Refuse the file, naming the line of `path` or of the nearest table that holds it."""
        at = path
        while at not in self._lines:
            at = at[:-1]
        where = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
        raise Refusal(f"{self.file_name}, line {self._lines[at]}: {rule}", where or None)

    def table(self, parent: Any, path: Path, allowed: tuple[str, ...]) -> dict[str, Any]:
        """A table with none but the keys that are known in it."""
        if not isinstance(parent, dict):
            self.refuse(path, f"{path[-1]} must be a table.")
        table: dict[str, Any] = parent  # pyright: ignore[reportUnknownVariableType]
        for key in table:
            if key not in allowed and key not in _FREE:
                self.refuse((*path, key), f"“{key}” is not a key that is known here; known are {', '.join(allowed)}.")
        return table

    def tables(self, table: dict[str, Any], path: Path, key: str, allowed: tuple[str, ...]) -> list[tuple[Path, dict[str, Any]]]:
        """The tables of a list, each with its path."""
        found = table.get(key, [])
        if not isinstance(found, list):
            self.refuse((*path, key), f"{key} must be a list of tables, each under [[{key}]].")
        rows: list[Any] = found  # pyright: ignore[reportUnknownVariableType]
        return [((*path, key, i), self.table(row, (*path, key, i), allowed)) for i, row in enumerate(rows)]

    def _get(self, table: dict[str, Any], path: Path, key: str, default: object) -> Any:
        if key in table:
            return table[key]
        if default is REQUIRED:
            self.refuse(path, f"{key} is missing.")
        return default

    def text(self, table: dict[str, Any], path: Path, key: str, default: object = REQUIRED, *, blank: bool = False) -> str:
        """A text; blank only where `blank` lets it be."""
        value = self._get(table, path, key, default)
        if not isinstance(value, str):
            self.refuse((*path, key), f"{key} must be a text in quotation marks.")
        if not value.strip() and not blank:
            self.refuse((*path, key) if key in table else path, f"{key} must not be empty.")
        return value

    def word(self, table: dict[str, Any], path: Path, key: str, allowed: Iterable[str], default: object = REQUIRED) -> str:
        """One of the words allowed."""
        value = self._get(table, path, key, default)
        words = tuple(allowed)
        if value not in words:
            self.refuse((*path, key), f"{key} is “{value}”, but must be one of {', '.join(words)}.")
        return value

    def truth(self, table: dict[str, Any], path: Path, key: str, default: object = REQUIRED) -> bool:
        """True or false."""
        value = self._get(table, path, key, default)
        if not isinstance(value, bool):
            self.refuse((*path, key), f"{key} must be true or false.")
        return value

    def whole(
        self, table: dict[str, Any], path: Path, key: str, default: object = REQUIRED, *, low: int = 0, high: int | None = None
    ) -> int:
        """A whole number from `low` to `high` (None: no highest)."""
        value = self._get(table, path, key, default)
        if not is_whole(value):
            self.refuse((*path, key), f"{key} must be a whole number.")
        if value < low or (high is not None and value > high):
            goes = f"{low} to {high}" if high is not None else f"{low} or more"
            self.refuse((*path, key), f"{key} is {value}, but must be {goes}.")
        return value

    def real(self, table: dict[str, Any], path: Path, key: str, default: object = REQUIRED, *, above: float | None = None) -> float:
        """A number, more than `above` where that is given."""
        value = self._get(table, path, key, default)
        if not is_number(value):
            self.refuse((*path, key), f"{key} must be a number.")
        if above is not None and not value > above:
            self.refuse((*path, key), f"{key} is {value}, but must be more than {number(above)}.")
        return value

    def pair(self, table: dict[str, Any], path: Path, key: str) -> tuple[Any, Any]:
        """Two numbers, the lower first."""
        value: Any = self._get(table, path, key, REQUIRED)
        if not are(value, 2, is_number):
            self.refuse((*path, key), f"{key} must be two numbers, such as [0, 40].")
        low, high = value[0], value[1]
        if low >= high:
            self.refuse((*path, key), f"{key} must go from the lower to the higher number.")
        return low, high

    def ages(self, table: dict[str, Any], path: Path) -> tuple[int, int] | None:
        """The ages in years for which it is made; None: any."""
        if "ages" not in table:
            return None
        value: Any = table["ages"]
        if not are(value, 2, is_whole) or value[0] > value[1]:
            self.refuse((*path, "ages"), "ages must be two whole numbers of years, the lower first, such as [11, 16].")
        return value[0], value[1]

    def respondents(self, table: dict[str, Any], path: Path, *, required: bool) -> tuple[str, ...]:
        """Those who may answer, each named once; none only where `required` is False."""
        value = self._get(table, path, "respondents", REQUIRED if required else [])
        if not isinstance(value, list) or (required and not value):
            self.refuse((*path, "respondents"), f"respondents must be a list of one or more of {', '.join(RESPONDENTS)}.")
        names: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        for name in names:
            if name not in RESPONDENTS:
                self.refuse((*path, "respondents"), f"“{name}” is not a respondent; they are {', '.join(RESPONDENTS)}.")
        if len(set(names)) != len(names):
            self.refuse((*path, "respondents"), "a respondent is named twice.")
        return tuple(names)


def is_whole(value: object) -> bool:
    """Whether a value is a whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def are(values: Any, n: int, rule: Callable[[object], bool]) -> bool:
    """Whether `values` is a list of `n` values that all keep a rule."""
    return isinstance(values, list) and len(values) == n and all(rule(v) for v in values)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def is_number(value: object) -> bool:
    """Whether a value is a number, and finite."""
    return is_whole(value) or (isinstance(value, float) and value - value == 0)
