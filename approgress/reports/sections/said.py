"""What several sections say: findings as pieces, a sign with its mark, headings with the pupil's own pronouns."""

from __future__ import annotations

from collections.abc import Iterable

from approgress.domain.dossier import Dossier
from approgress.domain.findings import Finding, opening
from approgress.domain.strands import UNJUDGED, Sign
from approgress.reports.text import Piece
from approgress.style import SIGN_ROLE


def finding_pieces(found: Iterable[Finding]) -> list[Piece]:
    """Sentences as pieces, one after the other; strong runs are bold."""
    pieces: list[Piece] = []
    for finding in found:
        if pieces:
            pieces.append(Piece(" "))
        pieces += [Piece(run.text, 700 if run.strong else None) for run in finding.runs]
    return pieces


def opening_pieces(d: Dossier) -> list[Piece]:
    """The opening paragraph. A strand whose change cannot be judged is left to the table below it, which says why."""
    unjudged = {v.strand for v in d.strands if v.sign.mark == UNJUDGED and v.strand != "attendance"}
    return finding_pieces(f for f in opening(d) if f.about not in unjudged)


def quoted(text: str) -> str:
    """Words in quotation marks, unless whoever wrote them down set them already."""
    text = text.strip()
    return text if any(mark in text for mark in '\u201c\u201d"') else f"\u201c{text}\u201d"


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def sign_pieces(sign: Sign) -> tuple[Piece, ...]:
    """A sign in its line: the drawn mark, what it means in its colour, then the counts or the reason."""
    rest = (Piece(" " + sign.rest, None, "quiet"),) if sign.rest else ()
    if not sign.mark:
        return (Piece(sign.words, 600), *rest)
    role = SIGN_ROLE[sign.mark]
    return (Piece("", mark=sign.mark, colour=role), Piece(" " + sign.words, 600, role), *rest)


def whom(d: Dossier) -> str:
    """'she', 'they', or the name, as a heading calls the pupil."""
    return d.name.subject


def started_and_now(d: Dossier) -> str:
    """'Where she started, where she is now'."""
    who = whom(d)
    return f"Where {who} started, where {who} {d.name.verb('is', 'are')} now"


def own_words(d: Dossier) -> str:
    """'in her own words'; with names off or without pronouns: 'in the pupil’s own words'."""
    return f"in {d.name.pronouns.possessive} own words" if d.name.pronouns else "in the pupil\u2019s own words"
