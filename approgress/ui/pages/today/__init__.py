"""Today: a group's register of a day, who is not here, and the round of the lessons."""

from approgress.ui.pages.today.page import TodayPage

__all__ = ["TodayPage"]
