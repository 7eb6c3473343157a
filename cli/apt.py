"""Debian's and Ubuntu's packages: installing what is missing, fetching what is only unpacked."""

import os
import shutil
import subprocess

from .console import Failure, output_of, run, say


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


def mirrors():
    """URIs of the machine's own distribution mirrors, security mirrors left out."""
    listing = output_of(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(SIGNED_BY)", "Created-By: Packages"]
    )
    found = []
    for line in listing.splitlines():
        uri = line.split()[0]
        if "debian" in uri or "ubuntu" in uri:
            found.append(uri)
    ranked = sorted(set(found), key=lambda uri: ("security" in uri, uri))
    return [uri for uri in ranked if "security" not in uri] or ranked
