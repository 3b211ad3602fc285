"""Lines of a TOML text: on which one each table, key and array element stands."""

from __future__ import annotations

import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")
Path = tuple[str | int, ...]


def line_numbers(text: str) -> dict[Path, int]:
    """The line on which each table, key and outermost array element of a TOML text stands (tomllib tells lines of syntax errors only)."""
    lines: dict[Path, int] = {(): 1}
    arrays: dict[Path, int] = {}
    table: Path = ()
    i, line, n = 0, 1, len(text)

    def resolve(parts: list[str]) -> Path:
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if path in arrays:
                path = (*path, arrays[path])
        return path

    def string_end(at: int) -> int:
        quote = text[at]
        triple = text.startswith(quote * 3, at)
        end = quote * 3 if triple else quote
        at += len(end)
        while at < n:
            if text[at] == "\\" and quote == '"':
                at += 2
                continue
            if text.startswith(end, at):
                at += len(end)
                while triple and at < n and text[at] == quote:
                    at += 1  # quotes that end a long string may be followed by one or two of its own
                return at
            at += 1
        return n

    def keys_until(at: int, stop: str) -> tuple[list[str], int]:
        parts: list[str] = []
        while at < n and not text.startswith(stop, at) and text[at] != "\n":
            if text[at] in "\"'":
                end = string_end(at)
                parts.append(text[at + 1 : end - 1])
                at = end
            elif match := _BARE.match(text, at):
                parts.append(match[0])
                at = match.end()
            else:
                at += 1
        return parts, at + len(stop)

    while i < n:
        c = text[i]
        if c == "\n":
            line += 1
            i += 1
        elif c in " \t\r":
            i += 1
        elif c == "#":
            i = text.find("\n", i) if "\n" in text[i:] else n
        elif text.startswith("[[", i):
            parts, i = keys_until(i + 2, "]]")
            outer = resolve(parts[:-1])
            array: Path = (*outer, parts[-1]) if parts else ()
            arrays[array] = arrays.get(array, -1) + 1
            table = (*array, arrays[array])
            lines.setdefault(array, line)
            lines[table] = line
        elif c == "[":
            parts, i = keys_until(i + 1, "]")
            table = resolve(parts)
            lines.setdefault(table, line)
        else:
            parts, i = keys_until(i, "=")
            key: Path = (*table, *parts)
            lines.setdefault(key, line)
            depth, element, fresh = 0, -1, False
            while i < n:
                c = text[i]
                if c == "\n":
                    if depth == 0:
                        break
                    line += 1
                    i += 1
                elif c == "#":
                    i = text.find("\n", i) if "\n" in text[i:] else n
                elif c in " \t\r":
                    i += 1
                else:
                    if fresh and c not in "],":
                        element += 1
                        lines.setdefault((*key, element), line)
                        fresh = False
                    if c in "\"'":
                        end = string_end(i)
                        line += text.count("\n", i, end)
                        i = end
                        continue
                    if c in "[{":
                        depth += 1
                        fresh = depth == 1 and c == "["
                    elif c in "]}":
                        depth -= 1
                    elif c == "," and depth == 1:
                        fresh = True
                    i += 1
    return lines
