"""Instruments from their files: what the bundled ones say, and that each rule is refused with its line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal
from approgress.domain.instruments import (
    STRANDS,
    UNVERIFIED,
    Instrument,
    Library,
    months_words,
    parse_months,
    read_instrument,
)
from approgress.domain.records import InstrumentFile
from approgress.store.catalogue import bundled_instruments, library

EXAMPLE = """# a school's own scale
id = "lesson_settled"
edition = "2026"
name = "Settled in lessons"
strand = "engagement"
respondents = ["teacher"]
ages = [5, 19]
entry = "items"
interval_days = 7
about = "the last week"
enabled = true

[licence]
owner = "This school"
text_may_be_shown = true
line = ""
source = ""

[[responses]]
value = 0
label = "Not yet"
[[responses]]
value = 1
label = "Sometimes"
[[responses]]
value = 2
label = "Mostly"

[[items]]
number = 1
text = "Starts work within five minutes"
reverse = false
risk = false
[[items]]
number = 2
text = "Stays in the room"

[[scales]]
id = "total"
name = "Total"
items = [1, 2]
score = "sum"
multiply = 1
range = [0, 4]
better = "higher"
kind = "interval"
missing_allowed = 0
prorate_round = true

[[bands]]
scale = "total"
scheme = "school 2026"
respondents = ["teacher"]
from = 0
to = 1
label = "unsettled"
source = "staff meeting, 3 September 2026"
checked = "school"

[[reliability]]
scale = "total"
kind = "retest"
value = 0.81
days = 28
sd = 1.1
sample = "94 pupils of this trust, 2025"
source = "trust report"
checked = "school"

[[norm]]
scale = "total"
mean = 2.4
sd = 1.1
n = 94
sample = "94 pupils of this trust"
year = 2025
source = "trust report"
checked = "school"

[[smallest_change]]
scale = "total"
points = 1
source = ""
checked = "unverified"
"""


def line_of(part: str, text: str = EXAMPLE) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_example_is_read() -> None:
    i = read_instrument(EXAMPLE, "settled.toml")
    assert (i.id, i.edition, i.short, i.entry, i.ages, i.interval_days) == (
        "lesson_settled",
        "2026",
        "Settled in lessons",
        "items",
        (5, 19),
        7,
    )
    assert [r.label for r in i.item(2).responses] == ["Not yet", "Sometimes", "Mostly"]
    assert i.main.steps == (0.0, 1.0, 2.0, 3.0, 4.0)
    assert i.reliabilities[0].days == 28
    assert i.smallest_change("total", "teacher") is None, "an unverified number is present and not used"
    band = i.band_of("total", 1, "teacher")
    assert band is not None
    assert band.label == "unsettled"
    assert i.band_of("total", 1, "parent") is None
    assert i.band_of("total", 2, "teacher") is None
    with pytest.raises(KeyError):
        i.scale("other")


def refusal(text: str) -> Refusal:
    with pytest.raises(Refusal) as found:
        read_instrument(text, "mine.toml")
    return found.value


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('strand = "engagement"', 'strand = "mood"', 'strand = "', "wellbeing, engagement"),
        ('respondents = ["teacher"]', 'respondents = ["head"]', "respondents = ", "head"),
        ('respondents = ["teacher"]', "respondents = []", "respondents = ", "respondents"),
        ('entry = "items"', 'entry = "both"', "entry = ", "items, scores"),
        ("ages = [5, 19]", "ages = [19, 5]", "ages = ", "lower first"),
        ("interval_days = 7", "interval_days = -1", "interval_days", "0 or more"),
        ("enabled = true", 'enabled = "yes"', "enabled", "true or false"),
        ('id = "lesson_settled"', 'id = "Lesson settled"', "id = ", "small letters"),
        ('name = "Settled in lessons"', 'name = " "', "name = ", "empty"),
        ("text_may_be_shown = true", "text_may_be_shown = false", "entry = ", "entry must be"),
        ("value = 1\nlabel", "value = 2\nlabel", 'value = 2\nlabel = "Mostly"', "two responses"),
        ("value = 2\nlabel", "value = 254\nlabel", "value = 2\nlabel", "0 to 253"),
        ("number = 2", "number = 1", "number = 2", "two items"),
        ('text = "Stays in the room"', 'text = ""', 'text = "Stays', "no text"),
        ("items = [1, 2]", "items = [1, 3]", "items = [1", "no item 3"),
        ("items = [1, 2]", "items = [1, 1]", "items = [1", "twice"),
        ('score = "sum"', 'score = "average"', "score = ", "sum, mean, table"),
        ('score = "sum"', 'score = "table"', "[[scales]]", "pairs"),
        ("range = [0, 4]", "range = [0, 5]", "range = ", "0 to 4"),
        ("range = [0, 4]", "range = [4, 0]", "range = ", "lower"),
        ("range = [0, 4]", "range = 4", "range = ", "two numbers"),
        ('better = "higher"', 'better = "up"', "better = ", "higher, lower"),
        ('better = "higher"\n', "", "[[scales]]", "better is missing"),
        ('kind = "interval"', 'kind = "ratio"', 'kind = "interval"', "ordinal"),
        ("missing_allowed = 0", "missing_allowed = 2", "missing_allowed", "only 2 items"),
        ("multiply = 1", "multiply = 0", "multiply", "more than 0"),
        ("prorate_round = true", "prorate_round = true # whole\ncount_from = 4", "\n[[bands]]", "ordinal"),
        ("to = 1\n", "to = 9\n", "to = 1", "goes from 0 to 4"),
        ("from = 0\n", "from = 3\n", "to = 1", "lower to the higher"),
        ('label = "unsettled"', 'label = "abnormal"', 'label = "unsettled"', "plain words"),
        ('checked = "school"', 'checked = "yes"', 'checked = "school"', "confirmed, school, unverified"),
        ('checked = "school"\n', "", "[[bands]]", "checked is missing"),
        ("value = 0.81", "value = 1.0", "value = 0.81", "less than 1"),
        ("value = 0.81", "band = 3", "value = 0.81", "kind manual"),
        ("days = 28\n", "", "[[reliability]]", "days is missing"),
        ('kind = "retest"', 'kind = "alpha"', "days = 28", "for a retest"),
        ('kind = "retest"', 'kind = "manual"', "value = 0.81", "band"),
        ("sd = 1.1\nsample", "sd = 0\nsample", "sd = 1.1\nsample", "more than 0"),
        ('scale = "total"\nmean', 'scale = "totals"\nmean', 'scale = "total"\nmean', "no scale"),
        ("points = 1", "points = true", "points = 1", "number"),
        ("risk = false", "riks = false", "risk = false", "riks"),
        ('owner = "This school"', 'owner = "This school"\ncolour = "red"', "text_may_be_shown", "colour"),
    ],
)
def test_a_broken_rule_is_refused_with_file_line_and_rule(old: str, new: str, at: str, said: str) -> None:
    assert EXAMPLE.count(old) >= 1
    found = refusal(EXAMPLE.replace(old, new, 1))
    assert found.sentence.startswith(f"mine.toml, line {line_of(at)}: "), found.sentence
    assert said in found.sentence
    assert found.sentence.endswith(".")


def test_what_is_missing_at_the_top_is_said_of_line_1() -> None:
    for key in ("id", "edition", "name", "strand", "respondents", "entry"):
        found = refusal(re.sub(rf"^{key} = .*\n", "", EXAMPLE, count=1, flags=re.MULTILINE))
        assert found.sentence.startswith("mine.toml, line 1: ")
        assert key in found.sentence
    assert "licence" in refusal(EXAMPLE.replace("[licence]", "[norms]", 1).replace("[norms]", "[licenses]")).sentence


@pytest.mark.parametrize(
    ("old", "new", "line"), [("ages = [5, 19]", "ages = [5, 19", 8), ('name = "Settled', "name = Settled", 4), ("edition = ", "id = ", 3)]
)
def test_broken_toml_is_refused_with_its_line(old: str, new: str, line: int) -> None:
    found = refusal(EXAMPLE.replace(old, new, 1))
    assert abs(int(re.findall(r"line (\d+)", found.sentence)[0]) - line) <= 1
    assert "not TOML" in found.sentence


def test_a_file_that_ends_too_soon() -> None:
    assert "not TOML" in refusal('id = "x"\nname = """never\nclosed').sentence


def test_an_item_may_not_have_text_that_may_not_be_shown() -> None:
    text = EXAMPLE.replace('entry = "items"', 'entry = "scores"').replace("text_may_be_shown = true", "text_may_be_shown = false")
    found = refusal(text)
    at = line_of('text = "Starts', text)
    assert f"line {at}:" in found.sentence
    assert "no item has a text" in found.sentence


def test_two_bands_may_not_hold_one_score() -> None:
    band = EXAMPLE[EXAMPLE.index("[[bands]]") : EXAMPLE.index("[[reliability]]")]
    text = EXAMPLE.replace(band, band + band.replace("from = 0", "from = 1").replace("to = 1", "to = 4").replace("unsettled", "settled"))
    assert "both hold 1" in refusal(text).sentence
    read_instrument(text.replace("from = 1\n", "from = 2\n"), "mine.toml")


def test_lines_are_found_in_odd_but_lawful_toml() -> None:
    """Inline tables, arrays over lines, long strings with quotes and brackets, comments, spaces, quoted keys."""
    text = '''id = "odd"   # a ] comment = with [[scales]] in it
edition = """
one
[[items]]"""
"name" = 'Odd = "[odd]"'
strand = "home"
respondents = [
  "pupil", # ]
  "parent",
]
entry = "items"
responses = [
  {value = 0, label = "No"},
  {value = 1, label = "Yes, \\"often\\""},
  {value = 1, label = "Always"},
]
[ licence ]
owner = "us"
text_may_be_shown = true
[[ items ]]
number = 1
text = """a
b"""
[[ scales ]]
id = "total"
name = "Total"
items = [1]
score = "sum"
range = [0, 1]
better = "lower"
kind = "interval"
'''
    found = refusal(text)
    assert found.sentence.startswith("mine.toml, line 15: "), found.sentence
    fixed = text.replace('  {value = 1, label = "Always"},\n', "")
    assert read_instrument(fixed, "mine.toml").item(1).text == "a\nb"
    own = fixed.replace(
        'text = """a\nb"""', 'text = "a"\n[[items.responses]]\nvalue = 0\nlabel = "Never"\n[[items.responses]]\nvalue = 3\nlabel = ""\n'
    )
    found = refusal(own)
    at = line_of('label = ""', own)
    assert f"line {at}:" in found.sentence, found.sentence


def test_a_table_holds_every_raw_score_and_does_not_fall() -> None:
    table = EXAMPLE.replace('score = "sum"', 'score = "table"').replace(
        "prorate_round = true\n", "prorate_round = true\ntable = [[0, 7], [1, 9.5], [2, 11], [3, 12], [4, 13]]\n"
    )
    assert "range" in refusal(table).sentence
    right = table.replace("range = [0, 4]", "range = [7, 13]").replace("from = 0\nto = 1", "from = 7\nto = 9.5")
    assert read_instrument(right, "mine.toml").main.steps == (7.0, 9.5, 11.0, 12.0, 13.0)
    assert "comes 2, not 3" in refusal(right.replace("[2, 11], ", "")).sentence
    assert "raw scores from 0 to 4" in refusal(right.replace(", [4, 13]", "").replace("[7, 13]", "[7, 12]")).sentence
    assert "falls" in refusal(right.replace("[3, 12]", "[3, 10]")).sentence


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(Refusal) as found:
        read_instrument(text, "mine.toml")
    assert found.value.sentence.startswith("mine.toml, line ")


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.text(alphabet="[]{}\"'=#\n ,.0abz", max_size=4))
def test_no_damage_to_a_good_file_breaks_the_reader(at: int, cut: int, put: str) -> None:
    text = EXAMPLE[:at] + put + EXAMPLE[at + cut :]
    try:
        read_instrument(text, "mine.toml")
    except Refusal as found:
        line = int(re.findall(r"^mine\.toml, line (\d+): ", found.sentence)[0])
        assert 1 <= line <= text.count("\n") + 1


# --- typed scores -----------------------------------------------------------------------------------------------------


def bundled(instrument_id: str, edition: str | None = None) -> Instrument:
    found = bundled_instruments().get(instrument_id, edition)
    assert found is not None
    return found


def test_a_typed_score_is_refused_in_words() -> None:
    engagement = bundled("lesson_engagement")
    assert engagement.parse("4") == 4.0
    assert engagement.parse(" ") is None
    for text in ("0", "6", "44"):
        assert str(engagement.parse(text)) == "Engagement goes from 1 to 5."
    assert "in whole numbers" in str(engagement.parse("3.5"))
    assert "not a number" in str(engagement.parse("good"))
    assert "not a number" in str(engagement.parse("4,5"))


def test_scores_that_cannot_be_reached_are_refused() -> None:
    who5 = bundled("who5")
    assert who5.parse("52") == 52.0
    assert "steps of 4" in str(who5.parse("50"))
    assert str(who5.parse("104")) == "WHO-5 goes from 0 to 100."
    sdq = bundled("sdq_teacher")
    assert str(sdq.parse("41")) == "Total difficulties goes from 0 to 40."
    assert str(sdq.parse("7", "impact")) == "Impact goes from 0 to 6."


def test_reading_ages_are_months() -> None:
    test = bundled("reading_test")
    assert test.parse("9:06", "reading_age") == 114.0
    assert test.parse("104") == 104.0
    assert isinstance(test.parse("2:06", "reading_age"), Refusal)
    assert isinstance(test.parse("104.5"), Refusal)


@pytest.mark.parametrize(
    ("text", "months"), [("9:06", 114), ("8y 3m", 99), ("10 years 7 months", 127), ("09:06:00", 114), ("9 years", 108), ("11:11", 143)]
)
def test_reading_ages_as_people_write_them(text: str, months: int) -> None:
    assert parse_months(text) == months


@pytest.mark.parametrize("text", ["7.5", "6.11", "8:13", "2026-07-10 00:00:00", "10-7", "<5", "12+", "below 5", "nine", "10/7/2026", "7,5"])
def test_reading_ages_that_could_be_two_things_are_refused_by_name(text: str) -> None:
    found = parse_months(text)
    assert isinstance(found, Refusal)
    assert text in found.sentence


@given(st.integers(1, 1199))
def test_months_come_back(months: int) -> None:
    assert parse_months(months_words(months)) == months


# --- the bundled library ----------------------------------------------------------------------------------------------


def test_the_bundled_library_loads() -> None:
    found = bundled_instruments()
    assert [str(r) for r in found.refused] == []
    assert {i.id for i in found.instruments} == {
        "who5",
        "sdq_teacher",
        "sdq_parent",
        "sdq_self",
        "lesson_engagement",
        "reading_test",
        "goal",
    }
    for i in found.instruments:
        assert i.strand in STRANDS
        assert i.licence.owner
        assert i.licence.source
        assert i.interval_days >= 0
        for figure in (*i.bands, *i.reliabilities, *i.norms, *i.smallest_changes):
            assert figure.source
            assert figure.checked != "school", "a bundled number is confirmed or not used"


def test_who5_is_unaltered() -> None:
    who5 = bundled("who5")
    assert [i.text for i in who5.items] == [
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    ]
    assert {r.value: r.label for r in who5.responses} == {
        5: "All of the time",
        4: "Most of the time",
        3: "More than half of the time",
        2: "Less than half of the time",
        1: "Some of the time",
        0: "At no time",
    }
    assert "Source" in who5.licence.line
    assert (who5.main.low, who5.main.high, who5.main.steps[1]) == (0, 100, 4.0)
    assert who5.norms == ()
    change = who5.smallest_change("total", "pupil")
    assert change is not None
    assert change.points == 10


@pytest.mark.parametrize("who", ["teacher", "parent", "self"])
def test_sdq_holds_no_wording_and_the_owners_bands(who: str) -> None:
    sdq = bundled(f"sdq_{who}")
    assert (sdq.entry, sdq.licence.text_may_be_shown, sdq.items, sdq.responses) == ("scores", False, (), ())
    assert [s.id for s in sdq.typed_scales] == ["emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact"]
    assert sdq.main.sum_of == ("emotional", "conduct", "hyperactivity", "peer")
    assert sdq.main.better == "lower"
    assert sdq.scale("prosocial").better == "higher"
    (respondent,) = sdq.respondents
    edges = {
        "teacher": ("four bands", [(0, 11), (12, 15), (16, 18), (19, 40)]),
        "parent": ("three bands", [(0, 13), (14, 16), (17, 40)]),
        "self": ("three bands", [(0, 15), (16, 19), (20, 40)]),
    }[who]
    bands = sdq.bands_of("total", respondent)
    assert ({b.scheme for b in bands}, [(b.low, b.high) for b in bands]) == ({edges[0]}, edges[1])
    for scale in ("total", "emotional", "conduct", "hyperactivity", "peer", "prosocial"):
        held = [score for score in sdq.scale(scale).steps if sdq.band_of(scale, score, respondent) is not None]
        assert held == list(sdq.scale(scale).steps), "every score is in one band"
    assert {r.scale for r in sdq.reliabilities} == {"total"}, "a subscale's change is never judged"


def test_unverified_numbers_are_there_and_not_used() -> None:
    goal, teacher = bundled("goal"), bundled("sdq_teacher")
    assert [c.checked for c in goal.smallest_changes] == [UNVERIFIED]
    assert goal.smallest_change("rating", "pupil") is None
    assert [n.checked for n in teacher.norms] == [UNVERIFIED]


def test_lesson_engagement_has_observable_points() -> None:
    engagement = bundled("lesson_engagement")
    assert [r.value for r in engagement.responses] == [1, 2, 3, 4, 5]
    assert all(len(r.looks_like) > 40 for r in engagement.responses)
    assert (engagement.main.kind, engagement.main.count_from) == ("ordinal", 4)


def test_a_reading_test_carries_the_name_of_its_test() -> None:
    named = bundled_instruments().get("reading_test", "NGRT 4, form A")
    assert named is not None
    assert named.edition == "NGRT 4, form A"
    assert bundled_instruments().get("who5", "2024") is None
    assert bundled_instruments().get("nothing") is None


def test_a_bad_file_does_not_keep_the_others_out() -> None:
    found = Library.of(
        [("bad.toml", "id ="), ("good.toml", EXAMPLE), ("twice.toml", EXAMPLE), ("off.toml", EXAMPLE.replace('"2026"', '"2027"'), False)]
    )
    assert [(i.edition, i.enabled) for i in found.instruments] == [("2026", True), ("2027", False)]
    assert [r.sentence.split(",")[0].split(":")[0] for r in found.refused] == ["bad.toml", "twice.toml"]
    assert found.get("lesson_settled") == found.instruments[0]
    assert found.of_strand("engagement") == found.instruments[:1]


def test_a_schools_own_instruments_come_after_the_bundled_ones() -> None:
    found = library([InstrumentFile(1, "lesson_settled", "2026", EXAMPLE, True), InstrumentFile(2, "mine", "1", "id =", True)])
    assert len(found.instruments) == len(bundled_instruments().instruments) + 1
    assert "mine 1" in found.refused[0].sentence
    off = library([InstrumentFile(1, "who5", "1998", "id =", False)])
    who5 = off.get("who5")
    assert who5 is not None
    assert (who5.enabled, len(who5.items), off.refused) == (False, 5, ())
    assert library() is bundled_instruments()


def test_what_a_school_types_from_the_manual_comes_first() -> None:
    i = read_instrument(EXAMPLE, "mine.toml")
    typed = replace(i.reliabilities[0], value=0.9)
    assert i.with_reliability(typed).reliabilities == (typed, i.reliabilities[0])
    assert i.scale_named(" TOTAL ") == i.main
    assert i.scale_named("other") is None
