"""Seals: chained hashes over stretches of the journal, which show that nothing was lost, forked or altered.

A seal is made each 256 steps and at close, backup and report. It hashes meaning, not bytes: each step's columns and, for each
pupil in it, a commitment to the pupil's changes keyed by the pupil's salt, so that a child can be erased for good later and
the seal still holds. `touched` says which pupils a sealed stretch speaks of.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from approgress.store.bodies import unpack
from approgress.store.database import Database

STRETCH = 256


def _plain(value: Any) -> Any:
    return {"x": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _commitments(tick: int, desk: int, body: bytes | None, salts: dict[int, bytes]) -> dict[int, bytes]:
    """For each pupil of a step a 16-byte commitment to what the step says of them."""
    said: dict[int, list[Any]] = {}
    gone: dict[int, bytes] = {}
    for c in unpack(body):
        if c.op == "!":
            gone[c.pupil] = c.fields["commitment"][1]
            continue
        fields = {f: [_plain(b), _plain(a)] for f, (b, a) in sorted(c.fields.items())}
        said.setdefault(c.pupil, []).append([c.stroke, c.op, c.kind, list(c.key), fields, c.why])
    out = dict(gone)
    for pupil, changes in said.items():
        changes.sort(key=lambda x: (x[0], x[2], x[3], x[1]))
        h = hashlib.blake2b(key=salts.get(pupil, b""), digest_size=16)
        h.update(f"{tick} {desk} ".encode())
        h.update(json.dumps(changes, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode())
        out[pupil] = h.digest()
    return out


def _chain(before: bytes, row: Any, parts: dict[int, bytes]) -> bytes:
    h = hashlib.blake2b(before, digest_size=16)
    tick, desk, at, who, what, title, more, _ = row
    h.update(json.dumps([tick, desk, at, who, what, title, more]).encode())
    for pupil in sorted(parts):
        h.update(f" {pupil} ".encode())
        h.update(parts[pupil])
    return h.digest()


def _mark(database: Database, text: str) -> str:
    return text.replace("?", "%s") if database.dialect == "postgresql" else text


def _salts(c: Connection) -> dict[int, bytes]:
    return {p: bytes(s) for p, s in c.exec_driver_sql("SELECT pupil_id, salt FROM salt")}


_STEPS = "SELECT tick, desk, at, who, what, title, more, changes FROM step WHERE desk = ? AND tick > ? ORDER BY tick"


def make_seals(database: Database, desk: int) -> bytes | None:
    """Seal all steps of a desk that are not sealed yet; returns the newest seal's hash, None where there are no steps."""
    with database.write() as c:
        salts = _salts(c)
        last = c.exec_driver_sql(_mark(database, "SELECT tick, hash FROM seal WHERE desk = ? ORDER BY tick DESC LIMIT 1"), (desk,)).fetchone()
        since, chain = (last[0], bytes(last[1])) if last else (0, b"")
        rows = c.exec_driver_sql(_mark(database, _STEPS), (desk, since)).fetchall()
        for start in range(0, len(rows), STRETCH):
            stretch = rows[start : start + STRETCH]
            pupils: set[int] = set()
            for row in stretch:
                parts = _commitments(row[0], row[1], row[7], salts)
                pupils |= set(parts)
                chain = _chain(chain, row, parts)
            tick = stretch[-1][0]
            c.exec_driver_sql(_mark(database, "INSERT INTO seal (desk, tick, steps, hash) VALUES (?, ?, ?, ?)"), (desk, tick, len(stretch), chain))
            if pupils:
                c.exec_driver_sql(
                    _mark(database, "INSERT INTO touched (pupil_id, tick, desk) VALUES (?, ?, ?)"), [(p, tick, desk) for p in sorted(pupils)]
                )
        return chain or None


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What checking the seals found: seals and steps read, and sentences about what does not hold."""

    seals: int
    steps: int
    faults: tuple[str, ...]


def check_seals(database: Database) -> SealCheck:
    """Compute every seal again from the steps and compare; also that ticks are whole and each desk's seals follow its steps."""
    faults: list[str] = []
    counted = sealed = 0

    def readable(row: Any) -> dict[int, bytes]:
        try:
            return _commitments(row[0], row[1], row[7], salts)
        except (zlib.error, ValueError, LookupError, TypeError):
            faults.append(f"Step {row[0]} of the journal is damaged: what it changed cannot be read.")
            return {}

    with database.read() as c:
        salts = _salts(c)
        desks = [d for (d,) in c.exec_driver_sql("SELECT desk FROM step UNION SELECT desk FROM seal ORDER BY desk")]
        seals = [(d, t, n, bytes(h)) for d, t, n, h in c.exec_driver_sql("SELECT desk, tick, steps, hash FROM seal ORDER BY desk, tick")]
        ticks = [t for (t,) in c.exec_driver_sql("SELECT tick FROM step ORDER BY tick")]
        pupils = int(c.exec_driver_sql("SELECT count(*) FROM pupil").scalar() or 0)
        if pupils and not ticks:
            faults.append(f"The journal is empty, though there {'is 1 pupil' if pupils == 1 else f'are {pupils:,} pupils'}: its steps were lost.")
        if ticks and len(desks) == 1 and ticks != list(range(1, len(ticks) + 1)):
            faults.append(f"The journal has a gap: {len(ticks)} steps are there, but the newest is number {ticks[-1]}.")
        for desk in desks:
            rows = c.exec_driver_sql(_mark(database, _STEPS), (desk, 0)).fetchall()
            at, chain = 0, b""
            for _, tick, n, held in (s for s in seals if s[0] == desk):
                stretch = [r for r in rows[at:] if r[0] <= tick]
                for row in stretch:
                    chain = _chain(chain, row, readable(row))
                if len(stretch) != n or chain != held:
                    first = stretch[0][0] if stretch else tick
                    faults.append(f"Steps {first} to {tick} of the journal do not agree with their seal: something was altered, lost or added there.")
                    chain = held
                at += len(stretch)
                sealed += 1
            for row in rows[at:]:  # not sealed yet: at least they must read
                readable(row)
            counted += len(rows)
    return SealCheck(sealed, counted, tuple(faults))


def newest_seal(database: Database) -> str:
    """The first 8 signs of the newest seal, for the foot of a report; '' where there is none."""
    with database.read() as c:
        row = c.exec_driver_sql("SELECT hash FROM seal ORDER BY tick DESC LIMIT 1").fetchone()
    return bytes(row[0]).hex()[:8] if row else ""
