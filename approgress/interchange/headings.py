"""What the columns of a list mean: headings as many systems and people write them, matched by meaning and never by place."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from approgress.interchange.text import clean


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column may hold: its key, its words for people, and the headings (plain, as `plain_heading` gives them) that mean it."""

    key: str
    words: str
    names: tuple[str, ...] = ()


def plain_heading(heading: str) -> str:
    """A heading for comparing: small letters and digits with single spaces; '%' becomes 'percent', notes on how to write a date go."""
    text = unicodedata.normalize("NFKD", clean(heading)).replace("%", " percent ")
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())
    return re.sub(r"(?<=.) (?:d{1,2} m{1,3} y{2,4}|y{4} m{1,2} d{1,2}|required|optional|mandatory)$", "", text)


def _m(key: str, words: str, names: str) -> Meaning:
    return Meaning(key, words, tuple(n.strip() for n in names.split(",")))


IDENTITY = (
    _m("upn", "UPN", "upn, unique pupil number, upn number, current upn, u p n"),
    _m("number", "Admission number", "admission no, admission number, adm no, adm number, adm, adno, ad no, admno, admission, admissions no, admissions number, "
       "roll number, system number, school number, pupil no, pupil number, student no, student number, number"),
    _m("mis", "Information system's number", "student id, pupil id, learner id, person id, mis id, id, external id, internal id, student code, pupil code"),
    _m("arbor", "Arbor student number", "arbor student id, arbor id, arbor pupil id"),
    _m("arbor_global", "Arbor's global number", "globally unique student id, globally unique pupil id"),
    _m("sims", "SIMS person number", "sims id, sims person id, sims student id, sims pupil id"),
    _m("bromcom", "Bromcom number", "bromcom id, bromcom student id, bromcom pupil id, bromcom person id"),
    _m("legal_surname", "Legal surname", "legal surname, legal last name, legal family name, surname legal"),
    _m("legal_forename", "Legal forename", "legal forename, legal first name, legal given name, legal forenames, forename legal"),
    _m("surname", "Surname", "surname, last name, family name, lastname, second name"),
    _m("forename", "Forename", "forename, first name, given name, firstname, forenames, christian name, given names"),
    _m("full_name", "Name", "name, student name, pupil name, full name, fullname, student, pupil, learner, learner name, legal name, child, child name, name of pupil, "
       "surname forename, surname and forename, surname first name, last name first name, forename surname, forename and surname, first name last name, first name surname"),
    _m("born", "Date of birth", "date of birth, dob, d o b, birth date, birthdate, birthday, born, dateofbirth, date birth"),
)  # fmt: skip

_PUPILS = (
    _m("former_upn", "Former UPN", "former upn, previous upn, old upn"),
    _m("uln", "ULN", "uln, unique learner number, u l n"),
    _m("middle", "Middle names", "middle name, middle names, middle name s, legal middle name, legal middle names, other names"),
    _m("preferred_surname", "Known-as surname", "preferred surname, preferred last name, preferred family name, known as surname, chosen surname, chosen last name"),
    _m("preferred_forename", "Known-as name", "preferred name, preferred forename, preferred first name, known as, known as name, known as forename, chosen name, "
       "chosen forename, chosen first name, goes by, nickname, preferred"),
    _m("former_surname", "Former surname", "former surname, previous surname"),
    _m("sex", "Sex", "sex, gender, legal sex, gender at birth, sex at birth, m f"),
    _m("year", "Year group", "year group, year, nc year, yr, yr group, yeargroup, year taught in, national curriculum year, nc year s for today, nc year for today, "
       "year group s this academic year, year group this academic year, current year, current year group, nc year actual, ncyear, ncyearactual, school year"),
    _m("group", "Group", "reg group, registration group, reg, reg form, form, form group, tutor group, tutor, group, registration form, registration form s, "
       "registration form s this academic year, registration form this academic year, tutorgroup, reggroup"),
    _m("registration", "Enrolment status", "enrolment status, enrollment status, enrolement status, enrol status, registration status, registration type, enrolstatus, status"),
    _m("admitted", "First day on roll", "date of admission, admission date, doa, start date, date joined, joined, join date, entry date, date of entry, on roll date, "
       "enrolment date, first day, placement start, placement start date, start, date started, on roll from"),
    _m("left", "Last day on roll", "date of leaving, leaving date, dol, end date, date left, leave date, left, last day, placement end, placement end date, off roll date, "
       "date ended, off roll"),
    _m("leaving_reason", "Reason for leaving", "reason for leaving, leaving reason"),
    _m("destination", "Destination", "destination, leaving destination, destination after leaving"),
    _m("home_school", "Home school", "home school, main school, mainstream school, base school, host school, referring school, commissioning school, previous school, "
       "school of origin, home school name, home establishment"),
    _m("sen", "SEN status, dated", "sen status, sen, sen provision, send, send status, sen code, sen stage, sen type of provision, sen provision type, current sen status"),
    _m("need", "Type of need", "sen need, sen needs, sen type, sen need type, need, need type, type of need, sen type of need, sen primary need, primary need, primary sen need, "
       "sen primary need type, primary need type, primary area of need"),
    _m("second_need", "Second need", "secondary need, sen secondary need, secondary sen need, secondary need type, second need"),
    _m("need_rank", "Rank of the need", "sen need ranking, need ranking, sen need rank, need rank, sen ranking, rank, ranking"),
    _m("sen_since", "SEN since", "sen start date, sen start, sen status start date, sen from, sen status start"),
    _m("pupil_premium", "Pupil premium, dated", "pupil premium, pp, ppg, pupil premium eligible, pupil premium indicator, eligible for pupil premium, pupil premium eligibility, "
       "pupil premium recipient, pupil premium grant, pp eligible"),
    _m("fsm", "Free school meals, dated", "fsm, free school meals, free school meal, fsm eligible, eligible for free school meals, fsm eligibility, free meals, fsm category, "
       "free school meals eligible, eligible for fsm, free school meal eligible"),
    _m("eal", "EAL, dated", "eal, english as additional language, english as an additional language, english additional language"),
    _m("care", "In care, dated", "looked after, looked after child, lac, cla, in care, in lea care, child looked after, looked after status, children looked after, "
       "children in care, cic, in la care, currently looked after"),
    _m("previously_looked_after", "Previously in care, dated", "plac, previously looked after, post lac, post looked after arrangements, previously in care"),
    _m("young_carer", "Young carer, dated", "young carer, youngcarer, young carer indicator"),
    _m("service_child", "Service child, dated", "service child, service children, service children in education, service child in education, parent in armed forces, service family"),
    _m("cin", "Child in need, dated", "child in need, cin, children in need, cin status"),
    _m("cp", "Child protection, dated", "child protection, cp, child protection plan, cp plan, on child protection plan"),
    _m("ethnicity", "Ethnicity", "ethnicity, ethnic group, ethnic code, ethnicity code, ethnic origin"),
    _m("first_language", "First language", "first language, home language, language, mother tongue, firstlanguage"),
    _m("pronouns", "Pronouns", "pronouns, preferred pronouns"),
    _m("notes", "Notes", "notes, note, comments, comment, remarks"),
)  # fmt: skip

_MARKS = (
    _m("date", "Day", "date, mark date, attendance date, session date, day, register date, date of mark, date of session"),
    _m("am", "AM mark", "am, am mark, am code, morning, am session, morning mark, am attendance, am registration, am reg, mark am, am attendance mark"),
    _m("pm", "PM mark", "pm, pm mark, pm code, afternoon, pm session, afternoon mark, pm attendance, pm registration, pm reg, mark pm, pm attendance mark"),
    _m("session", "Session", "session, am pm, session name, am or pm, half day, session am pm, session type, period, registration session"),
    _m("mark", "Mark", "mark, code, attendance code, attendance mark, marks, registration mark, session mark, register mark, attendance, mark code"),
    _m("am_late", "AM minutes late", "am minutes late, am mins late, am late minutes, minutes late am, am minutes, late am, am late, am late mins"),
    _m("pm_late", "PM minutes late", "pm minutes late, pm mins late, pm late minutes, minutes late pm, pm minutes, late pm, pm late, pm late mins"),
    _m("minutes", "Minutes late", "minutes late, mins late, late minutes, late mins, minutes"),
)  # fmt: skip

_SUMMARY = (
    _m("possible", "Possible sessions", "possible, possible sessions, sessions possible, possible attendances, poss, total possible, total possible sessions, possible marks, "
       "no of possible sessions, number of possible sessions, total sessions, sessions"),
    _m("attended", "Attended sessions", "attended, attendances, sessions attended, attended sessions, total attended, attendances including approved educational activity, "
       "sessions attended including approved educational activity, actual attendances, total attendances, attend"),
    _m("present", "Present sessions", "present, present sessions, presents, sessions present, present marks, total present, actual present, no of presents"),
    _m("aea", "Approved educational activity", "approved educational activity, approved ed activity, aea, approved ed act, approved educational activities, educational activity, "
       "approved activity, approved educational, app ed activity, approved off site activity, approved ed activities, sessions approved educational activity"),
    _m("authorised", "Authorised absence", "authorised absence, authorised absences, authorised, auth, auth absence, auth absences, authorised abs, auth abs, sessions authorised, "
       "authorised absence sessions, authorized, authorized absence, authorized absences, authorised sessions, total authorised"),
    _m("unauthorised", "Unauthorised absence", "unauthorised absence, unauthorised absences, unauthorised, unauth, unauth absence, unauth absences, unauthorised abs, unauth abs, "
       "sessions unauthorised, unauthorised absence sessions, unauthorized, unauthorized absence, unauthorized absences, unauthorised sessions, total unauthorised"),
    _m("percent", "Attendance as stated", "attendance percent, percent attendance, percentage attendance, attendance percentage, att percent, percent att, attendance rate, "
       "percent attend, percent attended, attendance"),
    _m("late_before", "Late before the register closed", "late before reg closed l, late before reg closed, late before registers closed, late before register closed, late l, l, lates l, "
       "late before, late before reg closes, late before registration closed, late, lates, late marks, lates before reg closed"),
    _m("late_after", "Late after the register closed", "late after reg closed u, late after reg closed, late after registers closed, late after register closed, late u, u, lates u, "
       "late after, late after reg closes, late after registration closed, lates after reg closed"),
    _m("first_day", "Period from", "start date, from, date from, period start, first date, start, period from, from date, date range start, period start date"),
    _m("last_day", "Period to", "end date, to, date to, until, period end, last date, end, period to, to date, date range end, period end date"),
    _m("school", "School that states it", "school, school name, establishment, establishment name, stated by, home school, main school"),
)  # fmt: skip

_READINGS = (
    _m("pupil", "Pupil (UPN or number)", "pupil, pupil key, pupil upn or number, upn or number"),
    _m("date", "Day", "date, test date, date of test, day, assessment date, date completed, completed on, reading date, date of assessment"),
    _m("instrument", "Instrument", "instrument, measure, questionnaire, test, assessment, tool, test name"),
    _m("edition", "Edition", "edition, version, test edition"),
    _m("respondent", "Respondent", "respondent, completed by, informant, answered by, who answered, filled in by"),
    _m("rater", "Rater", "rater, rater name, name of rater, assessor, assessed by"),
    _m("form", "Form", "form, test form, form of test"),
    _m("total", "Total", "total, total score, score, result"),
)  # fmt: skip

_OWN = Meaning("pupil_code", "approgress's own code of the pupil", ("pupil code of approgress",))

_NOT_A_SUMMARY = {"number"}
MEANINGS: dict[str, tuple[Meaning, ...]] = {
    "pupils": (*IDENTITY, *_PUPILS),
    "marks": (*IDENTITY, *_MARKS),
    "summary": (*IDENTITY, *_SUMMARY),
    "readings": (*IDENTITY, *_READINGS),
}
"""What the columns of each kind of list may mean."""

DATES = {
    "pupils": ("born", "admitted", "left", "sen_since"),
    "marks": ("born", "date"),
    "summary": ("born", "first_day", "last_day"),
    "readings": ("born", "date"),
}
"""Which of them are dates."""

_WHO = ("upn", "number", "mis", "arbor", "arbor_global", "sims", "bromcom", "surname", "legal_surname", "full_name", "pupil_code", "pupil")
"""Any of these columns says whom a row speaks of."""

NEEDED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "pupils": (("surname", ("surname", "legal_surname", "full_name", "forename", "legal_forename", "upn", "number")),),
    "marks": (("upn", _WHO), ("date", ("date",)), ("mark", ("am", "pm", "mark")), ("session", ("session", "am", "pm"))),
    "summary": (
        ("upn", _WHO),
        ("possible", ("possible",)),
        ("attended", ("attended", "present")),
        ("authorised", ("authorised",)),
        ("unauthorised", ("unauthorised",)),
    ),
    "readings": (("upn", _WHO), ("date", ("date",)), ("total", ("total", "scale:", "item:"))),
}
"""What a list cannot do without: the meaning that is asked for, and the columns any of which will do."""

_BY_NAME = {sort: {name: m for m in meanings for name in m.names} for sort, meanings in MEANINGS.items()}
_PREFIX = re.compile(r"^(?:student|pupil|learner|child|childs|pupils|students) s? ?")
_ITEM = re.compile(r"^(?:item|question|q)? ?(\d{1,3})$")


def meaning_of(heading: str, sort: str) -> Meaning | None:
    """What a heading means in a kind of list, or None."""
    if clean(heading) == "pupil_code":
        return _OWN
    plain = plain_heading(heading)
    names = _BY_NAME[sort]
    found = names.get(plain)
    if found is None and plain:
        found = names.get(_PREFIX.sub("", plain))
    return found


def is_known(cell: str) -> bool:
    """Whether a cell is a heading of any kind of list that is read here."""
    if not cell or len(cell) > 80:
        return False
    return any(meaning_of(cell, sort) is not None for sort in MEANINGS)


def words_of(key: str | None, sort: str) -> str:
    """What people call a meaning; 'not used' for none."""
    if key is None:
        return "not used"
    if key == _OWN.key:
        return _OWN.words
    if key.startswith("item:"):
        return f"Item {key[5:]}"
    if key.startswith("scale:"):
        return key[6:].replace("_", " ").capitalize()
    if key.startswith("marks:"):
        return f"Marks of {key[6:]}"
    return next((m.words for m in MEANINGS[sort] if m.key == key), key)


def fingerprint(headings: Sequence[str]) -> str:
    """A short text that is the same for the same headings in the same order, whatever their capitals."""
    text = "\x1f".join(plain_heading(h) for h in headings)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _places() -> dict[str, int]:
    return {}


@dataclass(slots=True)
class Columns:
    """Which column holds what: `place` by meaning, `meanings` by column (None: not used), `twice`: meanings that several columns claim."""

    headings: list[str]
    meanings: list[str | None]
    place: dict[str, int] = field(default_factory=_places)
    twice: dict[str, list[int]] = field(default_factory=lambda: {})
    remembered: bool = False

    def has(self, *keys: str) -> bool:
        """Whether any of these meanings has a column."""
        return any(k in self.place for k in keys)

    def heading(self, key: str) -> str:
        """The heading of a meaning's column, as the file writes it; the meaning itself where it has none."""
        at = self.place.get(key)
        return self.headings[at] if at is not None else key


def match(
    headings: Sequence[str],
    sort: str,
    *,
    scales: Mapping[str, str] | None = None,
    chosen: Mapping[int, str | None] | None = None,
) -> Columns:
    """The columns of a list by meaning. `scales` are further headings (plain) and the meaning they have; `chosen` overrides by column."""
    meanings: list[str | None] = []
    for i, heading in enumerate(headings):
        if chosen is not None and i in chosen:
            meanings.append(chosen[i] or None)
            continue
        found = meaning_of(heading, sort) if heading.strip() else None
        key = found.key if found else None
        if sort == "readings" and key is None and heading.strip():
            plain = plain_heading(heading)
            if item := _ITEM.match(plain):
                key = f"item:{int(item[1])}"
            elif scales and plain in scales:
                key = scales[plain]
        meanings.append(key)
    columns = Columns(list(headings), meanings)
    for i, key in enumerate(meanings):
        if key is None:
            continue
        if key in columns.place:
            columns.twice.setdefault(key, [columns.place[key]]).append(i)
        else:
            columns.place[key] = i
    return columns


def guess(headings: Sequence[str], scales: Mapping[str, str] | None = None, day_headings: int = 0) -> str | None:
    """Which kind of list these headings belong to: readings, marks, summary or pupils; None where they say too little.

    `day_headings` is how many headings are themselves a day (a register laid out in columns).
    """
    who = _WHO
    readings = match(headings, "readings", scales=scales)
    own = [k for k in readings.place if k.startswith(("scale:", "item:"))]
    if (
        readings.has(*who)
        and readings.has("date")
        and (readings.has("instrument") or any(k.startswith("scale:") for k in own) or len(own) >= 3)
    ):
        return "readings"
    marks = match(headings, "marks")
    if marks.has(*who) and ((marks.has("date") and marks.has("am", "pm", "mark")) or day_headings >= 2):
        return "marks"
    summary = match(headings, "summary")
    if summary.has(*who) and summary.has("possible") and summary.has("attended", "present", "authorised", "unauthorised", "percent"):
        return "summary"
    pupils = match(headings, "pupils")
    if pupils.has(*who) and len(pupils.place) >= 2:
        return "pupils"
    if summary.has(*who) and summary.has("attended", "present") and summary.has("authorised", "unauthorised"):
        return "summary"
    return None
