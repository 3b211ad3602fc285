"""U1 to U7: first paint and first screen beside a bare Qt window, tables, charts, and the time from a key to its repaint."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from benchmarks.book import Book
from benchmarks.paper import demonstration
from benchmarks.timing import Result, paired, timed

_BARE = """
import time; began = time.perf_counter()
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
app = QApplication([])
class W(QMainWindow):
    def paintEvent(self, e):
        super().paintEvent(e)
        print((time.perf_counter() - began) * 1000, flush=True)
        import os; os._exit(0)
w = W(); w.resize(1366, 768); w.setCentralWidget(QLabel("approgress")); w.show(); app.exec()
"""

_OURS = """
import time; began = time.perf_counter()
import sys, os
from PySide6.QtCore import QEvent, QObject
from PySide6 import QtWidgets
real = QtWidgets.QApplication
class App(real):
    def notify(self, target, event):
        done = real.notify(self, target, event)
        if event.type() == QEvent.Type.Paint and target.isWidgetType() and target.isWindow():
            heavy = [m for m in ("sqlalchemy", "numpy", "pyqtgraph", "reportlab", "pandas", "openpyxl") if m in sys.modules]
            print((time.perf_counter() - began) * 1000, ",".join(heavy), flush=True)
            os._exit(0)
        return done
QtWidgets.QApplication = App
import PySide6.QtWidgets as q
q.QApplication = App
from approgress.app import main
main([])
"""

_SCREEN = """
import time; began = time.perf_counter()
import sys, os
from approgress.store.preferences import Preferences
from PySide6.QtWidgets import QApplication
app = QApplication([])
from approgress.ui.theme import start_theme
start_theme(app)
from approgress.school.school import School
school = School.open(sys.argv[1])
from approgress.ui.workspace import Workspace
from approgress.ui.school_frame import SchoolFrame
frame = SchoolFrame(Workspace(school))
frame.resize(1366, 768); frame.go("today"); frame.show()
app.processEvents()
frame.grab()
print((time.perf_counter() - began) * 1000, flush=True)
os._exit(0)
"""


def _run(code: str, *arguments: str) -> tuple[float, str]:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=env, timeout=120)
    if not said.stdout.strip():
        raise RuntimeError(said.stderr[-800:])
    first, _, rest = said.stdout.strip().splitlines()[-1].partition(" ")
    return float(first), rest


def _processes(ours: str, *arguments: str, rounds: int = 7) -> tuple[float, float, float, str]:
    products: list[float] = []
    floors: list[float] = []
    rest = ""
    _run(ours, *arguments), _run(_BARE)
    for _ in range(rounds):
        ms, rest = _run(ours, *arguments)
        products.append(ms)
        floors.append(_run(_BARE)[0])
    ratio = statistics.median(a / b for a, b in zip(products, floors, strict=True))
    return statistics.median(products), statistics.median(floors), ratio, rest


def u1(_: Book) -> Result:
    """First paint of the program against a bare window; what must not be loaded by then (U3) is in the note."""
    p, f, x, heavy = _processes(_OURS)
    return Result("U1", "first paint, each in a process of its own", p, f, x, 1.3, note=f"U3: loaded before it: {heavy or 'none'}")


def u2(book: Book) -> Result:
    """First screen with today's data, unlocked, from nothing."""
    with demonstration(book.folder) as school:
        path = str(school.path)
    p, f, x, _ = _processes(_SCREEN, path)
    return Result("U2", "first screen with today's register", p, f, x, 3.3)


def _app() -> object:
    if sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from approgress.ui.theme import start_theme

    app = QApplication.instance() or QApplication([])
    start_theme(app)  # pyright: ignore[reportArgumentType]
    return app


def u5(book: Book) -> Result:
    """Repaint of the list of pupils against the same rows in a QStandardItemModel and a plain view."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QTableView

    app = _app()
    from approgress.ui.pages.pupils import PupilsPage
    from approgress.ui.workspace import Workspace

    with demonstration(book.folder) as school:
        page = PupilsPage(Workspace(school))
        page.resize(1160, 768)
        page.show()
        app.processEvents()  # pyright: ignore
        view = next(v for v in page.findChildren(QTableView) if v.isVisible())
        model = view.model()
        plain_model = QStandardItemModel(model.rowCount(), model.columnCount())
        for r in range(model.rowCount()):
            for c in range(model.columnCount()):
                plain_model.setItem(r, c, QStandardItem(str(model.index(r, c).data())))
        plain = QTableView()
        plain.setModel(plain_model)
        plain.resize(view.size())
        plain.show()
        app.processEvents()  # pyright: ignore
        p, f, x = paired(view.viewport().grab, plain.viewport().grab, rounds=25)
        page.hide()
        plain.hide()
    return Result("U5", "list of pupils, whole repaint", p, f, x, 1.6)


def u7(book: Book) -> Result:
    """Twelve small charts against the same strokes by QPainter."""
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF
    from PySide6.QtWidgets import QGridLayout, QWidget

    app = _app()
    from approgress.domain.figures import FIGURES
    from approgress.school.dossiers import dossier_of, facts_of
    from approgress.store.reads.pupils import on_roll
    from approgress.ui.parts.figure_view import FigureView

    with demonstration(book.folder) as school:
        facts = facts_of(school)
        figures = []
        for pupil in school.read(on_roll, school.today)[:12]:
            dossier = dossier_of(school, pupil, facts=facts)
            made = [f for f in (make(dossier) for make in FIGURES.values()) if hasattr(f, "kind") and not f.empty and f.kind == "line"]
            figures += made[:1]
        box = QWidget()
        grid = QGridLayout(box)
        for i, figure in enumerate(figures[:12]):
            view = FigureView()
            view.set_figure(figure)
            grid.addWidget(view, i // 4, i % 4)
        box.resize(1160, 700)
        box.show()
        app.processEvents()  # pyright: ignore

        def floor() -> None:
            pixmap = QPixmap(box.size())
            pixmap.fill(QColor("white"))
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i in range(12):
                x, y = (i % 4) * 290, (i // 4) * 233
                points = [QPointF(x + 20 + 25 * k, y + 40 + (k * 37 + i * 11) % 150) for k in range(10)]
                painter.setPen(QColor("#827E75"))
                painter.drawLine(x + 20, y + 200, x + 270, y + 200)
                for k in range(5):
                    painter.drawText(x, y + 40 + 40 * k, str(25 * k))
                    painter.drawText(x + 20 + 50 * k, y + 215, f"{k} Nov")
                painter.drawPolyline(QPolygonF(points))
                for point in points:
                    painter.drawEllipse(point, 3, 3)
                    painter.drawText(point, "28")
            painter.end()

        p, f, x = paired(box.grab, floor, rounds=25)
        box.hide()
    return Result("U7", "twelve small charts, repaint", p, f, x, 3.0)


def key(book: Book) -> Result:
    """A code typed into the register of the large demonstration school: committed and repainted, against the same row by plain SQLite.

    Keys come five a second, as a quick typist's do; what the page does between them is not of the key.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    app = _app()
    from approgress.school.school import School
    from approgress.ui.school_frame import SchoolFrame
    from approgress.ui.workspace import Workspace

    school = School.open(_large(book), clock=lambda: datetime(2026, 11, 24, 9, 5).timestamp())
    frame = SchoolFrame(Workspace(school))
    frame.resize(1366, 768)
    frame.show()
    page = frame.go("today")
    view = page._view  # pyright: ignore
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.qWait(3000)
    codes = ["I", "M", "/", "R", "V", "T"]
    floor = book.floor()
    products: list[float] = []
    floors: list[float] = []

    def typed(code: str) -> None:
        QTest.keyClicks(view, code)
        app.processEvents()  # pyright: ignore

    def plain(i: int) -> None:
        floor.execute("BEGIN IMMEDIATE")
        floor.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, 0, NULL)", (90000 + i,))
        floor.execute("COMMIT")

    for i in range(40):
        view.go_to(i % 8, 1)
        QTest.qWait(200)
        products.append(timed(lambda code=codes[i % 6]: typed(code)))
        floors.append(timed(lambda n=i: plain(n)))
    frame.hide()
    floor.close()
    school.close()
    p, f = statistics.median(products), statistics.median(floors)
    return Result("K", "key to committed and repainted, 600 pupils, five years", p, f, p / 50, 1.0, note="ratio is to the 50 ms allowed")


def _large(book: Book) -> Path:
    """The large demonstration school: 600 pupils, five years; made once in the book's folder."""
    from approgress.school.demonstration import make_demonstration

    path = book.folder / "large.approgress"
    if not path.exists():
        make_demonstration(path, large=True).close()
    return path


def t1(book: Book) -> Result:
    """Today opened with five years of marks and scores, against the same school with this term's only."""
    app = _app()
    from approgress.domain.days import to_number
    from approgress.school.school import School
    from approgress.store.keys import key_path
    from approgress.ui.pages.today import TodayPage
    from approgress.ui.workspace import Workspace

    long = _large(book)
    short = book.folder / "one-term.approgress"
    shutil.copy(long, short)
    shutil.copy(key_path(long), key_path(short))
    schools = [School.open(long), School.open(short)]
    with schools[1].database.write() as c:
        day = to_number(date(2026, 9, 1))
        c.exec_driver_sql("DELETE FROM mark WHERE day < ?", (day,))
        c.exec_driver_sql("DELETE FROM lesson_score WHERE slot < ?", (day * 8,))

    def opened(school: School) -> Callable[[], None]:
        workspace = Workspace(school)
        assert workspace.facts

        def work() -> None:
            page = TodayPage(workspace)
            page.resize(1160, 768)
            page.show()
            app.processEvents()  # pyright: ignore
            page.grab()
            page.hide()
            page.deleteLater()
            app.processEvents()  # pyright: ignore

        return work

    p, f, x = paired(opened(schools[0]), opened(schools[1]), rounds=9)
    for school in schools:
        school.close()
    return Result("T1", "Today opened, five years of data against one term", p, f, x, 1.5)


ALL: dict[str, Callable[[Book], Result]] = {"U1": u1, "U2": u2, "U5": u5, "U7": u7, "T1": t1, "K": key}
