"""Chromium for the browser tests."""

import os
import shutil

from . import apt
from .console import Failure, notice

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find():
    """The path of a browser that Odoo's test runner would find, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure():
    """Find or install Chromium.

    :return: its path, or None when it cannot be had
    :raises Failure: there is none in CI, where no test may be skipped
    """
    if find():
        return find()
    try:
        # Ubuntu's package of that name is only a pointer to a snap.
        apt.install(["chromium", "fonts-noto-cjk"], "Chromium (for the browser tests)")
    except Failure:
        if os.environ.get("CI"):
            raise
    if not find():
        if os.environ.get("CI"):
            raise Failure("Chromium is missing, and in CI no browser test may be skipped.")
        notice("CHROMIUM IS MISSING: ALL BROWSER TESTS WILL BE SKIPPED.")
    return find()
