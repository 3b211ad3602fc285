"""The teacher's morning: part-time timetables, sessions elsewhere, contact on absence, interventions, suspensions, and more of a moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False)


def _whole(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=empty)


def _text(name: str, *, empty: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=empty)


def _day(name: str, *, empty: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _truth(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=empty)


def _struck() -> tuple[sa.Column[str], sa.Column[int], sa.Column[int]]:
    return _text("struck"), _whole("struck_by", empty=True), _day("struck_on")


def upgrade() -> None:
    """Make the tables and columns of revision 0002."""
    for table, columns in _tables().items():
        op.create_table(table, *columns, sqlite_with_rowid=False)
    for table, added in _added().items():
        for column in added:
            op.add_column(table, column)


def _tables() -> dict[str, tuple[sa.Column[int] | sa.Column[str], ...]]:
    of_pupil = ("pupil_id", "id")
    return {
        "lesson_time": (_id("id"), _whole("setting_id"), _whole("lesson"), _whole("starts"), _whole("ends")),
        "lesson_note": (_id("pupil_id"), _id("slot"), _text("tone"), _text("worked"), _whole("person_id", empty=True)),
        "timetable": (
            *map(_id, of_pupil),
            _whole("setting_id"),
            _text("reason", empty=False),
            _day("first_day", empty=False),
            _day("target_end"),
            _day("last_day"),
            _text("outcome"),
            _text("aim"),
            _text("agreed_by"),
            _day("agreed_on"),
            _day("la_told_on"),
            _text("safeguarding"),
            _text("work"),
        ),
        "timetable_step": (
            *map(_id, of_pupil),
            _whole("timetable_id"),
            _day("first_day", empty=False),
            _whole("am"),
            _whole("pm"),
            _text("note"),
        ),
        "timetable_review": (*map(_id, of_pupil), _whole("timetable_id"), _day("day", empty=False), _day("held_on"), _text("note")),
        "elsewhere": (
            *map(_id, of_pupil),
            _whole("setting_id"),
            _text("code", empty=False),
            _whole("am"),
            _whole("pm"),
            _day("first_day"),
            _day("last_day"),
            _whole("partner_id", empty=True),
            _text("place"),
        ),
        "absence_contact": (
            *map(_id, of_pupil),
            _day("day", empty=False),
            _text("sort", empty=False),
            _text("session"),
            _whole("at", empty=True),
            _text("who"),
            _truth("answered"),
            _truth("explains"),
            _text("note"),
            _whole("person_id", empty=True),
            *_struck(),
        ),
        "movement": (
            *map(_id, of_pupil),
            _day("day", empty=False),
            _text("sort", empty=False),
            _whole("at"),
            _text("note"),
            _whole("person_id", empty=True),
        ),
        "rest": (
            *map(_id, of_pupil),
            _text("line", empty=False),
            _day("until", empty=False),
            _whole("note_id", empty=True),
            _whole("person_id", empty=True),
        ),
        "intervention": (
            *map(_id, of_pupil),
            _day("day", empty=False),
            _text("sort", empty=False),
            _whole("at", empty=True),
            _whole("minutes", empty=True),
            _text("place"),
            _whole("moment_id", empty=True),
            *map(_text, ("led_to", "tried_first", "why_needed", "what_done", "staff", "injury", "care", "pupils_account", "told_who")),
            _day("told_on"),
            *map(_text, ("told_how", "told_by", "withheld_why", "withheld_by")),
            _whole("person_id", empty=True),
            _whole("signed_by", empty=True),
            _day("signed_on"),
            _whole("reviewed_by", empty=True),
            _day("reviewed_on"),
            _text("review"),
            _text("privacy", empty=False),
            *_struck(),
        ),
        "suspension": (
            *map(_id, of_pupil),
            _text("category", empty=False),
            _day("first_day", empty=False),
            _text("starts", empty=False),
            _whole("half_days", empty=True),
            _day("last_day"),
            _text("reasons", empty=False),
            _whole("partner_id", empty=True),
            _whole("moment_id", empty=True),
            _text("sen"),
            _truth("in_care", empty=True),
            _truth("ehc_plan", empty=True),
            _truth("exam_missed"),
            *map(_day, ("parents_told", "la_told", "social_worker_told", "virtual_head_told")),
            _truth("work_set"),
            _text("day6_where"),
            _day("day6_from"),
            _day("board_met"),
            _text("result"),
            _day("reinstated_on"),
            _day("return_meeting"),
            _text("return_plan"),
            _day("cancelled_on"),
            _text("cancelled_why"),
            _text("note"),
            _whole("person_id", empty=True),
            *_struck(),
        ),
    }


def _added() -> dict[str, tuple[sa.Column[int] | sa.Column[str], ...]]:
    return {
        "setting": (
            _whole("am_starts", empty=True),
            _whole("pm_starts", empty=True),
            sa.Column("register_minutes", sa.BigInteger(), nullable=False, server_default="30"),
            sa.Column("alert_sessions", sa.BigInteger(), nullable=False, server_default="2"),
            sa.Column("certificates", sa.SmallInteger(), nullable=False, server_default="0"),
        ),
        "moment": (
            _whole("severity", empty=True),
            _text("helped"),
            _whole("lesson", empty=True),
            _whole("at", empty=True),
            _whole("joint", empty=True),
            sa.Column("tell_home", sa.SmallInteger(), nullable=False, server_default="0"),
            _day("told_home_on"),
            sa.Column("status", sa.Text(), nullable=False, server_default="complete"),
            sa.Column("privacy", sa.Text(), nullable=False, server_default="ordinary"),
        ),
    }
