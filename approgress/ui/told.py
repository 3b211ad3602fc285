"""What to tell a person of an error that long work ended with."""

from __future__ import annotations

import sys

from approgress.domain.errors import Refusal, Trouble


def sentence_of(error: BaseException) -> str:
    """The sentence of an error of a rule or of the world; one that is a defect of the program is reported as such as well."""
    if isinstance(error, Refusal | Trouble):
        return error.sentence
    if isinstance(error, OSError):
        what = "The disk is full" if error.errno == 28 else f"{error.filename or 'A file'} could not be used ({error.strerror or error})"
        return f"{what}. What was there before is untouched. Mend that and try again; the program can stay open."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Nothing was changed. Close other programs and try again."
    from approgress.ui.crash import WENT_WRONG

    sys.excepthook(type(error), error, error.__traceback__)
    return WENT_WRONG
