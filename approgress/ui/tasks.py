"""Work off the GUI thread, with progress and cancel: one worker, so that long work never runs beside other long work."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any, Final
from weakref import WeakMethod

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from approgress.domain.errors import Stopped
from approgress.ui.garbage import keep_garbage_here

Progress = Callable[[int, int], None]

_BETWEEN: Final = 0.05  # seconds between two reports of progress: more would only queue up before the window


class Task:
    """A piece of work that was started: it can be cancelled, and says whether it still runs."""

    def __init__(self, number: int, owner: Tasks) -> None:
        self.number = number
        self._stop = Event()
        self._owner = owner

    def cancel(self) -> None:
        """Asks the work to stop; it does at its next report of progress, or at once if it has not begun."""
        self._stop.set()

    def running(self) -> bool:
        """Whether it is still under way or waiting."""
        return self.number in self._owner._calls


class Tasks(QObject):
    """Starts work and hands its result back on the GUI thread.

    This object owns the signals and lives as long as its parent; the pool only runs a plain callable. A runnable with signals of its
    own is destroyed before they arrive. Bound methods are held weakly and not called once their widget is gone.
    """

    _finished = Signal(int, object, object)
    _moved = Signal(int, int, int)

    def __init__(self, parent: QObject | None = None, *, workers: int = 1) -> None:
        super().__init__(parent)
        keep_garbage_here()  # what is garbage may hold widgets, and must not be freed in the worker
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(workers)
        self._next = 0
        self._calls: dict[int, _Calls] = {}
        self._tasks: dict[int, Task] = {}
        self._finished.connect(self._on_finished)
        self._moved.connect(self._on_moved)
        self._jobs: list[_Job] = []
        self._tidying = QTimer(self)
        self._tidying.setInterval(100)
        self._tidying.timeout.connect(self._tidy)

    def run(
        self,
        work: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_failed: Callable[[Exception], None] | None = None,
        on_progress: Progress | None = None,
        on_stopped: Callable[[], None] | None = None,
        **named: Any,
    ) -> Task:
        """Runs `work(*args, progress=..., **named)` in the worker and returns a handle.

        The work calls `progress(done, total)`, which raises `Stopped` once it is cancelled. On the GUI thread `on_done(result)`,
        `on_failed(exception)` or, after a cancel, `on_stopped()` is called, exactly one of them; without `on_stopped` a cancel goes
        to `on_failed` with the `Stopped`. What is no Exception (the panic of a reader) comes as the cause of a RuntimeError.
        """
        self._next += 1
        number = self._next
        task = Task(number, self)
        self._calls[number] = _Calls(_held(on_done), _held(on_failed), _held(on_progress), _held(on_stopped))
        self._tasks[number] = task
        job = _Job(self, task, work, args, named)
        self._jobs.append(job)
        self._tidying.start()
        self._pool.start(job)
        return task

    def busy(self) -> bool:
        """Whether anything is under way or waiting."""
        return bool(self._calls)

    def stop_all(self, milliseconds: int = 10_000) -> bool:
        """Cancels everything and waits; True when all has ended. Nothing is called back afterwards."""
        for task in self._tasks.values():
            task.cancel()
        ended = self._pool.waitForDone(milliseconds)
        self._calls.clear()
        self._tasks.clear()
        self._tidy()
        return ended

    def _tidy(self) -> None:
        """Lets go of the jobs when the worker has: whoever is last frees what they hold, and that has to be this thread."""
        if not self._calls and self._pool.activeThreadCount() == 0:
            self._jobs.clear()
            self._tidying.stop()

    def _on_moved(self, number: int, done: int, total: int) -> None:
        calls = self._calls.get(number)
        if calls is not None and (call := calls.progress()) is not None:
            call(done, total)

    def _on_finished(self, number: int, result: Any, error: Any) -> None:
        calls = self._calls.pop(number, None)
        self._tasks.pop(number, None)
        if calls is None:
            return
        if error is None:
            if (call := calls.done()) is not None:
                call(result)
            return
        if isinstance(error, Stopped) and calls.wants_stopped:
            if (call := calls.stopped()) is not None:
                call()
            return
        if (call := calls.failed()) is not None:
            call(error)
        elif not calls.wants_failed and not isinstance(error, Stopped):
            raise error  # nobody asked to be told: the program's own handler of crashes is


_Reference = Callable[[], Any]


class _Calls:
    """What to call for one task; each is a function that gives the call, or None when its owner is gone."""

    def __init__(self, done: _Reference, failed: _Reference, progress: _Reference, stopped: _Reference) -> None:
        self.done, self.failed, self.progress, self.stopped = done, failed, progress, stopped
        self.wants_failed = failed is not _nothing
        self.wants_stopped = stopped is not _nothing


def _nothing() -> None:
    return None


def _held(call: Callable[..., Any] | None) -> _Reference:
    if call is None:
        return _nothing
    owner = getattr(call, "__self__", None)
    if not isinstance(owner, QObject):
        return lambda: call
    reference = WeakMethod(call)

    def give() -> Callable[..., Any] | None:
        from shiboken6 import isValid

        found = reference()
        return found if found is not None and isValid(getattr(found, "__self__", None)) else None

    return give


class _Job:
    """The plain callable that the pool runs."""

    def __init__(self, owner: Tasks, task: Task, work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._owner = owner
        self._task = task
        self._work = work
        self._args = args
        self._named = named
        self._said = 0.0

    def __call__(self) -> None:
        result: Any = None
        error: Exception | None = None
        try:
            if self._task._stop.is_set():
                raise Stopped
            result = self._work(*self._args, progress=self._progress, **self._named)
        except (KeyboardInterrupt, SystemExit):
            raise
        except Exception as raised:  # noqa: BLE001 - whatever it is, it is handed to whoever started the work
            error = raised
        except BaseException as raised:  # noqa: BLE001 - a reader's panic is no Exception, and whoever waits must be told of it too
            error = RuntimeError("The work ended with what is no Exception.")
            error.__cause__ = raised
        try:
            self._owner._finished.emit(self._task.number, result, error)
        except RuntimeError:
            pass  # the window is gone, and with it whoever waited

    def _progress(self, done: int, total: int | None = None) -> None:
        if self._task._stop.is_set():
            raise Stopped
        total = total or 0  # not known
        now = monotonic()
        if now - self._said >= _BETWEEN or done >= total:
            self._said = now
            self._owner._moved.emit(self._task.number, done, total)
