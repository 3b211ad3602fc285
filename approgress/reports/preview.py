"""Pages of a PDF as pictures, for the window's preview and for people who look at pages in tests."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

_LOCK = threading.Lock()  # PDFium is not made for several threads at once


def preview_pages(pdf: bytes, scale: float = 1.5) -> list[bytes]:
    """Each page as a PNG picture, in order; `scale` 1 is 72 dots an inch. Raises ValueError where the bytes are no PDF."""
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    with _LOCK:
        try:
            document: Any = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise ValueError("these bytes are no PDF") from error
        pictures: list[bytes] = []
        try:
            for page in document:
                picture = BytesIO()
                page.render(scale=scale).to_pil().save(picture, "PNG")
                pictures.append(picture.getvalue())
        finally:
            document.close()
    return pictures
