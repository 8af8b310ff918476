"""The file that a recording goes to."""

import contextlib
import gzip
import io


@contextlib.contextmanager
def recording(path):
    """A text to write to, compressed; the same text gives the same bytes."""
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as binary, io.TextIOWrapper(binary, encoding="utf-8", newline="\n") as out:
        yield out
