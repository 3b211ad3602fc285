"""Python's garbage stays with the window: no other thread may collect it, since it may hold widgets, which die only in their own thread.

Seen with tables: a page that was left is a ring of references; the worker's next collection freed it, and Qt broke some time later
("QBasicTimer::stop: Failed. Possibly trying to stop from a different thread").
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_threads = 0
_was_on = True


@contextmanager
def garbage_left_to_the_window() -> Iterator[None]:
    """Around all Python that runs in another thread of the window: nothing is collected while any such thread runs.

    The window itself collects meanwhile, by `collect_here` on a timer, so that long work does not fill the memory.
    """
    global _threads, _was_on
    with _lock:
        if _threads == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _threads += 1
    try:
        yield
    finally:
        with _lock:
            _threads -= 1
            if _threads == 0 and _was_on:
                gc.enable()


def collect_here() -> None:
    """Collects what has become garbage, if there is enough of it; only the window's own thread calls this."""
    young, middle, _ = gc.get_count()
    most_young, most_middle, _ = gc.get_threshold()
    if young > most_young:
        gc.collect(1 if middle > most_middle else 0)
