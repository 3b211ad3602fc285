"""School: one opened school. It reads, does, undoes, and knows its own today, code set, instruments and calendar."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from approgress.domain.edits import Changes, Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal, Trouble, WrongPassphrase
from approgress.domain.records import (
    KINDS,
    ORDINARY,
    RESTRICTED,
    SAFEGUARDING,
    Closure,
    HalfTerm,
    InstrumentFile,
    Person,
    Setting,
    class_field,
)
from approgress.domain.viewer import Viewer
from approgress.store import backup as backups
from approgress.store import desk as desks
from approgress.store import places, seals
from approgress.store.database import Database, is_server, make_file, make_tables, open_file, open_server, refuse_address, revision
from approgress.store.journal import Journal, State, StepView, state_of
from approgress.store.keys import KeyFile, key_path, new_data_key, new_recovery_code
from approgress.store.reads import Reader

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.domain.instruments import Library
    from approgress.domain.school_year import Calendar
    from approgress.store.bodies import Change

P = ParamSpec("P")
T = TypeVar("T")
SUFFIX = ".approgress"
ALL_CLASSES = frozenset({ORDINARY, RESTRICTED, SAFEGUARDING})


class School:
    """One opened school.

    `read` asks, `do` writes, `undo` and `redo` take back; each answers what changed. All may be called from any thread.
    """

    def __init__(self, database: Database, keys: KeyFile, person_id: int, *, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.keys = keys
        self._clock = clock
        self._kept: dict[str, Any] = {}
        self._as_of: dict[str, tuple[State, Any]] = {}
        self._lock = threading.RLock()
        self.journal = Journal(database, person_id, now=self.now)
        with database.read() as c:
            self.school_id = self.journal.about(c, "school") or ""
            mark = self.journal.about(c, "mark")
            newest = int(c.exec_driver_sql("SELECT coalesce(max(tick), 0) FROM step").scalar() or 0)
            person = self.journal.rows.one(c, Person, person_id)
        if desks.is_copy(database, self.school_id, mark, newest):
            self.journal._fork = desks.become_new_desk(database, self.school_id)  # pyright: ignore[reportPrivateUsage]
        # a key without a person (taken back, or of another copy of the file) opens no more than a visitor's does
        role = person.role if person is not None else "visitor"
        classes = frozenset({ORDINARY}) if role == "visitor" else ALL_CLASSES
        self.viewer = Viewer(person_id, person.name if person is not None else "Somebody", role, classes=classes)
        self._seen = self.journal.state()
        self.journal.session_began = newest

    # --- making and opening ----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        address: str | Path,
        name: str,
        *,
        passphrase: str | None,
        person: str = "Head",
        role: str = "head",
        sort: str = "ap_academy",
        la: str | None = None,
        estab: str | None = None,
        demonstration_today: date | None = None,
        clock: Callable[[], float] = time.time,
    ) -> tuple[School, str]:
        """A new, empty school and its recovery code, which is shown once. With `demonstration_today` it opens without a passphrase.

        Refusal for a poor passphrase or name; Trouble where a file is there already or the place is unsafe.
        """
        name = " ".join(name.split())
        if not name:
            raise Refusal("A school needs a name.", "name")
        demonstration = demonstration_today is not None
        if not demonstration and (passphrase is None or len(passphrase) < 8):
            raise Refusal("A passphrase has 8 characters or more; four short words are good and easy to keep.", "passphrase")
        data_key = new_data_key()
        school_id = secrets.token_hex(8)
        mark = secrets.token_hex(16)
        keys = KeyFile.new(school_id, name)
        code = new_recovery_code()
        keys.set_recovery(code, data_key)
        if demonstration:
            keys.set_open(data_key)
        else:
            assert passphrase is not None
            keys.add_person(1, person, passphrase, data_key)
        if is_server(str(address)):
            database = open_server(str(address))
            if revision(database) is not None:
                database.close()
                raise Trouble(f"There is a school in {database.where} already, and it was left as it is. Use another database.")
            make_tables(database)
        else:
            refuse_address(str(address))
            path = Path(address).expanduser().absolute()
            if path.suffix == "":
                path = path.with_name(path.name + SUFFIX)
            places.refuse_unsafe(path)
            if key_path(path).exists():
                raise Trouble(f"There is a key file {key_path(path)} already, and it was left as it is. Choose another name.")
            database = make_file(path, data_key)
        try:
            journal = Journal(database, 1, now=clock)
            with database.write() as c:
                for key, value in (("school", school_id), ("desk", "0"), ("mark", mark), ("next pupil", "1"), ("next other", "10")):
                    journal.set_about(c, key, value)
                if database.path is None:
                    journal.set_about(c, "keys", keys.text())
            setting = Setting(1, name, sort, la, estab, demonstration=demonstration, today=demonstration_today)
            journal.do(Title.SET_UP, [Put(setting), Put(Person(1, person, role))])
            if database.path is not None:
                keys.write(key_path(database.path))
                desks.found_desk(school_id, database.path, mark)
        except BaseException:
            database.close()
            if database.path is not None:
                for p in (database.path, key_path(database.path)):
                    p.unlink(missing_ok=True)
            raise
        return cls(database, keys, 1, clock=clock), code

    @classmethod
    def open(cls, address: str | Path, passphrase: str | None = None, person: str | None = None, *, clock: Callable[[], float] = time.time) -> School:
        """The school at an address. WrongPassphrase, or Trouble with a sentence of its own for each way in which a file can be wrong."""
        if is_server(str(address)):
            database = open_server(str(address))
            try:
                if revision(database) is None:
                    raise Trouble(f"There is no school in {database.where}. Nothing was changed. Check the address.")
                with database.read() as c:
                    text = c.exec_driver_sql("SELECT value FROM about WHERE name = 'keys'").scalar()
                keys = KeyFile.from_text(str(text), "of the server")
                _, who = keys.open(passphrase, person)
            except BaseException:
                database.close()
                raise
        else:
            path = Path(address).expanduser().absolute()
            places.refuse_unsafe(path)
            from approgress.store.database import check_file

            check_file(path)
            path = path.resolve() if path.is_symlink() else path  # the key file lies beside the file, not beside a link to it
            keys = KeyFile.read(key_path(path))
            data_key, who = keys.open(passphrase, person)
            database = open_file(path, data_key)
        try:
            from approgress.paths import backups_dir
            from approgress.store.upgrade import bring_up_to_date

            bring_up_to_date(database, backups_dir(), datetime.now())
            with database.read() as c:
                held = c.exec_driver_sql("SELECT value FROM about WHERE name = 'school'").scalar()
            if held != keys.school:
                raise Trouble(f"The key file beside {database.where} belongs to another school. Nothing was changed. Put the right one beside it.")
            return cls(database, keys, who or 1, clock=clock)
        except BaseException:
            database.close()
            raise

    @property
    def path(self) -> Path | None:
        """The school's file, None for a server."""
        return self.database.path

    def close(self, *, back_up: bool = False) -> backups.BackupInfo | None:
        """Seal the journal and close. With `back_up` a checked automatic backup is made first if anything is newer than the last one."""
        info = None
        try:
            self.seal()
            if back_up:
                info = self.back_up_if_changed()
        finally:
            self.database.close()
        return info

    def __enter__(self) -> School:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- time ------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds for people to read: the wall clock, or in the demonstration school its own day at the wall clock's time."""
        wall = self._clock()
        today = self._kept.get("today")
        if today is None:
            return wall
        t = datetime.fromtimestamp(wall)
        return datetime.combine(today, t.time()).timestamp()

    @property
    def today(self) -> date:
        """Today: read afresh each time; the demonstration school carries its own."""
        return self.setting.today or datetime.fromtimestamp(self._clock()).date()

    # --- asking ----------------------------------------------------------------------------------------------------

    def read(self, question: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask a read function: `school.read(reads.pupils.on_roll, day)`."""
        with self.database.read() as c:
            return question(Reader(c, self.journal.rows, self.viewer), *args, **kwargs)

    def _keep(self, name: str, make: Callable[[], T]) -> T:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]

    def as_of_now(self, name: str, make: Callable[[], T]) -> T:
        """What `make` finds, made again only when another step was written since, here or by somebody else: for what reads the whole school."""
        state = self.journal.state()  # not the step's number alone: a step grows while a register is typed
        with self._lock:
            kept = self._as_of.get(name)
        if kept is None or kept[0] != state:
            kept = (state, make())
            with self._lock:
                self._as_of[name] = kept
        return kept[1]

    def _forget_kept(self, changes: Changes) -> None:
        with self._lock:
            if changes.everything or changes.kinds & {"setting", "half_term", "closure", "instrument_file", "strand_measure", "person"}:
                self._kept.clear()

    @property
    def setting(self) -> Setting:
        """The first setting of this store."""

        def make() -> Setting:
            found = self.read(lambda r: r.every(Setting))[0]
            if found.today is not None:
                self._kept["today"] = found.today
            return found

        return self._keep("setting", make)

    @property
    def calendar(self) -> Calendar:
        """Terms and closed days of the setting."""
        from approgress.domain.school_year import Calendar

        return self._keep("calendar", lambda: Calendar.of(*self.read(lambda r: (r.every(HalfTerm), r.every(Closure)))))

    @property
    def codes(self) -> CodeSet:
        """The attendance codes with their dates of force."""
        from approgress.store.catalogue import code_set

        return self._keep("codes", code_set)

    @property
    def library(self) -> Library:
        """The instruments that come with the program and those that this school added; a file that breaks a rule is in `refused`."""
        from approgress.store.catalogue import library

        return self._keep("library", lambda: library(self.read(lambda r: r.every(InstrumentFile))))

    # --- writing ---------------------------------------------------------------------------------------------------

    def _may_write(self) -> None:
        if self.viewer.role == "visitor":
            raise Refusal("You may look at everything here and change nothing. Ask the head for another role.")

    def do(
        self,
        title: Title,
        edits: Iterable[Edit] | Callable[[NewIds], Iterable[Edit]],
        *,
        grow: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> Changes:
        """Write what an act returned as one step (see `Journal.do`)."""
        self._may_write()
        self.setting  # so that `now` knows the demonstration school's day
        return self._done(self.journal.do(title, edits, grow=grow, progress=progress))

    def undo(self, step: int | None = None) -> Changes:
        """Take this person's last act back, or a step by number; Refusal says why not."""
        self._may_write()
        self.setting  # so that `now` knows the demonstration school's day
        return self._done(self.journal.undo(step))

    def redo(self) -> Changes:
        """Do again what was last taken back; Refusal when there is nothing."""
        self._may_write()
        self.setting
        return self._done(self.journal.redo())

    def _done(self, changes: Changes) -> Changes:
        self._forget_kept(changes)
        return changes

    def others_changes(self) -> Changes:
        """What other windows or people changed since this was last asked; cheap when nothing did. What was written here may be among it."""
        with self._lock:
            own = self.journal.own
            while self._seen in own:  # our own writes, as long as nobody's came between
                self._seen = own.pop(self._seen)
            seen, state = self._seen, self.journal.state()
            if state == seen:
                return Changes()
            own.clear()
            self._seen = state
        from approgress.store.bodies import unpack

        kinds: set[str] = set()
        pupils: set[int] = set()
        with self.database.read() as c:
            text = "SELECT tick, desk, changes FROM step WHERE tick >= ? ORDER BY tick"
            for row in c.exec_driver_sql(text.replace("?", "%s") if self.database.dialect == "postgresql" else text, (seen[0],)):
                if state_of(*row) == seen:
                    continue  # the step that was newest, and it did not grow
                body = row[2]
                if body and len(body) > 200_000:
                    changes = Changes(step=state[0], everything=True)
                    self._forget_kept(changes)
                    return changes
                for x in unpack(body):
                    kinds.add(x.kind)
                    pupils.add(x.pupil)
        changes = Changes(frozenset(kinds), frozenset(pupils - {0}), state[0], "", len(pupils))
        self._forget_kept(changes)
        return changes

    def history(self, *, pupil: int | None = None, last: int | None = None, kinds: frozenset[str] | None = None) -> list[StepView]:
        """Steps of the journal, newest first; what was written in records that the viewer may not read is left out of them."""
        with self.database.read() as c:
            found = self.journal.history(c, pupil=pupil, last=last, kinds=kinds)
            if self.viewer.classes >= ALL_CLASSES:
                return found
            may: dict[tuple[str, tuple[int, ...]], bool] = {}
            out: list[StepView] = []
            for step in found:
                changes = [x for x in step.changes if self._may_see(c, x, may)]
                if changes or not step.changes:
                    out.append(replace(step, changes=changes))
            return out

    def _may_see(self, c: Any, change: Change, known: dict[tuple[str, tuple[int, ...]], bool]) -> bool:
        """Whether the viewer may read the record that a change speaks of, by the class that it has now, or had when it was taken out."""
        kind = KINDS[change.kind]
        field = class_field(kind)
        if field is None:
            return True
        at = (change.kind, change.key)
        if at not in known:
            row = self.journal.rows.get(c, kind, change.key)
            value = row[field] if row is not None else next((v for v in reversed(change.fields.get(field, ())) if v), None)
            known[at] = value is not None and self.viewer.may_read(str(value))
        return known[at]

    def seal(self) -> str:
        """Seal what is not sealed yet; returns the first 8 signs of the newest seal."""
        with self.database.read() as c:
            desk = int(self.journal.about(c, "desk") or 0)
            newest = c.exec_driver_sql(self.journal._q("SELECT coalesce(max(tick), 0) FROM step WHERE desk = ?"), (desk,)).scalar()  # pyright: ignore[reportPrivateUsage]
            sealed = c.exec_driver_sql(self.journal._q("SELECT coalesce(max(tick), 0) FROM seal WHERE desk = ?"), (desk,)).scalar()  # pyright: ignore[reportPrivateUsage]
        if newest != sealed and not (self.journal._fork is not None and desk == 0 and sealed):  # pyright: ignore[reportPrivateUsage]
            seals.make_seals(self.database, desk)
        return seals.newest_seal(self.database)

    def looked(self, what: str, pupil: int | None = None) -> None:
        """Note in the access log that something was printed or exported; the journal stays as it is."""
        with self.database.write() as c:
            n = int(c.exec_driver_sql("SELECT coalesce(max(id), 0) FROM looked").scalar() or 0) + 1
            c.exec_driver_sql(
                self.journal._q("INSERT INTO looked (id, at, who, what, pupil_id) VALUES (?, ?, ?, ?, ?)"),  # pyright: ignore[reportPrivateUsage]
                (n, int(self.now()), self.viewer.person_id, what, pupil),
            )

    # --- people and keys -------------------------------------------------------------------------------------------

    def set_passphrase(self, person_id: int, name: str, passphrase: str) -> None:
        """Give a person a passphrase, or a new one."""
        self._may_write()
        if self.database.key is None:
            raise Trouble("On a database server, passphrases are looked after by whoever looks after the server.")
        data_key = self.database.key
        self.change_keys(lambda keys: keys.add_person(person_id, name, passphrase, data_key))

    def new_recovery_code(self) -> str:
        """A new recovery code, shown once; the old one stops working for this file (backups keep theirs)."""
        self._may_write()
        if self.database.key is None or self.path is None:
            raise Trouble("On a database server there is no recovery code; the server's own backups stand in for it.")
        code, data_key = new_recovery_code(), self.database.key
        self.change_keys(lambda keys: keys.set_recovery(code, data_key))
        return code

    def change_keys(self, change: Callable[[KeyFile], None]) -> None:
        """Change the key file as it lies there now, since another window may have changed it; wholly or not at all.

        Where it is gone or damaged, the one that was read when the school was opened is written again. Trouble where another school's lies there.
        """
        assert self.path is not None
        place = key_path(self.path)
        with self.database.write():  # one window at a time
            keys = KeyFile.from_text(self.keys.text(), place.name)
            with suppress(Trouble):
                keys = KeyFile.read(place)
            if keys.school != self.school_id:
                raise Trouble(f"The key file beside {self.database.where} belongs to another school now. Nothing was changed. Put the right one back.")
            change(keys)
            keys.write(place)
            self.keys = keys

    # --- backup ----------------------------------------------------------------------------------------------------

    def back_up(self, to: Path | None = None) -> backups.BackupInfo:
        """Write a checked backup to a file, or into this machine's backup folder, where old ones are then thinned."""
        self.seal()
        now = datetime.fromtimestamp(self._clock())
        automatic = to is None
        if to is None:
            from approgress.paths import backups_dir

            to = backups_dir() / self.school_id / backups.backup_name(self.setting.name, now)
        info = backups.write_backup(self.database, Path(to).expanduser().absolute(), now=now)
        desks.note_left(self.database, self.school_id, info.tick)
        if automatic:
            backups.thin(info.path.parent, self.school_id, now)
        return info

    def back_up_if_changed(self) -> backups.BackupInfo | None:
        """A checked automatic backup, unless the newest one holds everything already; None then, and for a server."""
        if self.path is None:
            return None
        newest = self.automatic_backups()
        with self.database.read() as c:
            row = c.exec_driver_sql("SELECT tick, at FROM step ORDER BY tick DESC, desk DESC LIMIT 1").fetchone()
        # the time too: a file that was restored goes on beside backups of another course of things, whose steps may have higher numbers
        if newest and row is not None and (newest[0].tick, newest[0].last_entry) == (row[0], datetime.fromtimestamp(row[1])):
            return None
        return self.back_up()

    def automatic_backups(self) -> list[backups.BackupInfo]:
        """The automatic backups of this school on this machine, newest first; damaged ones are left out."""
        from approgress.paths import backups_dir

        found: list[backups.BackupInfo] = []
        for p in (backups_dir() / self.school_id).glob(f"*{backups.SUFFIX}"):
            try:
                found.append(backups.read_backup(p))
            except Trouble:
                continue
        return sorted(found, key=lambda b: b.made, reverse=True)


def restore(
    backup: Path, to: Path, passphrase: str | None, person: str | None = None, *, expect_school: str | None = None
) -> backups.BackupInfo:
    """Lay a backup's school at a new place, checked; the passphrase (or recovery code) of the backup's day is needed."""
    to = Path(to).expanduser().absolute()
    if to.suffix == "":
        to = to.with_name(to.name + SUFFIX)
    places.refuse_unsafe(to)
    info = backups.restore_backup(Path(backup).expanduser(), to, lambda keys: keys.open(passphrase, person)[0], expect_school=expect_school)
    desks.forget(info.school, to)
    return info


def check(school: School) -> list[str]:
    """Sentences about what is broken in file, keys and journal; empty when all is whole."""
    faults: list[str] = []
    try:
        backups.check_pages(school.database)
    except Trouble as e:
        return [e.sentence]
    result = seals.check_seals(school.database)
    faults += result.faults
    if not faults:
        from approgress.store.replay import disagreements

        faults += disagreements(school.database)
    return faults


def present_school(path: Path) -> str | None:
    """The id of the school whose file lies at a path, by its key file; None where there is none."""
    try:
        return KeyFile.read(key_path(path)).school
    except (Trouble, OSError):
        return None


__all__ = ["School", "WrongPassphrase", "check", "present_school", "restore"]
