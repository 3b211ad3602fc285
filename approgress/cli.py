"""The command line: everything that makes sense without a window. No Qt is imported here; names and shapes stay as they are."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from approgress import __version__
from approgress.domain.errors import Refusal, Stopped, Trouble, WrongPassphrase

if TYPE_CHECKING:
    from approgress.school.school import School

DONE, SOME_REFUSED, NOT_UNDERSTOOD, NOT_DONE, NO_RIGHT = 0, 1, 2, 3, 4

_NEEDS_QT = frozenset({None, "open", "pictures"})


# signs that would steer a terminal or turn the rest of a line round, as a name out of a file may hold
_STEERING = {c: None for c in (*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)) if c not in (0x09, 0x0A)}


def _put(text: str, file: TextIO | None = None) -> None:
    """Print a line of words without the signs that steer a terminal."""
    print(text.translate(_STEERING), file=file)


class NoPassphrase(Exception):
    """A passphrase is needed and there is nobody to ask."""


def needs_window(arguments: Sequence[str]) -> bool:
    """Whether these arguments ask for something that only the window part can do."""
    words = [a for a in arguments if not a.startswith("-")]
    if any(a in ("--help", "-h", "--version") for a in arguments):
        return False
    return (words[0] if words else None) in _NEEDS_QT


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None


def _place(text: str) -> str:
    """A file or folder; an empty text is a variable that a script forgot to set, and would mean whatever folder one happens to be in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; name a place, or . for the folder you are in")
    return text


def _count(text: str) -> int:
    """A number from 1 on that also a database can hold."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return number


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    common = argparse.ArgumentParser(add_help=False)
    shared = common.add_argument_group("common options")
    shared.add_argument("--passphrase-file", metavar="FILE", help="a file whose first line is the passphrase (or the recovery code)")
    shared.add_argument("--person", metavar="NAME", help="who does it, where a school has several people")
    shared.add_argument("--json", action="store_true", help="one JSON document on standard output")
    shared.add_argument("--date", type=_day, metavar="DATE", help='what "today" is, such as 2026-11-24')
    shared.add_argument("--quiet", action="store_true", help="say nothing but errors")

    top = argparse.ArgumentParser(
        prog="approgress",
        description="Progress of pupils in alternative provision, counted from each pupil's own starting point. Without a command: the window.",
        epilog="Exit codes: 0 done; 1 done, but some rows or reports were refused; 2 not understood; 3 not done, nothing changed; "
        "4 wrong passphrase. The passphrase is read from --passphrase-file or the variable APPROGRESS_PASSPHRASE, or asked for. "
        "SCHOOL is a file or a postgresql:// address; KEY is a UPN or the school's own number; DATE is 2026-11-24.",
    )
    top.add_argument("--version", action="version", version=f"approgress {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, what: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=what, description=what[:1].upper() + what[1:] + ".", epilog=f"Example: {example}", parents=[common])

    p = add("open", "the window with a school", "approgress open school.approgress")
    p.add_argument("school", metavar="SCHOOL")

    p = add("demo", "make the demonstration school", "approgress demo demonstration --reports")
    p.add_argument("folder", metavar="DIR", nargs="?", default=".")
    p.add_argument("--pupils", type=_count, metavar="N", help="pupils on roll (64)")
    p.add_argument("--years", type=_count, metavar="N", help="school years (3)")
    p.add_argument("--large", action="store_true", help="600 pupils on roll and five years")
    p.add_argument("--reports", action="store_true", help="also the report of every pupil on roll, as PDF")

    p = add("new", "make an empty school; prints the recovery code once", 'approgress new school.approgress --name "Hawthorn Centre"')
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--name", required=True, help="the school's name")

    p = add("import", "bring in files from the school's information system", "approgress import school.approgress pupils.csv marks.csv --try")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("files", metavar="FILE", nargs="+")
    p.add_argument("--as", dest="as_", choices=["pupils", "marks", "summary", "ctf", "readings"], help="what the files are; guessed when left out")
    p.add_argument("--try", dest="try_", action="store_true", help="show what would happen and write nothing")
    p.add_argument("--answer", action="append", default=[], metavar="QUESTION=CHOICE", help="answer a question listed under asks by its key; may be given often")

    p = add("instrument", "check an instrument file and add it", "approgress instrument school.approgress settled.toml")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("file", metavar="FILE")

    p = add("figures", "what the program holds to be true of each pupil", "approgress figures school.approgress --json")
    _about_pupils(p)
    p.add_argument("--leavers", action="store_true", help="also pupils who left")

    p = add("report", "reports as PDF", "approgress report school.approgress --all --out reports")
    _about_pupils(p)
    p.add_argument("--all", action="store_true", help="every pupil on roll")
    p.add_argument("--plan", metavar="NAME", default="pupil-progress", help="which report (pupil-progress)")
    p.add_argument("--out", metavar="DIR", type=_place, required=True, help="the folder they go to")
    p.add_argument("--one-file", action="store_true", help="all in one PDF")

    p = add("weekly", "weekly attendance notes for the home schools as PDF", "approgress weekly school.approgress --date 2026-11-20 --out notes")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--school", dest="schools", metavar="NAME", action="append", default=[], help="a home school (all of them); may be given often")
    p.add_argument("--names", choices=["on", "off"], default="on", help="off: codes in place of names")
    p.add_argument("--out", metavar="DIR", type=_place, required=True, help="the folder they go to")

    p = add("export", "every table as CSV with a data dictionary", "approgress export school.approgress --out tables")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--out", metavar="DIR", type=_place, required=True)

    p = add("history", "the journal: who, when, what, before, after", "approgress history school.approgress --last 20")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--pupil", metavar="KEY")
    p.add_argument("--last", type=_count, metavar="N")

    p = add("undo", "take back the last step, or one by its number", "approgress undo school.approgress")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--step", type=_count, metavar="N")

    p = add("backup", "write a checked copy", "approgress backup school.approgress --out copy.backup")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--out", metavar="FILE", type=_place)

    p = add("restore", "lay a backup's school beside the present one, never over it", "approgress restore copy.backup --out restored.approgress")
    p.add_argument("backup", metavar="BACKUP")
    p.add_argument("--out", metavar="SCHOOL", type=_place, required=True)

    p = add("check", "integrity of file, keys and journal; rules broken by the data are listed", "approgress check school.approgress")
    p.add_argument("school", metavar="SCHOOL")

    p = add("pictures", "every page of the window as PNG, without a screen", "approgress pictures school.approgress --out pictures --theme dark")
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--out", metavar="DIR", type=_place, required=True)
    p.add_argument("--theme", choices=["light", "dark", "contrast"], default="light")
    p.add_argument("--size", metavar="WxH", default="1366x768", help="in device pixels (1366x768)")
    p.add_argument("--scale", type=int, default=100, metavar="PERCENT", help="100, 125, 150, 175 or 200")
    return top


def _about_pupils(p: argparse.ArgumentParser) -> None:
    p.add_argument("school", metavar="SCHOOL")
    p.add_argument("--pupil", metavar="KEY", action="append", help="a pupil's UPN or number; may be given often")
    p.add_argument("--from", dest="first", type=_day, metavar="DATE")
    p.add_argument("--to", dest="last", type=_day, metavar="DATE")
    p.add_argument("--names", choices=["on", "off"], default="on", help="off: codes in place of names")


class Bar:
    """Progress on standard error: a line that moves on a terminal, nothing anywhere else."""

    def __init__(self, what: str, quiet: bool) -> None:
        self._what = what
        self._shown = not quiet and sys.stderr.isatty()
        self._began = self._last = time.monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show how far it is."""
        now = time.monotonic()
        if not self._shown or (now - self._last < 0.2 and done != total):
            return
        self._last = now
        left = ""
        if total and 0 < done < total and now - self._began > 2:
            seconds = (now - self._began) / done * (total - done)
            left = f", about {seconds / 60:.0f} minutes left" if seconds > 90 else f", about {seconds:.0f} seconds left"
        sys.stderr.write(f"\r{self._what}: {done:,}" + (f" of {total:,}{left}" if total else "") + " " * 20)
        if done == total:
            sys.stderr.write("\n")
        sys.stderr.flush()


def passphrase(options: argparse.Namespace, *, new: bool = False) -> str | None:
    """The passphrase given by file, by variable or at the terminal; NoPassphrase where none of these is there."""
    if options.passphrase_file:
        try:
            return Path(options.passphrase_file).read_text("utf-8-sig").splitlines()[0]
        except (OSError, UnicodeDecodeError) as e:
            raise Trouble(f"The passphrase file {options.passphrase_file} could not be read ({e.__class__.__name__}). Nothing was changed.") from None
        except IndexError:
            raise Trouble(f"The passphrase file {options.passphrase_file} is empty. Nothing was changed.") from None
    given = os.environ.get("APPROGRESS_PASSPHRASE")
    if given is not None:
        return given
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise NoPassphrase
    import getpass

    typed = getpass.getpass("Passphrase: ", stream=sys.stderr)
    if new and getpass.getpass("Once more: ", stream=sys.stderr) != typed:
        raise Refusal("The two passphrases differ. Nothing was made; try again.")
    return typed


def open_school(options: argparse.Namespace) -> School:
    """The school an option names, unlocked as the common options say."""
    from approgress.school.school import School
    from approgress.store.database import check_file, is_server, refuse_address
    from approgress.store.keys import KeyFile, key_path

    address = options.school
    if not is_server(address):
        refuse_address(address)
        path = Path(address).expanduser().absolute()
        check_file(path)
        path = path.resolve() if path.is_symlink() else path
        if KeyFile.read(key_path(path)).is_open:
            return School.open(path)
    return School.open(address, passphrase(options), options.person or None)


def _say(options: argparse.Namespace, text: str) -> None:
    if not options.quiet and not options.json:
        _put(text)


def _json(document: Any) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return list(value)
    raise TypeError(f"no JSON form of {type(value).__name__}")


def _pupils(school: School, keys: list[str]) -> list[int]:
    from approgress.store.reads.pupils import by_key

    found: list[int] = []
    for key in dict.fromkeys(keys):
        ids = school.read(by_key, key)
        if not ids:
            raise Refusal(f"No pupil has the UPN or number {key!r}. Nothing was done.")
        if len(ids) > 1:
            raise Refusal(f"{len(ids)} pupils have the number {key!r}. Give the UPN instead. Nothing was done.")
        if ids[0] not in found:  # the same pupil by UPN and by number
            found.append(ids[0])
    return found


# --- the commands -----------------------------------------------------------------------------------------------------


def _demo(o: argparse.Namespace) -> int:
    from approgress.school.demonstration import make_demonstration

    folder = Path(o.folder).expanduser().absolute()
    path = folder / "demonstration.approgress"
    if path.exists():
        raise Trouble(f"There is a demonstration school {path} already, and it was left as it is. Choose another folder.")
    sizes: dict[str, Any] = {k: v for k, v in (("pupils", o.pupils), ("years", o.years)) if v is not None}
    with make_demonstration(path, large=o.large, progress=Bar("Making the demonstration school", o.quiet or o.json), **sizes) as school:
        _say(o, f"The demonstration school (invented pupils) is {path}")
        answer: dict[str, Any] = {"school": str(path), "reports": []}
        code = DONE
        if o.reports:
            from approgress.school.reports import make_reports
            from approgress.store.reads.pupils import on_roll

            ids = school.read(on_roll, school.today)
            made = make_reports(school, ids, folder / "reports", progress=Bar("Reports", o.quiet or o.json))
            answer["reports"] = [str(p) for p in made.files]
            answer["refusals"] = list(made.refusals)
            _say(o, f"{len(made.files)} reports are in {folder / 'reports'}")
            for sentence in made.refusals:
                _put(sentence, file=sys.stderr)
                code = SOME_REFUSED
        if o.json:
            _json(answer)
    return code


def _new(o: argparse.Namespace) -> int:
    from approgress.school.school import School

    school, code = School.create(o.school, o.name, passphrase=passphrase(o, new=True), person=" ".join((o.person or "").split()) or "Head")
    with school:
        where = str(school.path or o.school)
        name = school.setting.name
    if o.json:
        _json({"school": where, "recovery_code": code})
    else:
        _put(f"The school {name} is {where}")
        _put(f"Recovery code, shown this once; print it and keep it locked away: {code}")
        _put("Without a passphrase or this code nobody can open the file again.")
    return DONE


def _import(o: argparse.Namespace) -> int:
    from approgress.school.import_file import carry_out, plan_import

    answers: dict[str, str] = {}
    for pair in o.answer:
        question, equals, choice = pair.partition("=")
        if not equals:
            raise Refusal(f"{pair!r} is not QUESTION=CHOICE. Nothing was done.")
        answers[question] = choice
    documents: list[dict[str, Any]] = []
    code = DONE
    with open_school(o) as school:
        before = school.journal.newest()
        for file in o.files:
            name = Path(file).name
            try:
                plan = plan_import(
                    school, Path(file), as_=o.as_, taken_on=o.date, answers=answers, progress=Bar(f"Reading {name}", o.quiet or o.json)
                )
                if o.try_:
                    document = plan.to_json(None)
                else:
                    document = carry_out(school, plan, progress=Bar(f"Writing {name}", o.quiet or o.json)).to_json()
            except _WENT_WRONG as e:
                newest = school.journal.newest()
                if newest == before:
                    raise
                # "nothing was changed" would be untrue: files before this one are in, or this one was just written when it was stopped
                sentence, _ = _said(e)
                steps = f"step {newest} is" if newest == before + 1 else f"steps {before + 1} to {newest} are"
                sentence += f" This is true of {name}: {steps} written and whole; `approgress undo` takes the last one back."
                if isinstance(e, KeyboardInterrupt | Stopped):
                    sentence = f"Stopped at {name}. {steps[:1].upper()}{steps[1:]} written and whole; `approgress undo` takes the last one back."
                documents.append({"file": name, "error": sentence})
                _put(sentence, file=sys.stderr)
                code = SOME_REFUSED
                break
            documents.append(document)
            if document["refused"]:
                code = SOME_REFUSED
            _say_import(o, name, document)
    if o.json:
        _json(documents[0] if len(o.files) == 1 else {"files": documents})
    return code


def _say_import(o: argparse.Namespace, name: str, d: dict[str, Any]) -> None:
    if o.json:
        for warning in d.get("warnings", []):
            _put(warning, file=sys.stderr)
        return
    _say(o, f"{name} ({d['as']}): {d['rows']} rows, {d['new']} new, {d['changed']} changed, {d['same']} same, {d['refused']} refused")
    for warning in d.get("warnings", []):
        _put(f"  note: {warning}", file=sys.stderr)
    for refusal in d["refusals"]:
        _put(f"  refused: {refusal['sentence']}", file=sys.stderr)
    for ask in d["asks"]:
        key = f" [{ask['question']}]" if ask.get("question") else ""
        _put(f"  to decide: {ask['sentence']}{key}", file=sys.stderr)
    if o.try_:
        _say(o, "  Nothing was written: this was a try.")
    elif d["step"] is None:
        _say(o, "  Nothing was changed.")
    else:
        _say(o, f"  Written as step {d['step']}; `approgress undo` takes it back.")


def _instrument(o: argparse.Namespace) -> int:
    from approgress.school.instruments import add_instrument

    with open_school(o) as school:
        instrument, changes = add_instrument(school, Path(o.file))
    if o.json:
        _json({"instrument": instrument.id, "edition": instrument.edition, "name": instrument.name, "step": changes.step})
    else:
        _say(o, f"{instrument.name} ({instrument.id}, {instrument.edition}) " + ("was added." if changes else "is there already, unchanged."))
    return DONE


def _in_order(o: argparse.Namespace) -> None:
    if o.first is not None and o.last is not None and o.last < o.first:
        raise Refusal(f"The period ends ({o.last}) before it begins ({o.first}). Nothing was done. Give --from the earlier day.")


def _figures(o: argparse.Namespace) -> int:
    from approgress.school.figures_json import figures

    _in_order(o)
    with open_school(o) as school:
        ids = _pupils(school, o.pupil) if o.pupil else None
        answer = figures(school, pupils=ids, first=o.first, last=o.last, as_of=o.date, leavers=o.leavers, names=o.names == "on")
        if o.json:
            _json(answer)
            return DONE
        for p in answer["pupils"]:
            a = p["attendance"]
            share = f"{a['attended']} of {a['possible']} sessions" + (f" ({a['attendance_percent']}%)" if a["possible"] else ", no possible sessions")
            _put(f"{p['name']}  {p['number'] or p['upn'] or ''}")
            _put(f"   attendance {share}")
            for m in p["measures"]:
                _put(f"   {m['instrument']} {m['respondent']} {m['scale']}: {_shown(m['start'])} -> {_shown(m['now'])}, {m['verdict'] or 'counts only'}")
    return DONE


def _shown(point: dict[str, Any] | None) -> str:
    if point is None:
        return "none"
    v = point["value"]
    return f"{v['count']} of {v['of']}" if isinstance(v, dict) else f"{v:g}"


def _report(o: argparse.Namespace) -> int:
    from approgress.school.reports import make_reports
    from approgress.store.reads.pupils import on_roll

    if bool(o.pupil) == bool(o.all):
        raise Refusal("Say which pupils: --pupil KEY, or --all for everyone on roll. Nothing was done.")
    _in_order(o)
    with open_school(o) as school:
        today = o.date or school.today
        ids = _pupils(school, o.pupil) if o.pupil else school.read(on_roll, o.last or today)
        made = make_reports(
            school,
            ids,
            Path(o.out).expanduser().absolute(),
            plan=o.plan,
            first=o.first,
            last=o.last,
            as_of=today,
            names=o.names == "on",
            one_file=o.one_file,
            progress=Bar("Reports", o.quiet or o.json),
        )
    if o.json:
        _json({"files": [str(p) for p in made.files], "refusals": list(made.refusals)})
    else:
        _say(o, f"{len(made.files)} {'file is' if len(made.files) == 1 else 'files are'} in {o.out}")
    for sentence in made.refusals:
        _put(sentence, file=sys.stderr)
    if made.refusals:
        return SOME_REFUSED if made.files else NOT_DONE
    return DONE


def _weekly(o: argparse.Namespace) -> int:
    from datetime import timedelta

    from approgress.school.weekly_notes import make_weekly_notes

    with open_school(o) as school:
        made = make_weekly_notes(
            school,
            Path(o.out).expanduser().absolute(),
            as_of=o.date,
            schools=o.schools,
            names=o.names == "on",
            progress=Bar("Weekly notes", o.quiet or o.json),
        )
    if o.json:
        _json(
            {
                "week": {"from": made.monday, "to": made.monday + timedelta(days=4)},
                "notes": [{"school": n.school, "pupils": n.pupils, "file": str(n.file)} for n in made.notes],
                "refusals": list(made.refusals),
            }
        )
    else:
        for n in made.notes:
            _say(o, f"{n.school}: {n.pupils} {'pupil' if n.pupils == 1 else 'pupils'}, {n.file.name}")
        _say(o, f"{len(made.notes)} {'note is' if len(made.notes) == 1 else 'notes are'} in {o.out}, for the week of {made.monday}")
    for sentence in made.refusals:
        _put(sentence, file=sys.stderr)
    if made.refusals:
        return SOME_REFUSED if made.notes else NOT_DONE
    return DONE


def _export(o: argparse.Namespace) -> int:
    from approgress.school.export import export_all

    with open_school(o) as school:
        files = export_all(school, Path(o.out).expanduser().absolute(), progress=Bar("Tables", o.quiet or o.json))
    if o.json:
        _json({"files": [str(p) for p in files]})
    else:
        _say(o, f"{len(files)} files are in {o.out}")
    return DONE


def _history(o: argparse.Namespace) -> int:
    from approgress.school.history import history_document

    with open_school(o) as school:
        ids = _pupils(school, [o.pupil]) if o.pupil else [None]
        document = history_document(school, pupil=ids[0], last=o.last)
    if o.json:
        _json(document)
        return DONE
    for s in document["steps"]:
        _put(f"{s['step']:>6}  {s['when'].replace('T', ' ')[:16]}  {s['who']}  {s['title']}")
        for c in s["changes"][:20]:
            _put(f"        {c['kind'].replace('_', ' ')} ({_told(c['key'])}): {_told(c['before'])} -> {_told(c['after'])}" + (f", because {c['why']}" if "why" in c else ""))
        if len(s["changes"]) > 20:
            _put(f"        and {len(s['changes']) - 20:,} more")
    return DONE


def _told(value: Any) -> str:
    """A value of the journal as people read it: fields by name, days as dates, nothing where there was none."""
    if isinstance(value, dict):
        fields = [f"{str(name).replace('_', ' ')} {_told(x)}" for name, x in value.items()]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return ", ".join(fields) or "nothing"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{len(value):,} bytes" if isinstance(value, bytes) else str(value)


def _undo(o: argparse.Namespace) -> int:
    with open_school(o) as school:
        changes = school.undo(o.step)
    if o.json:
        _json({"step": changes.step, "title": changes.title, "changes": changes.count})
    else:
        _say(o, f"{changes.title}: {changes.count} {'change' if changes.count == 1 else 'changes'} taken back, as step {changes.step}.")
    return DONE


def _backup(o: argparse.Namespace) -> int:
    from approgress.store.backup import describe

    with open_school(o) as school:
        info = school.back_up(Path(o.out) if o.out else None)
    if o.json:
        _json({"file": str(info.path), "school": info.name, "made": info.made, "step": info.tick})
    else:
        _say(o, f"Backed up and checked: {info.path} ({describe(info)})")
    return DONE


def _restore(o: argparse.Namespace) -> int:
    from approgress.school.school import restore
    from approgress.store.backup import describe, read_backup
    from approgress.store.database import is_server, refuse_address

    if is_server(o.out):
        raise Trouble("A backup is restored to a file on this computer, not to a database server. Nothing was written. Give a file, such as back.approgress.")
    refuse_address(o.out)
    info = read_backup(Path(o.backup).expanduser())
    info = restore(Path(o.backup), Path(o.out), None if info.demonstration else passphrase(o), o.person)
    if o.json:
        _json({"school": str(Path(o.out).absolute()), "name": info.name, "made": info.made, "step": info.tick})
    else:
        _say(o, f"Restored to {o.out}: {describe(info)}. The present file was not touched.")
    return DONE


def _check(o: argparse.Namespace) -> int:
    from approgress.school.checks import broken_rules
    from approgress.school.school import check
    from approgress.store.places import conflict_copies

    with open_school(o) as school:
        faults = check(school)
        rules = broken_rules(school) if not faults else []
        newest = school.journal.newest()
        copies = [p.name for p in conflict_copies(school.path)] if school.path is not None else []
    for name in copies:
        _put(f"{name} looks like a copy made by a synchronising program; nothing was taken from it and it was left as it is.", sys.stderr)
    if o.json:
        _json({"whole": not faults, "step": newest, "faults": faults, "rules": rules, "copies": copies})
    else:
        for sentence in rules:
            _put(sentence)
        _say(o, "The file, its keys and its journal are whole." if not faults else "")
    for sentence in faults:
        _put(sentence, file=sys.stderr)
    return NOT_DONE if faults else DONE


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "new": _new,
    "import": _import,
    "instrument": _instrument,
    "figures": _figures,
    "report": _report,
    "weekly": _weekly,
    "export": _export,
    "history": _history,
    "undo": _undo,
    "backup": _backup,
    "restore": _restore,
    "check": _check,
}


_WENT_WRONG = (Refusal, Trouble, Stopped, KeyboardInterrupt, MemoryError, OSError)


def _said(e: BaseException) -> tuple[str, int]:
    """The sentence about something that went wrong, and the exit code of a command that changed nothing because of it."""
    if isinstance(e, Refusal | Trouble):
        return e.sentence, NO_RIGHT if isinstance(e, WrongPassphrase) else NOT_DONE
    if isinstance(e, MemoryError):
        return "There is not enough memory for this. Nothing was changed.", NOT_DONE
    if isinstance(e, OSError):
        full = e.errno == 28
        what = "The disk is full" if full else f"{e.filename or 'A file'} could not be used ({e.strerror or e})"
        return f"{what}. What was there before is untouched. " + ("Free some space and try again." if full else "Check the folder."), NOT_DONE
    return "Stopped. Nothing was changed.", NOT_DONE


def guarded(work: Callable[[], int]) -> int:
    """Run a command and turn what went wrong into one sentence and an exit code."""
    try:
        return work()
    except NoPassphrase:
        return _error(
            "This school needs a passphrase, and there is no terminal to ask at. Nothing was changed. "
            "Set APPROGRESS_PASSPHRASE or give --passphrase-file.",
            NO_RIGHT,
        )
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except UnicodeEncodeError:
        return _error(
            "This system's settings cannot write a name with letters beyond their own into a file's name. What is saved is whole. "
            "Set LC_ALL to a UTF-8 locale such as C.UTF-8 and try again.",
            NOT_DONE,
        )
    except _WENT_WRONG as e:
        return _error(*_said(e))


def unforeseen(error: Exception) -> int:
    """Say that the program itself failed, without any value (it may be a name): which kind of error and where; returns the exit code."""
    import traceback

    frames = [f for f in traceback.extract_tb(error.__traceback__) if "approgress" in Path(f.filename).parts]
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return _error(
        f"Something went wrong inside the program ({type(error).__name__}{where}), so this was not done; what was saved before is whole. "
        "Try `approgress check`, and tell whoever looks after the program what stands here.",
        NOT_DONE,
    )


def _error(sentence: str, code: int) -> int:
    _put(sentence, file=sys.stderr)
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one headless command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parser().parse_args(arguments)
    if options.command not in _COMMANDS:
        parser().error(f"{options.command or 'nothing'}: this command needs the window")
    return guarded(lambda: _COMMANDS[options.command](options))


def run() -> NoReturn:
    """The entry for `python -m approgress.cli`."""
    try:
        code = main()
    except Exception as e:  # noqa: BLE001 - a traceback may quote a pupil's name
        code = unforeseen(e)
    sys.exit(code)


if __name__ == "__main__":
    run()
