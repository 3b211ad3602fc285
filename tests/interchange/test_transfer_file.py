"""Common Transfer Files: read by element name, any version and encoding, and no DOCTYPE ever."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest

from approgress.domain.errors import Refusal, Stopped
from approgress.interchange.transfer_file import TransferPupil, looks_like_one, read_transfer_file

TODAY = date(2026, 11, 24)
FILE = """<?xml version="1.0" encoding="{encoding}"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.1</CTFversion><DateTime>2026-11-10T09:00:00</DateTime>
<SourceSchool><LEA>999</LEA><Estab>4212</Estab><SchoolName>Invented High School</SchoolName></SourceSchool></Header><CTFpupilData>
<Pupil><UPN>P999421223331</UPN><UniqueLearnerNumber>9276308686</UniqueLearnerNumber><Surname>Ódds</Surname><Forename>Eve</Forename><DOB>2012-10-01</DOB><Gender>F</Gender>
<BasicDetails><FormerUPN>D999421223332</FormerUPN><PreferredForename>Evie</PreferredForename><NCyearActual>9</NCyearActual><SomethingNew>kept out</SomethingNew>
<EnrolStatus>M</EnrolStatus></BasicDetails><LookedAfter><InCare>true</InCare></LookedAfter>
<FSMhistory><FSMinstance><FSMstartDate>2026-09-01</FSMstartDate><FSMCategory>TFSM</FSMCategory></FSMinstance>
<FSMinstance><FSMstartDate>2020-09-01</FSMstartDate><FSMendDate>2021-07-01</FSMendDate><FSMCategory>OFSM</FSMCategory></FSMinstance></FSMhistory>
<SENhistory><SEN><StartDate>2023-01-06</StartDate><SENprovision>K</SENprovision></SEN><SEN><StartDate>2025-01-06</StartDate><SENprovision>E</SENprovision></SEN></SENhistory>
<Attendance><YearData><Year>2025</Year><LEA>999</LEA><Estab>4212</Estab><SchoolName>Invented High School</SchoolName><SessionsPossible>190</SessionsPossible>
<SessionsAuthorised>50</SessionsAuthorised><SessionsAttended>100</SessionsAttended><SessionsUnauthorised>40</SessionsUnauthorised>
<AttendSessions><AttendanceStartDate>2025-09-01</AttendanceStartDate><AttendanceMarks>/\\/\\LL</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil>
<Pupil><UPN>D999421223332</UPN><Surname>Evens</Surname><Forename>Abe</Forename><DOB>2012-02-30</DOB></Pupil>
</CTFpupilData></CTfile>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "windows-1252"])
def test_a_file_is_read_by_the_names_of_its_elements(encoding: str) -> None:
    file = read_transfer_file(FILE.format(encoding=encoding).encode(encoding), "x.xml", TODAY)
    assert (file.school, file.la, file.estab, file.version, file.written) == (
        "Invented High School",
        "999",
        "4212",
        "25.1",
        date(2026, 11, 10),
    )
    first, second = file.pupils
    draft = first.draft
    assert (draft.who.upn, draft.who.surname, draft.who.born, draft.uln) == ("P999421223331", "Ódds", date(2012, 10, 1), "9276308686")
    assert (draft.sex, draft.year, draft.former_upn, draft.preferred_forename) == ("F", "9", "D999421223332", "Evie")
    assert (draft.sen, draft.since["sen"], draft.flags, draft.since["fsm"]) == (
        "E",
        date(2025, 1, 6),
        {"care": "yes", "fsm": "TFSM"},
        date(2026, 9, 1),
    )
    (stated,) = first.attendance
    assert (stated.year, stated.possible, stated.attended, stated.authorised, stated.unauthorised) == ("2025", "190", "100", "50", "40")
    assert second.draft.row_refusal is not None and "no day 30" in second.draft.row_refusal.sentence and second.row == 3


def test_capitals_and_namespaces_do_not_matter() -> None:
    text = FILE.format(encoding="UTF-8").replace("Surname", "SURNAME").replace("SessionsPossible", "sessionspossible")
    text = text.replace("<CTfile>", '<c:CTFile xmlns:c="urn:x">').replace("</CTfile>", "</c:CTFile>")
    file = read_transfer_file(text.encode(), "x.xml", TODAY)
    assert file.pupils[0].draft.who.surname == "Ódds" and file.pupils[0].attendance[0].possible == "190"


def _sen(*entries: tuple[str, str]) -> TransferPupil:
    history = "".join(f"<SEN>{f'<StartDate>{start}</StartDate>' if start else ''}<SENprovision>{code}</SENprovision></SEN>" for start, code in entries)
    text = f"<CTfile><Pupil><Surname>Odds</Surname><Forename>Eve</Forename><SENhistory>{history}</SENhistory></Pupil></CTfile>"
    return read_transfer_file(text.encode(), "x.xml", TODAY).pupils[0]


@pytest.mark.parametrize("start", ["2025-01-06", ""])
@pytest.mark.parametrize("codes", ["NK", "KN", "EN", "NE", "KEK"])
def test_of_two_sen_entries_of_one_day_the_last_in_the_file_is_taken_and_said(codes: str, start: str) -> None:
    pupil = _sen(*((start, c) for c in codes), ("2024-01-06" if start else "", codes[-1]))
    assert pupil.draft.sen == codes[-1]
    (said,) = pupil.doubts
    assert said.startswith("In row 2: SEN provision is given more than once") and f"{codes[-1]}, which stands last" in said
    assert ("from 6 Jan 2025" in said) == bool(start)


def test_sen_entries_of_different_days_or_that_agree_raise_no_doubt() -> None:
    assert _sen(("2025-01-06", "E"), ("2023-01-06", "N"), ("", "K")).draft.sen == "E"
    for pupil in (_sen(("2025-01-06", "E"), ("2023-01-06", "N"), ("", "K")), _sen(("2025-01-06", "K"), ("2025-01-06", "K")), _sen(("", "K"), ("2030-01-06", "E"))):
        assert pupil.doubts == []


def bombs() -> dict[str, bytes]:
    nested = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    body = "<CTfile><CTFpupilData><Pupil><Surname>&j;</Surname></Pupil></CTFpupilData></CTfile>"
    first = f'<!DOCTYPE CTfile [<!ENTITY a "aaaaaaaaaa">{nested}]>{body}'
    return {
        "nested": ('<?xml version="1.0"?>' + first).encode(),
        "hidden in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + first).encode("utf-16"),
        "big endian": ('<?xml version="1.0" encoding="UTF-16"?>' + first).encode("utf-16-be"),
        "external": b'<?xml version="1.0"?><!DOCTYPE CTfile [<!ENTITY x SYSTEM "file:///etc/hostname">]><CTfile><Pupil><Surname>&x;</Surname></Pupil></CTfile>',
        "outside": b'<!DOCTYPE CTfile SYSTEM "http://127.0.0.1:9/x.dtd"><CTfile/>',
        "parameter": b"<!DOCTYPE CTfile [<!ENTITY % x \"<!ENTITY y 'z'>\">%x;]><CTfile/>",
        "quadratic": (
            '<!DOCTYPE CTfile [<!ENTITY a "'
            + "a" * 50_000
            + '">]><CTfile><Pupil><Surname>'
            + "&a;" * 50_000
            + "</Surname></Pupil></CTfile>"
        ).encode(),
        "deep": b"<CTfile><CTFpupilData><Pupil>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</Pupil></CTFpupilData></CTfile>",
        "long": b"<CTfile><CTFpupilData><Pupil><Surname>" + b"a" * 3_000_000 + b"</Surname></Pupil></CTFpupilData></CTfile>",
    }


@pytest.mark.parametrize("kind", list(bombs()))
def test_a_file_that_could_do_harm_is_refused_in_a_sentence(kind: str) -> None:
    data = bombs()[kind]
    assert looks_like_one(data)
    with pytest.raises(Refusal) as refused:
        read_transfer_file(data, "x.xml", TODAY)
    assert "aaaa" not in refused.value.sentence and refused.value.sentence.count(".") <= 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is set as Linux counts it")
def test_harmful_files_stay_within_memory(tmp_path: Path) -> None:
    for kind, data in bombs().items():
        (tmp_path / f"{kind}.xml").write_bytes(data)
    program = textwrap.dedent(
        """
        import resource, sys
        from datetime import date
        from pathlib import Path
        from approgress.domain.errors import Refusal
        from approgress.interchange.transfer_file import read_transfer_file
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 100_000_000,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        for path in sorted(Path(sys.argv[1]).iterdir()):
            try:
                read_transfer_file(path.read_bytes(), path.name, date(2026, 11, 24))
            except Refusal:
                continue
            sys.exit(f"{path.name} was read")
        """
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]


def test_a_cut_or_foreign_file_is_refused_and_reading_can_be_stopped() -> None:
    whole = FILE.format(encoding="UTF-8").encode()
    with pytest.raises(Refusal, match="ends in the middle"):
        read_transfer_file(whole[:900], "x.xml", TODAY)
    with pytest.raises(Refusal, match="not a Common Transfer File"):
        read_transfer_file(b"<other/>", "x.xml", TODAY)
    with pytest.raises(Refusal, match="not whole"):
        read_transfer_file(b"<CTfile><Pupil></CTfile>", "x.xml", TODAY)
    assert not looks_like_one(b"<html></html>") and not looks_like_one(b"UPN,Surname")

    def stop(done: int, of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_transfer_file(whole, "x.xml", TODAY, stop)
