"""Debian's and Ubuntu's packages: installing what is missing, fetching what is only unpacked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import Failure, output_of, run, say

RELEASE = Path("/etc/os-release")
VENDORS = ("debian", "ubuntu")


def is_usable():
    """True when this machine has apt and we may install packages."""
    return bool(shutil.which("apt-get")) and os.geteuid() == 0


def install(packages, what):
    """Install packages through apt.

    :raises Failure: there is no apt, or we are not root
    """
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Failure(
            f"{what} is missing: install it (on Debian or Ubuntu: {names}) and try again."
        )
    if os.geteuid() != 0:
        raise Failure(f"{what} is missing: run `sudo apt-get install {names}` and try again.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-q", "-y"]
    # An installation that was killed leaves packages half configured.
    subprocess.run(["dpkg", "--configure", "-a"], env=env, check=False, capture_output=True)
    if not has_lists(packages[0]):
        run([*quiet, "update"], "apt: reading the package lists", env=env)
    say(f"  {what}: {names}")
    run(
        [*quiet, "install", "--no-install-recommends", *packages],
        f"apt: installing {what}",
        env=env,
    )


def has_lists(package):
    """True when apt knows a candidate for the package."""
    policy = output_of(["apt-cache", "policy", package])
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def vendor():
    """`debian` or `ubuntu`, which this machine is or is like; an empty string for others."""
    text = RELEASE.read_text() if RELEASE.exists() else ""
    words = re.findall(r"^(?:ID|ID_LIKE)=(.*)$", text, re.MULTILINE)
    known = [word for word in " ".join(words).replace('"', "").split() if word in VENDORS]
    return known[0] if known else ""


def mirrors():
    """URIs of the machine's own distribution mirrors, best first, security mirrors left out.

    apt knows the origin of a mirror once it has read its lists; until then its address has to do.
    """
    listing = output_of(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)", "Created-By: Packages"]
    )
    found = dict(line.split("|", 1) for line in listing.splitlines() if "|" in line)
    ours = {
        uri: origin.lower() == vendor() or vendor() in uri
        for uri, origin in found.items()
        if "security" not in uri and origin.lower() in (vendor(), "$(origin)", "")
    }
    return sorted(ours, key=lambda uri: (not ours[uri], uri))
