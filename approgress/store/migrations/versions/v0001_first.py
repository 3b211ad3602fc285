"""The first schema: every kind of record, and the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of revision 0001."""
    op.create_table(
        "about",
        sa.Column("name", sa.Text(), primary_key=True, autoincrement=False),
        sa.Column("value", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conflict",
        sa.Column("kind", sa.Text(), primary_key=True, autoincrement=False),
        sa.Column("k1", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("k2", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("k3", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("field", sa.Text(), primary_key=True, autoincrement=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("address_confidential", sa.SmallInteger(), nullable=False),
        sa.Column("parental_responsibility", sa.SmallInteger(), nullable=False),
        sa.Column("lives_with", sa.SmallInteger(), nullable=False),
        sa.Column("may_receive_reports", sa.SmallInteger(), nullable=False),
        sa.Column("must_not_contact", sa.SmallInteger(), nullable=False),
        sa.Column("court_order", sa.Text(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "enrolment",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("leaving_reason", sa.Text(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("half_days", sa.BigInteger(), nullable=True),
        sa.Column("planned", sa.SmallInteger(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goal",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("target_day", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Integer(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gone",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_member",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_teacher",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "half_term",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heading_map",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "home_school",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identifier",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_answer",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instrument_file",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("enabled", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_apart",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("pupil_a", sa.BigInteger(), nullable=False),
        sa.Column("pupil_b", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lesson_score",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("slot", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("own", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "looked",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("pupil_id", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("am", sa.BigInteger(), nullable=True),
        sa.Column("pm", sa.BigInteger(), nullable=True),
        sa.Column("am_late", sa.BigInteger(), nullable=True),
        sa.Column("pm_late", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "moment",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("minutes_to_settle", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("forename", sa.Text(), nullable=True),
        sa.Column("surname", sa.Text(), nullable=True),
        sa.Column("middle", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "next_step",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "note",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("privacy", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("la", sa.Text(), nullable=True),
        sa.Column("estab", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "placement",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("planned_end", sa.Integer(), nullable=True),
        sa.Column("sessions_a_week", sa.BigInteger(), nullable=True),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("commissioner_id", sa.BigInteger(), nullable=True),
        sa.Column("objectives", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pupil",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("pronouns", sa.Text(), nullable=True),
        sa.Column("ethnicity", sa.Text(), nullable=True),
        sa.Column("first_language", sa.Text(), nullable=True),
        sa.Column("made_on", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("rater", sa.Text(), nullable=True),
        sa.Column("goal_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("scorer", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("sure", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "salt",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seal",
        sa.Column("desk", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("tick", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("la", sa.Text(), nullable=True),
        sa.Column("estab", sa.Text(), nullable=True),
        sa.Column("urn", sa.Text(), nullable=True),
        sa.Column("lessons", sa.BigInteger(), nullable=False),
        sa.Column("demonstration", sa.SmallInteger(), nullable=False),
        sa.Column("today", sa.Integer(), nullable=True),
        sa.Column("starting_point_days", sa.BigInteger(), nullable=False),
        sa.Column("legal_names_on_registers", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "start_value",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("starting_point_id", sa.BigInteger(), nullable=False),
        sa.Column("strand", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reading_id", sa.BigInteger(), nullable=True),
        sa.Column("stated_id", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("sure", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "starting_point",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("agreed_on", sa.Integer(), nullable=True),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stated_attendance",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("possible", sa.BigInteger(), nullable=False),
        sa.Column("attended", sa.BigInteger(), nullable=False),
        sa.Column("authorised", sa.BigInteger(), nullable=False),
        sa.Column("unauthorised", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=True),
        sa.Column("year_said", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Integer(), nullable=True),
        sa.Column("sure", sa.Text(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "step",
        sa.Column("tick", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("desk", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.SmallInteger(), nullable=False),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("changes", sa.LargeBinary(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "strand_measure",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("setting_id", sa.BigInteger(), nullable=False),
        sa.Column("strand", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "strength",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "touched",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("tick", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("desk", sa.BigInteger(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "year_group",
        sa.Column("pupil_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("school_year", sa.BigInteger(), nullable=False),
        sa.Column("typed", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
