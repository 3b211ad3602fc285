"""Adding a moment, and the log of all moments."""

from approgress.ui.pages.moment.page import MomentPage

__all__ = ["MomentPage"]
