"""What takes long to import is imported while nothing is to do, in a thread of its own, so that no click has to wait for it."""

from __future__ import annotations

import sys
import threading

_begun = threading.Event()


def warm_up() -> None:
    """Begins to import what large charts need, once; call it after the first paint."""
    if _begun.is_set() or "pyqtgraph" in sys.modules:
        return
    _begun.set()
    threading.Thread(target=_load, name="warm up", daemon=True).start()


def charts_ready() -> bool:
    """Whether large charts can be made without waiting."""
    module = sys.modules.get("pyqtgraph")
    spec = getattr(module, "__spec__", None)
    return module is not None and not getattr(spec, "_initializing", False)


def _load() -> None:
    import importlib

    importlib.import_module("pyqtgraph")
