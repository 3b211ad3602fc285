"""Audiences of a dossier: who may read a thing, from the staff to the pupil."""

from __future__ import annotations

STAFF, SCHOOLS, FAMILY, PUPIL = "staff", "schools", "family", "pupil"
AUDIENCES = (STAFF, SCHOOLS, FAMILY, PUPIL)
"""Who may read a thing, from the narrowest: what is for the family is also for schools and staff."""


def may_read(reader: str, audience: str) -> bool:
    """Whether what is meant for `audience` may be read by `reader` (both of AUDIENCES; an unknown audience is for staff only)."""
    meant = AUDIENCES.index(audience) if audience in AUDIENCES else 0
    return AUDIENCES.index(reader) <= meant
