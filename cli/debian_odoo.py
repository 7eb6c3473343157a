"""Odoo 19.0 from the Debian package: fetched, verified by apt, unpacked and mended.

The package is not installed: the system's own sources and package state stay as they are.
"""

import os
import shutil
import subprocess

from . import apt, paths, stamps
from .console import Failure, notice, output_of, run, step

PACKAGE = "odoo-19"
SERIES = "19.0"
RECORDED = "19.0.0+dfsg-1"

# The package's static files are links into these packages.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-inconsolata",
)
SUITES = {"debian": ("stable", "testing", "sid"), "ubuntu": ("devel",)}
COMPONENTS = {"debian": "main", "ubuntu": "universe"}
KEYRINGS = (
    "/usr/share/keyrings/{vendor}-archive-keyring.gpg",
    "/usr/share/keyrings/{vendor}-archive-keyring.pgp",
)

UNPACKED = paths.LOCAL / "debian"
PACKAGES = UNPACKED / "usr/lib/python3/dist-packages"
APT = paths.LOCAL / "apt"
STAMP = "odoo-debian"


def is_there():
    return (PACKAGES / "odoo" / "release.py").exists() and bool(stamps.read(STAMP))


def fetch():
    """Download and unpack the package unless that is done.

    :return: True when Odoo is there, False when no mirror of this machine has it
    """
    if is_there():
        return True
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return False
    for uri, vendor, suite in _candidates():
        version = _candidate_version(uri, vendor, suite)
        if version:
            _download_and_unpack(suite, version)
            return True
    return False


def _candidates():
    vendor = apt.vendor()
    for uri in apt.mirrors():
        for suite in SUITES.get(vendor, ()):
            yield uri, vendor, suite


def _options():
    """apt's options for a state of our own beside the system's."""
    options = {
        "Dir::Etc::sourcelist": APT / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": APT / "lists",
        "Dir::Cache": APT / "cache",
        "Acquire::Languages": "none",
    }
    if os.geteuid() == 0:
        options["APT::Sandbox::User"] = "root"
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}")]


def _candidate_version(uri, vendor, suite):
    """The version of Odoo in that suite, or an empty string."""
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (APT / folder).mkdir(parents=True, exist_ok=True)
    keyring = next(
        (path for path in (k.format(vendor=vendor) for k in KEYRINGS) if os.path.exists(path)), None
    )
    signed = f"[signed-by={keyring}] " if keyring else ""
    component = COMPONENTS[vendor]
    (APT / "sources.list").write_text(f"deb {signed}{uri} {suite} {component}\n")
    try:
        run(["apt-get", *_options(), "update"], f"Odoo: looking in the suite {suite}")
    except Failure:
        return ""
    policy = output_of(["apt-cache", *_options(), "policy", PACKAGE])
    version = next(
        (line.split()[1] for line in policy.splitlines() if line.strip().startswith("Candidate:")),
        "",
    )
    if version == "(none)" or not version.startswith(SERIES):
        return ""
    return version


def _download_and_unpack(suite, version):
    if version != RECORDED:
        notice(f"Odoo {version} is used; the recorded package is {RECORDED}.")
    wanted = [PACKAGE, *LINKED]
    run(
        ["apt-get", *_options(), "download", *wanted],
        f"Odoo: fetching {version}",
        cwd=APT / "debs",
    )
    draft = paths.LOCAL / "debian.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with step("Odoo: unpacking"):
        for package in sorted((APT / "debs").glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(draft)], check=True)
        mend(draft)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    draft.rename(UNPACKED)
    shutil.rmtree(APT, ignore_errors=True)
    stamps.set_done(STAMP, version, version=version, suite=suite)


def mend(root):
    """Put back what Debian leaves out, so that no page ends in an error.

    - `selfie_segmentation.js` is listed in a bundle and not shipped: an empty script.
    - a static file that is a dangling link is an HTTP 500: it is linked to a file of the same
      name elsewhere in the tree, or removed, which makes it an honest 404.
    """
    addons = root / "usr/lib/python3/dist-packages/odoo/addons"
    stub = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* Not free, therefore not in the Debian package. */\n")
    dangling = [p for p in addons.glob("*/static/**/*") if p.is_symlink() and not p.exists()]
    for link in dangling:
        stand_in = _stand_in(root, link.name)
        link.unlink()
        if stand_in:
            link.symlink_to(os.path.relpath(stand_in, link.parent))


def _stand_in(root, name):
    """A real file of that name, or of its family (`X.otf` → `X-Regular.otf`)."""
    stem, _dot, suffix = name.rpartition(".")
    for pattern in (name, f"{stem}-Regular.{suffix}"):
        for path in sorted((root / "usr").rglob(pattern)):
            if path.is_file() and not path.is_symlink():
                return path
    return None
