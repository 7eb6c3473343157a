"""Reading Odoo's log as a test result."""

import re

from .console import Failure

LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+): (.*)$")

# What Odoo itself says on a machine without the programs, or about itself.
NOISE = (
    re.compile(r"py\.warnings"),
    re.compile(r"Running as user 'root'"),
    re.compile(r"option addons_path, invalid addons directory"),
    re.compile(r"wkhtmltopdf", re.IGNORECASE),
    re.compile(r"unaccent"),
)


def complaints(text):
    """Lines of a log that are a warning or worse, known noise left out."""
    found = []
    for line in text.splitlines():
        if LINE.match(line) and not any(noise.search(line) for noise in NOISE):
            found.append(line)
    return found


def check(path):
    """Raise when the log in a file holds a warning or worse.

    :raises Failure: the first lines that it complains about
    """
    lines = complaints(path.read_text(errors="replace"))
    if lines:
        shown = "\n".join(lines[:20])
        raise Failure(f"{len(lines)} warnings or errors in {path.name}:\n{shown}")
