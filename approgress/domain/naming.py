"""How a pupil is named: the one function that turns a pupil's rows into what lists, pages, sentences, files and screen readers show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pronouns:
    """A pupil's pronouns, taken from the field and never from sex: she, her, her, hers, herself; `plural` where the verb is (they have)."""

    subject: str
    object: str
    possessive: str
    own: str
    reflexive: str
    plural: bool = False


@dataclass(frozen=True, slots=True)
class ShownName:
    """A pupil as they are shown. Nothing else in the program puts a name together.

    `full` is the name on screen and paper, `call` what a sentence calls them, `listed` the surname first. With names hidden all
    three are the stored random `code`, `initials` is empty and nothing here holds a name. `pronouns` None: the name is used.
    """

    pupil_id: int
    full: str
    call: str
    listed: str
    initials: str
    code: str
    hidden: bool
    pronouns: Pronouns | None
    by_forename: tuple[str, str, int]
    by_surname: tuple[str, str, int]
    search: str
    file_part: str

    @property
    def subject(self) -> str:
        """'she', or the name."""
        return self.pronouns.subject if self.pronouns else self.call

    @property
    def object(self) -> str:
        """'her', or the name."""
        return self.pronouns.object if self.pronouns else self.call

    @property
    def possessive(self) -> str:
        """'her', or 'Amara's'."""
        return self.pronouns.possessive if self.pronouns else self.whose

    @property
    def whose(self) -> str:
        """'Amara's', always the name."""
        return f"{self.call}\u2019s"

    def verb(self, one: str, several: str) -> str:
        """The form of a verb that goes with `subject`: 'has' or 'have'."""
        return several if self.pronouns is not None and self.pronouns.plural else one
