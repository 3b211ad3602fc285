"""Who looks and who acts: every read takes a viewer, every act an actor."""

from __future__ import annotations

from dataclasses import dataclass

from approgress.domain.records import ORDINARY, RESTRICTED, SAFEGUARDING


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at the program: id and name, role, the groups whose pupils they teach, and which classes of record they may read."""

    person_id: int
    name: str
    role: str = "head"
    groups: frozenset[int] = frozenset()
    classes: frozenset[str] = frozenset({ORDINARY, RESTRICTED, SAFEGUARDING})

    def may_read(self, privacy: str) -> bool:
        """Whether this viewer may read records of that class."""
        return privacy in self.classes
