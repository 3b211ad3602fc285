"""approgress: progress of pupils in alternative provision, counted from each pupil's own starting point."""

__version__ = "1.0.0"
