"""Python's garbage stays with the window: no other thread may collect it, since it may hold widgets and timers, which die only in their own thread.

Python collects in whichever thread happens to make an object. A timer that is freed in another thread stays in the window's list of timers,
and the window runs into it some time later: "QBasicTimer::stop: Failed. Possibly trying to stop from a different thread", or a crash in
QTimerInfoList::activateTimers. So collecting by itself is off as long as there is a window, and the window collects between two events.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QCoreApplication, QTimer

EVERY: Final = 1000  # milliseconds
FEW: Final = 10_000  # objects: a full collection for fewer than these would cost more than it frees

_timer: QTimer | None = None
_grown = 0
_all = 0


def keep_garbage_here() -> None:
    """From now on only the window's thread, which calls this, collects; called again it does nothing more.

    It is never turned on again: a thread that did so at its end would be the next to collect, and so would any other thread of the program.
    """
    global _timer
    gc.disable()
    app = QCoreApplication.instance()
    if app is None or (_timer is not None and _timer.parent() is app):
        return
    _timer = QTimer(app)
    _timer.setInterval(EVERY)
    _timer.timeout.connect(collect_here)
    _timer.start()


def collect_here() -> None:
    """Collects what has become garbage, if there is enough of it; only the window's own thread calls this.

    As Python does by itself: the young often, everything only once what was made since is a quarter of what was there.
    """
    global _grown, _all
    young, middle, _ = gc.get_count()
    most_young, most_middle, _ = gc.get_threshold()
    if young <= most_young:
        return
    _grown += young
    if _grown > max(FEW, _all // 4):
        gc.collect()
        _grown, _all = 0, len(gc.get_objects())
    else:
        gc.collect(1 if middle > most_middle else 0)
