"""Every part in every state on pages of invented content, to be looked at beside the design: python -m tests.ui.gallery FOLDER."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QScrollBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from approgress.domain.errors import Refusal
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button, FilterChips, MenuButton, SegmentedChoice, TailButton
from approgress.ui.parts.cards import Card, EmptyState, Line
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import (
    Calendar,
    ChoiceField,
    DateField,
    NoteField,
    NumberField,
    OptionsField,
    PassphraseField,
    SearchField,
    TextField,
    TickField,
)
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.frame import Frame, Place
from approgress.ui.parts.labels import Badge, Chip, Disc, KeyCap, Legend, MarkText, NameText, Text
from approgress.ui.parts.layouts import CardGrid, FlowLayout, SideBySide
from approgress.ui.parts.mini import MiniBar, MiniBars, MiniLine, MiniSpan, MiniSpans
from approgress.ui.parts.page import Page
from approgress.ui.parts.painting import initials
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.strand_card import SpanBar, StrandCard, StrandFacts
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.parts.tables import ChipCell, CodeCell, Column, Row, ScoreCell, SignCell, TableModel, TableView, TextCell
from approgress.ui.theme import measure, space

TODAY = date(2026, 11, 24)

PUPILS = (
    ("Amara Bell", "Y9", "/", "gain", 3, 29, 33, ("gain", "gain", "gain", "none")),
    ("Callum Dyer", "Y9", "/", "gain", 4, 32, 33, ("none", "gain", "none", "none")),
    ("Chloe Frost", "Y10", "L", "attention", 2, 31, 33, ("gain", "none", "gain", "none")),
    ("Dariusz Wolski", "Y11", "/", "gain", 3, 20, 33, ("gain", "none", "gain", "gain")),
    ("Ellis Grant", "Y8", "K", "none", None, 33, 33, ("none", "none", "none", "gain")),
    ("Faith Oduya", "Y9", "/", "gain", 5, 27, 33, ("gain", "decline", "none", "unjudged")),
    ("Harley Quinn-Moss", "Y10", "N", "decline", None, 25, 33, ("none", "gain", "none", "none")),
    ("Imran Shah", "Y11", "/", "gain", 4, 28, 33, ("gain", "unjudged", "gain", "none")),
    ("Josie Penn", "Y8", "I", "none", None, 30, 33, ("none", "none", "none", "unjudged")),
    ("Kacey Lomas", "Y9", "", "none", 0, 20, 26, ("unjudged", "unjudged", "unjudged", "unjudged")),
    ("Wolfeschlegelsteinhausen-Bergerdorff, Maximiliana-Theodora", "Y10", "C2", "none", 1, 17, 33, ("unjudged", "none", "gain", "none")),
)

STRANDS = (
    StrandFacts(
        "wellbeing",
        "28",
        "52",
        "of 100",
        "gain",
        "clear gain",
        MiniLine(tuple((i, v) for i, v in enumerate((28, 28, 32, 36, None, 40, 40, 44, 48, 52))), 0, 100, 28, (6, 50)),
        ("+24; 23 or more counts", "WHO-5, pupil, 9 of 9 asked"),
        chart_words="From 28 to 52 in 24 weeks",
    ),
    StrandFacts(
        "engagement",
        "4",
        "12",
        "of 20 at 4 or 5",
        "",
        "",
        MiniLine(tuple((i, v) for i, v in enumerate((4, 3, 5, 5, 6, 7, 6, 8, 9, 8, 10, 9, 11, 12))), 0, 20, 4, None, steps=True),
        ("First and last four weeks", "280 of 320 lessons rated"),
    ),
    StrandFacts(
        "attendance",
        "31%",
        "74%",
        "",
        "",
        "higher than before",
        MiniBars(
            (
                MiniBar(31, "31", "before", before=True),
                MiniBar(65, "65", "Sum 2"),
                MiniBar(76, "76", "Aut 1"),
                MiniBar(88, "88", "Aut 2"),
            ),
            100,
        ),
        ("118 of 380, then 128 of 173", "Of possible sessions"),
    ),
    StrandFacts(
        "behaviour",
        missing="Nothing recorded yet",
        to_do="Moments come with the next issue of the register; suspensions before day 0 stand in the starting point.",
    ),
    StrandFacts(
        "learning",
        "82",
        "85",
        "reading",
        "none",
        "kept pace with age; more cannot be told",
        MiniLine(((0, 82), (23, 85)), 60, 140, 82, (73, 91)),
        ("+3; 9 or more counts", "NGRT, 9 Jun and 16 Nov"),
    ),
    StrandFacts(
        "home",
        "3",
        "1",
        "of 4 areas",
        "gain",
        "fewer barriers",
        MiniSpans((MiniSpan("Self", 2, 3), MiniSpan("Home", 3, 4), MiniSpan("School", 2, 4), MiniSpan("Community", 1, 1)), 0, 4, 2.5),
        ("Barriers rated 3 or 4", "Mum’s view, 17 Nov"),
    ),
)


def today_page() -> Page:
    page = Page("Tuesday 24 November", "Autumn 2, week 4 · register closes 09:20 · lesson 2 starts 09:30")
    page.head.add(SegmentedChoice((("ash", "Ash"), ("birch", "Birch"), ("cedar", "Cedar"), ("out", "Outreach")), "ash", name="Group"))
    page.head.add(SegmentedChoice((("r", "Register"), ("e", "Engagement"), ("b", "Both")), "b", name="What is marked"))
    page.set_main_action("Add moment", page.refresh, icon="plus", short="Moment")
    columns = (
        Column("Pupil", least=9, stretch=3),
        Column("AM", "middle", sorts=False),
        Column("PM", "middle", sorts=False),
        *(Column(str(n), "middle", group="Engagement, by lesson", sorts=False, drop=9 - n, wide_only=n > 2) for n in range(1, 6)),
        Column("This half-term", "right", stretch=2),
        Column("", "right", said="Per cent of this half-term", drop=1, wide_only=True),
        *(Column(short, "middle", group="Since starting point", drop=2, wide_only=True) for short in ("Wb", "En", "At", "Le")),
    )
    rows = []
    for name, year, code, tone, score, done, of, signs in PUPILS:
        cells = [
            TextCell(name, year, kind="strong", initials=initials(name), may_elide=True),
            CodeCell(code, tone),
            CodeCell("", due=code != "C2", wrong=name == "Josie Penn"),
            ScoreCell(score or None, due=score is not None, wrong=name.startswith("Kacey")),
            *(ScoreCell(None, due=score is not None) for _ in range(4)),
            TextCell(f"{done} of {of}", across="right"),
            TextCell(f"{100 * done / of:.0f}%", across="right"),
            *(SignCell(sign) for sign in signs),
        ]
        rows.append(Row(name, name, tuple(cells)))
    card = Card()
    table = TableView("Register of Ash group", row_height=2.4, rings_cells=True)
    table.setModel(TableModel(columns, rows, table))
    table.go_to(9, 1)
    card.add(table, 1)
    foot = QHBoxLayout()
    space(foot, 0.3, 0, 0.3, 0, 0.9)
    foot.addWidget(Text("AM 10 of 11 marked", "second_strong"))
    for words in ("5 present", "1 late", "1 elsewhere (K)", "1 ill"):
        foot.addWidget(Text(words, "second", "quiet"))
    foot.addWidget(Text("1 no reason", "second_strong", "decline"))
    foot.addStretch(1)
    card.add_layout(foot)
    side = Card("Needs you")
    side.heading.add(Button("Call list", kind="plain", icon="printer", small=True))
    side.body.addWidget(Line("N code, day 4 of 5", "Harley Quinn-Moss · Wed 18 Nov AM has no reason yet", "by tomorrow"))
    side.add_rule()
    side.body.addWidget(Line("Starting point 60%", "Kacey Lomas · 12 of 20 values; reading age and SDQ (teacher) missing", "day 19 of 28"))
    side.body.addStretch(1)
    measure(side, width=15.3)
    across = QHBoxLayout()
    space(across, gap=0.8)
    across.addWidget(card, 1)
    across.addWidget(side)
    page.body.addLayout(across, 1)
    page.set_status(
        StatusLine(
            (
                (("/", "L", "N"), "type a code to mark and move down"),
                (("Shift Enter",), "mark blanks present"),
                (("F1",), "what a code means"),
            )
        )
    )
    page.status.say("Kacey Lomas: no mark yet", "unjudged")

    counts = [foot.itemAt(i).widget() for i in range(1, 6)]

    def folded(fold: object) -> None:
        side.setVisible(fold is Fold.WIDE)
        for label in counts:
            if label is not None:
                label.setVisible(fold is not Fold.NARROW)

    page.folded.connect(folded)
    page.focus_first = table.setFocus  # type: ignore[attr-defined]
    return page


def pupils_page() -> Page:
    page = Page("Pupils", "64 on roll on 24 Nov 2026 · 58 with a full starting point, 6 without")
    page.add_action("Print list", page.refresh, icon="printer")
    page.set_main_action("Add pupil", page.refresh, icon="plus")
    top = QHBoxLayout()
    space(top, gap=0.5)
    search = SearchField("Name, UPN or school", key="/")
    top.addWidget(search)
    chips = FilterChips(
        (("all", "All", 64), ("ash", "Ash", 11), ("part", "Part time", 7), ("respite", "Respite", 20), ("none", "No starting point", 6)),
        ("all",),
        name="Filters",
    )
    top.addWidget(chips, 1)
    page.body.addLayout(top)
    columns = (
        Column("Pupil", least=9, stretch=2),
        Column("Group", drop=4),
        Column("Placement, since", drop=3),
        Column("Home school", stretch=1, least=6, drop=5),
        Column("This half-term", "right", drop=6),
        Column("", "right", said="Per cent", drop=6),
        *(Column(short, "middle", group="Since starting point", drop=2) for short in ("Wb", "En", "At", "Le")),
        Column("Strands\nstarted", "right", drop=1),
        Column("State", drop=1),
    )
    rows = []
    for number, (name, year, _, _, _, done, of, signs) in enumerate(PUPILS):
        rows.append(
            Row(
                name,
                name,
                (
                    TextCell(name, year, kind="strong", initials=initials(name), may_elide=True),
                    TextCell("Ash"),
                    TextCell("Respite", "8 Jun 2026"),
                    TextCell("none, sole roll" if number % 3 else "Parkfield Academy", role="quiet", may_elide=True),
                    TextCell(f"{done} of {of}", across="right"),
                    TextCell(f"{100 * done / of:.0f}%", across="right"),
                    *(SignCell(sign) for sign in signs),
                    TextCell("6 of 6", role="quiet", across="right")
                    if number % 4
                    else TextCell("3 of 6", kind="strong", role="attention", across="right"),
                    ChipCell(
                        *(
                            ("refused", "decline", "times"),
                            ("new", "gain", "plus"),
                            ("changed", "accent", "none"),
                            ("question", "attention", "gain"),
                            ("same", "none", ""),
                        )[number % 5]
                    ),
                ),
            )
        )
    card = Card()
    table = TableView("Pupils")
    table.setModel(TableModel(columns, rows, table))
    table.sort_by(0)
    table.go_to(3)
    card.add(table, 1)
    foot = QHBoxLayout()
    space(foot, 0.3, gap=0.6)
    foot.addWidget(Text("11 of 64 shown, by name", "second", "quiet", wrap=True), 1)
    foot.addWidget(Legend())
    card.add_layout(foot)
    page.body.addWidget(card, 1)
    page.set_status(
        StatusLine(((("↑", "↓"), "choose"), (("Enter",), "open"), (("/",), "search")), "Sorted by name; press a heading to sort")
    )
    page.focus_first = table.setFocus  # type: ignore[attr-defined]
    return page


def pupil_page() -> Page:
    page = Page("Amara Bell", "Year 9 · Ash group · respite placement from Parkfield Academy, school week 19 of 22")
    page.head.put_before(Disc("Amara Bell"))
    for words in ("SEN support: SEMH", "Pupil premium"):
        page.head.add(Chip(words))
    page.add_action("Add record", page.refresh, icon="plus")
    page.set_main_action("Progress report", page.refresh, short="Report")
    tabs = ("Overview", "Starting point", "Measures", "Attendance", "Learning", "Plan and goals", "Journey", "Documents", "History")
    page.body.addWidget(TabStrip(tuple((tab, tab) for tab in tabs), name="Parts of Amara Bell’s record"))
    strengths = Card(padding=0.6)
    beside = SideBySide((Text("Strengths first", "heading"), 0), stack_at=Fold.NARROW, gap=1.2)
    for words in (
        "Good at drawing, mending bikes with her uncle, younger children",
        "What helps: a two-minute warning; a seat by the door",
    ):
        beside.add(Text(words, "second", wrap=True))
    strengths.add(beside)
    page.body.addWidget(strengths)
    grid = CardGrid()
    for facts in STRANDS:
        grid.add(StrandCard(facts))
    page.body.addWidget(grid)
    chart = Card("WHO-5 wellbeing, Amara’s own answers")
    chart.heading.add(SegmentedChoice((("s", "Since start"), ("y", "This year"), ("a", "All")), "s", name="Period", small=True))
    chart.add(
        EmptyState("No chart here", "The large chart is another part’s; this place shows an empty state.", "Add a reading", icon="plus"), 1
    )
    start = Card("Starting point", sentence="8 Jun 2026 · agreed, locked")
    for title, second, value in (
        ("Attendance, year before", "118 of 380 · Parkfield, high", "31%"),
        ("Wellbeing, WHO-5", "of 100 · Amara, high", "28"),
        ("Reading, NGRT", "12th centile · tested, high", "82"),
    ):
        start.add_rule()
        start.add(Line(title, second, value))
    start.body.addStretch(1)
    goals = Card("Goals in her own words")
    for words, one, two in (("Get through maths without walking out", 3, 8), ("Sleep before midnight on school nights", 2, 5)):
        goals.add_rule()
        goals.add(Text(words, wrap=True))
        bar = QHBoxLayout()
        space(bar, gap=0.5)
        bar.addWidget(SpanBar(one, two, 0, 10, spoken=f"from {one} to {two} of 10"), 1)
        bar.addWidget(MarkText("", f"{one} to {two} of 10", "ink", kind="second_strong"))
        goals.add_layout(bar)
    goals.body.addStretch(1)
    page.body.addWidget(SideBySide((chart, 3), (SideBySide((start, 1), (goals, 1), stack_at=Fold.NARROW), 4)))
    return page


def parts_page() -> Page:
    page = Page("Every part", "States side by side", crumb="Setting, Data in")
    page.set_main_action("Main action", page.refresh)

    buttons = Card("Buttons")
    flow = FlowLayout(gap=0.5)
    for kind in ("primary", "quiet", "danger", "link", "plain"):
        flow.addWidget(Button(kind.capitalize(), kind=kind))
        off = Button(f"{kind.capitalize()} off", kind=kind, icon="pencil")
        off.setEnabled(False)
        flow.addWidget(off)
        flow.addWidget(Button(f"Small {kind}", kind=kind, icon="printer", small=True))
    flow.addWidget(Button(kind="icon", icon="trash", name="Delete"))
    flow.addWidget(Button(kind="bare", icon="cross", name="Close"))
    flow.addWidget(TailButton("Open it", keycap="1", kind="primary"))
    flow.addWidget(TailButton("Leave", keycap="Esc"))
    flow.addWidget(MenuButton((("a", "All pupils"), ("b", "Ash & Birch")), "b", name="Pupils"))
    flow.addWidget(MenuButton((("a", "A"),), name="Compare", text="Compare by…", small=True))
    down = Button("Held down")
    down.setDown(True)
    flow.addWidget(down)
    buttons.add_layout(flow)
    segments = FlowLayout(gap=0.8)
    segments.addWidget(SegmentedChoice((("1", "One"), ("2", "Two"), ("3", "Three")), "2", name="Number"))
    off_choice = SegmentedChoice((("1", "One"), ("2", "Two")), "1", name="Off", small=True)
    off_choice.setEnabled(False)
    segments.addWidget(off_choice)
    segments.addWidget(
        FilterChips((("a", "Amara Bell", None), ("b", "another pupil", None)), ("a",), name="Who", exclusive=False, ticked=True)
    )
    buttons.add_layout(segments)
    page.body.addWidget(buttons)

    small = Card("Labels")
    labels = FlowLayout(gap=0.7)
    for tone in ("gain", "none", "decline", "attention", "accent"):
        labels.addWidget(Chip(tone, tone))
        labels.addWidget(Chip("with a mark", tone, "gain" if tone == "attention" else "plus"))
        labels.addWidget(Badge(6, "six", tone))
    for key in ("Tab", "F8", "Ctrl Z", "/"):
        labels.addWidget(KeyCap(key))
    for size in (1.5, 2.5):
        labels.addWidget(Disc("Amara Bell", size))
    labels.addWidget(MarkText("tick", "Backed up", "quiet", kind="second", mark_role="gain"))
    name = NameText(PUPILS[-1][0], "Y10")
    measure(name, width=12)
    labels.addWidget(name)
    small.add_layout(labels)
    small.add(Legend())
    for kind in ("attention", "error", "done"):
        small.add(
            Banner(
                {
                    "attention": "Two pupils have the same name and birthday. Nothing was joined.",
                    "error": "The backup could not be written: the disk is full. Your entries are kept. Free some room and back up again.",
                    "done": "15 rows were brought in. One undo takes them all back.",
                }[kind],
                kind,
                action="Show them" if kind != "done" else "",
            )
        )
    row = ProgressRow("Making reports")
    row.show_progress(31, 120)
    small.add(row)
    ended = ProgressRow("Making reports")
    ended.finish("Stopped: 31 of 120 were made and kept")
    small.add(ended)
    busy = QProgressBar()
    busy.setTextVisible(False)
    busy.setRange(0, 100)
    busy.setValue(3)
    small.add(busy)
    page.body.addWidget(small)

    fields = Card("Fields")
    grid = CardGrid({Fold.WIDE: 3, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=1.0, least=13)
    wrong = NumberField("SDQ total", 44, low=0, high=40, unit="of 40")
    wrong.set_wrong("SDQ total goes from 0 to 40, so 44 is not kept. Check the form: one of the four scales may be added twice.")
    off_field = TextField("System number", "AP0101", help="Comes from the information system.")
    off_field.setEnabled(False)
    bad_date = DateField("Came on", TODAY, today=TODAY)
    bad_date.line.setText("31/02/2026")
    bad_date._left()
    combo_wrong = ChoiceField("Home school", (("p", "Parkfield Academy"),), none="none, sole roll")
    combo_wrong.set_wrong("A respite placement needs a home school.")
    spin, double = QSpinBox(), QDoubleSpinBox()
    spin.setValue(14)
    lone = QWidget()
    lone_box = QVBoxLayout(lone)
    space(lone_box, gap=0.3)
    tri = QCheckBox("Some of them")
    tri.setTristate(True)
    tri.setCheckState(Qt.CheckState.PartiallyChecked)
    ticked_off = QCheckBox("Ticked, off")
    ticked_off.setChecked(True)
    ticked_off.setEnabled(False)
    unticked_off = QCheckBox("Not ticked, off")
    unticked_off.setEnabled(False)
    radio = QRadioButton("Chosen")
    radio.setChecked(True)
    radio_off = QRadioButton("Off")
    radio_off.setEnabled(False)
    for one in (tri, ticked_off, unticked_off, radio, radio_off):
        lone_box.addWidget(one)
    for field in (
        TextField("Preferred name", "Amara", help="What everybody calls her.", optional=True),
        TextField("Legal surname", placeholder="as on the birth certificate"),
        wrong,
        off_field,
        DateField("Date of birth", date(2012, 2, 29), today=TODAY, help="Day, month, year, in any form."),
        bad_date,
        ChoiceField("Year", (("7", "Year 7"), ("8", "Year 8"), ("9", "Year 9")), "9"),
        combo_wrong,
        NoteField("In her own words", "“Mornings are the worst bit. If I get in and it’s quiet I’m all right.”"),
        PassphraseField("Passphrase"),
        TickField("Tell home tonight", True, help="By text, after 17:00."),
        OptionsField(
            "How sure",
            (("h", "High", "Measured or counted, and we saw the record."), ("m", "Medium", "Someone who knows told us."), ("l", "Low", "")),
            "m",
        ),
        spin,
        double,
        lone,
        SearchField("Name, UPN or school"),
    ):
        grid.add(field)
    fields.add(grid)
    page.body.addWidget(fields)

    leftovers = Card("What Fusion would draw")
    long = QPlainTextEdit("\n".join(f"line {i} of a long text that also goes on to the right for a good while longer" for i in range(40)))
    long.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    long.setTabChangesFocus(True)
    listed = QListWidget()
    listed.setAccessibleName("A list")
    listed.addItems([f"item {i}" for i in range(30)])
    listed.setCurrentRow(2)
    leftovers.add(SideBySide((Calendar(), 0), (long, 1), (listed, 0), stack_at=Fold.NARROW))
    bar = QScrollBar(Qt.Orientation.Horizontal)
    bar.setRange(0, 10)
    leftovers.add(bar)
    plain = QLineEdit()
    plain.setPlaceholderText("placeholder")
    plain.setAccessibleName("A plain line")
    leftovers.add(plain)
    leftovers.add(QLabel("A plain label"))
    page.body.addWidget(leftovers)

    empty = CardGrid({Fold.WIDE: 2, Fold.MIDDLE: 2, Fold.NARROW: 1}, least=12)
    for kind in ("missing", "chosen", "sunken"):
        card = Card(kind=kind)
        card.add(EmptyState("No reading yet", "Without a starting point no change can be shown.", "Add a reading", icon="plus"))
        empty.add(card)
    page.body.addWidget(empty)
    return page


class AddPupil(FormDialog):
    """A form as pages write them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Add a pupil", "Everything but the name can be added later. It is kept as you type.", verb="Add pupil", parent=parent
        )
        self.add_row(TextField("First name", key="first"), TextField("Surname", key="last"))
        self.add_row(
            DateField("Date of birth", today=TODAY, key="born", latest=TODAY),
            ChoiceField("Year", (("9", "Year 9"),), none="not known", key="year"),
        )
        self.add(TextField("UPN", key="upn", optional=True, help="13 characters; leave it empty where there is none yet."))
        self.add(
            OptionsField(
                "Placement",
                (("r", "Respite", "Keeps the place at the home school."), ("f", "Full time", "Sole registration here.")),
                "r",
                key="kind",
            )
        )
        self.add(NoteField("What is hoped for", key="purpose", lines=3))
        self.add(TickField("A social worker is involved", key="social"))

    def submit(self) -> None:
        raise Refusal("This UPN’s check letter should be M. Look at the last school’s record.", "upn")


PAGES = (
    ("today", "Today", "today", today_page),
    ("pupils", "Pupils", "pupils", pupils_page),
    ("pupil", "Reports", "document", pupil_page),
    ("parts", "Setting", "sliders", parts_page),
)


def gallery_window() -> QMainWindow:
    window = QMainWindow()
    frame = Frame([Place(key, name, icon, factory) for key, name, icon, factory in PAGES], school="Hawthorn Centre", parent=window)
    window.setCentralWidget(frame)
    frame.set_demonstration("Demonstration school", "Today is 24 Nov 2026")
    frame.set_count("today", 6, "6 need you")
    frame.set_count("pupils", 2, "2 questions")
    frame.set_saved("Saved 09:12")
    frame.set_backed_up("Backed up")
    frame.set_person("T. Mbeki", "Teacher")
    frame.set_undo("Enter engagement")
    return window


def gallery_faults(width: int, height: int) -> list[str]:
    """What the machine checks find on every page of the gallery and in its dialog, in a window of that size."""
    from PySide6.QtTest import QTest

    from approgress.ui.pictures import faults, order_faults, unnamed

    found: list[str] = []
    window = gallery_window()
    window.resize(width, height)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    frame = window.centralWidget()
    for key, _, _, _ in PAGES:
        frame.show_place(key)  # type: ignore[attr-defined]
        QTest.qWait(10)
        found += [f"{key}: {fault}" for fault in (*faults(window), *order_faults(window), *unnamed(window))]
    dialog = AddPupil(window)
    dialog.open()
    QTest.qWait(10)
    dialog.show_refusal(Refusal("This UPN’s check letter should be M. Look at the last school’s record.", "upn"))
    QTest.qWait(10)
    found += [f"dialog: {fault}" for fault in (*faults(dialog), *order_faults(dialog), *unnamed(dialog))]
    dialog.reject()
    window.close()
    window.deleteLater()
    return found


def check() -> int:
    """Prints the faults on a screen of 1366 x 768 as it is scaled, at the usual and at the largest size of text; 1 where there are any."""
    from PySide6.QtWidgets import QApplication

    from approgress.ui.parts.ring import start_rings
    from approgress.ui.theme import start_theme

    app = QApplication.instance() or QApplication([])
    ratio = app.devicePixelRatio()
    start_rings(app)
    found: list[str] = []
    for theme, percent in (("light", 100), ("contrast", 200)):
        start_theme(app, theme, percent)
        found += [f"{theme} {percent}% {fault}" for fault in gallery_faults(int(1366 / ratio), int(768 / ratio))]
    for fault in found:
        print(fault)
    return int(bool(found))


def main(folder: Path) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from approgress.ui.parts.ring import start_rings
    from approgress.ui.theme import start_theme

    app = QApplication.instance() or QApplication([])
    ratio = app.devicePixelRatio()
    folder.mkdir(parents=True, exist_ok=True)
    start_theme(app)
    start_rings(app)
    for theme in ("light", "dark", "contrast"):
        for size, percent in (((1440, 900), 100), ((1366, 768), 100), ((1366, 768), 200)):
            start_theme(app, theme, percent)
            window = gallery_window()
            window.resize(round(size[0] / ratio), round(size[1] / ratio))
            window.show()
            window.activateWindow()
            QTest.qWaitForWindowActive(window)
            frame = window.centralWidget()
            for key, _, _, _ in PAGES:
                page = frame.show_place(key)
                if hasattr(page, "focus_first"):
                    page.focus_first()
                QTest.qWait(30)
                stem = f"{theme}-{size[0]}-{percent}x{ratio:g}-{key}"
                window.grab().save(str(folder / f"{stem}.png"))
                if key == "parts":
                    inside = page._scroll.widget()
                    inside.grab().save(str(folder / f"{stem}-all.png"))
            if percent == 200 or ratio != 1:
                frame.toggle_rail()
                QTest.qWait(20)
                window.grab().save(str(folder / f"{theme}-{size[0]}-{percent}x{ratio:g}-rail.png"))
            dialog = AddPupil(window)
            dialog.open()
            QTest.qWait(30)
            dialog.accept()
            dialog.show_refusal(Refusal("This UPN’s check letter should be M. Look at the last school’s record.", "upn"))
            QTest.qWait(30)
            dialog.grab().save(str(folder / f"{theme}-{size[0]}-{percent}x{ratio:g}-dialog.png"))
            dialog.reject()
            window.close()
            window.deleteLater()
            QTest.qWait(10)


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1] == "--check" else main(Path(sys.argv[1])))
