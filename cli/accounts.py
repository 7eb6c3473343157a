"""PostgreSQL refuses to run as root: the unprivileged account under which our cluster runs."""

import os
import pwd
import shutil
import subprocess

from .console import Failure

NAMES = ("postgres", "field-postgres", "nobody")


def cluster_account():
    """The account for the cluster: ourselves, or an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in NAMES[:2]:
        account = _find(name)
        if account:
            return account
    if shutil.which("useradd"):
        subprocess.run(["useradd", "--system", "--no-create-home", NAMES[1]], check=False)
    account = _find(NAMES[1]) or _find(NAMES[2])
    if not account:
        raise Failure("PostgreSQL needs an unprivileged account: create the user `postgres`.")
    return account


def _find(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def popen_options(account):
    """Options that make `subprocess` start a program under the account."""
    if os.geteuid() != 0:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def can_enter(account, folder):
    """True when the account may read and enter a folder."""
    done = subprocess.run(
        ["test", "-x", str(folder)], check=False, cwd="/", **popen_options(account)
    )
    return done.returncode == 0
