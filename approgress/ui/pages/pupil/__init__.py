"""One pupil: strengths first, six strands from their own start, the measures, attendance, plan, placements and history."""

from approgress.ui.pages.pupil.page import PupilPage

__all__ = ["PupilPage"]
