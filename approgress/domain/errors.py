"""The three ways in which something is not done: a rule says no, the world says no, a person stopped it."""

from __future__ import annotations


class Refusal(Exception):
    """A rule of the domain says no; `sentence` says which, `field` names what it concerns (a record's field), if any."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Trouble(Exception):
    """The world says no (file, disk, lock, server); `sentence` says what happened, what was kept and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongPassphrase(Trouble):
    """The passphrase or recovery code opens no slot of the key file; nothing was touched."""


class Changed(Refusal):
    """Somebody changed a value between the moment it was shown and the moment it was to be written."""


class Stopped(Exception):  # noqa: N818
    """A person pressed Stop: the work ends and leaves nothing half done."""
