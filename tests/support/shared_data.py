"""Where the real tracks and drives lie: beside the repository, never in it.

`FIELD_SHARED_DATA` names the folder; without it, `shared/data` is looked for beside the
repository and beside each folder above it. A test that does not find its data is skipped, and says
so on the terminal: a journey that nobody ran must not look like one that passed.
"""

import os
import unittest
import warnings
from pathlib import Path

from .repository import ROOT


def folder():
    """The folder with the data, or None."""
    named = os.environ.get("FIELD_SHARED_DATA")
    candidates = [Path(named)] if named else [p / "shared" / "data" for p in (ROOT, *ROOT.parents)]
    return next((path for path in candidates if path.is_dir()), None)


def need(*parts):
    """The path of a file or folder of the shared data.

    :raises unittest.SkipTest: it is not on this machine; a warning says so in the summary too
    """
    found = folder()
    path = found.joinpath(*parts) if found else None
    if path is not None and path.exists():
        return path
    what = "/".join(parts)
    text = f"REAL DATA MISSING: {what} is not here, set FIELD_SHARED_DATA. NOTHING WAS TESTED."
    warnings.warn(text, stacklevel=2)
    raise unittest.SkipTest(text)
