"""Run the benchmarks and print their table."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path

from benchmarks.timing import Result, table


def main() -> int:
    """Run what was asked for; exit code 1 when something falls short of its goal."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks")
    ask.add_argument("ids", nargs="*", help="which (all)")
    ask.add_argument("--json", metavar="FILE")
    options = ask.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="approgress-bench-") as folder:
        os.environ.setdefault("APPROGRESS_DATA_DIR", str(Path(folder) / "data"))
        from benchmarks import paper, store, window
        from benchmarks.book import Book

        book = Book(Path(folder))
        for name, work in (store.ALL | paper.ALL | window.ALL).items():
            if options.ids and name not in options.ids:
                continue
            print(f"{name} ...", file=sys.stderr)
            try:
                found = work(book)
                results += found if isinstance(found, list) else [found]
            except Exception:
                traceback.print_exc()
    print(table(results))
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(r) for r in results], indent=1))
    return int(any(not r.holds for r in results))


if __name__ == "__main__":
    sys.exit(main())
