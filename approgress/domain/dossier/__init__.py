"""Dossier: all that is known of one pupil in one period, with its changes, as plain data: page, report, list and JSON are made of it."""

from __future__ import annotations

from approgress.domain.dossier.attendance import clip
from approgress.domain.dossier.audiences import AUDIENCES, FAMILY, PUPIL, SCHOOLS, STAFF, may_read
from approgress.domain.dossier.build import build_dossier
from approgress.domain.dossier.engagement import am_lessons
from approgress.domain.dossier.header import chips_of, placement_view, year_of
from approgress.domain.dossier.missing import not_read
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.series import in_sentence, measure_name, series_list
from approgress.domain.dossier.views import (
    AttendanceView,
    BehaviourView,
    Chip,
    Dossier,
    EngagementView,
    GoalView,
    Header,
    Missing,
    Phase,
    PlacementView,
    ProgressRow,
    Series,
    SeriesPoint,
    StartingPointView,
    StartValueView,
    Step,
    StrandView,
    Stretch,
)
from approgress.domain.strands import BETTER, DECLINE, GAIN, NO_SIGN, NONE, SAME, UNJUDGED, WORSE, MomentCount, Sign

__all__ = [
    "AUDIENCES", "BETTER", "DECLINE", "FAMILY", "GAIN", "NONE", "NO_SIGN", "PUPIL", "SAME", "SCHOOLS", "STAFF", "UNJUDGED", "WORSE",
    "AttendanceView", "BehaviourView", "Chip", "Dossier", "EngagementView", "GoalView", "Header", "Missing", "MomentCount", "Phase",
    "PlacementView", "ProgressRow", "PupilRecords", "SchoolFacts", "Series", "SeriesPoint", "Sign", "StartValueView",
    "StartingPointView", "Step", "StrandView", "Stretch", "am_lessons", "build_dossier", "chips_of", "clip", "in_sentence", "may_read",
    "measure_name", "not_read", "placement_view", "series_list", "year_of",
]  # fmt: skip
