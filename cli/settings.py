"""The configuration file that Odoo runs with: the repository's `odoo.conf`, or the user's
`ODOO_RC`, with the few keys that depend on this machine put in."""

import configparser
import os

from . import paths

BASE = paths.ROOT / "odoo.conf"
NOT_HERE = ("db_host", "db_port", "db_user", "db_password", "db_name", "dbfilter", "admin_passwd")


def read_user_config():
    """The options of the user's own `ODOO_RC`; empty when there is none."""
    path = os.environ.get("ODOO_RC")
    if not path or not os.path.exists(path):
        return {}
    return _options(path)


def _options(path):
    parser = configparser.RawConfigParser()
    parser.read(path)
    return dict(parser["options"]) if parser.has_section("options") else {}


def write(name, source, **values):
    """Write `.local/odoo-<name>.conf`.

    The way to the database is not in it: it travels in the environment, password included.

    :param str name: what the file is for
    :param Source source: the Odoo to run
    :param values: options that replace those of the base file
    :return: the path of the file
    """
    user = read_user_config()
    options = {**_options(BASE), **user}
    for key in NOT_HERE:
        options.pop(key, None)
    options.update(
        addons_path=",".join(map(str, _addons_path(source, user))),
        data_dir=paths.DATA_DIR,
        http_interface="127.0.0.1",
        proxy_mode=False,
        workers=0,
        limit_time_real=0,
        limit_time_cpu=0,
        # one process is server, tests and reader of cards at once: no measure of a worker
        limit_memory_soft=0,
        limit_memory_hard=0,
        logfile="",
    )
    options.update(values)
    parser = configparser.RawConfigParser()
    parser["options"] = {key: str(value) for key, value in sorted(options.items())}
    path = paths.LOCAL / f"odoo-{name}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.write("# Written by ./field; change odoo.conf instead.\n")
        parser.write(file)
    return path


def _addons_path(source, user):
    """Odoo's folders, the user's own, ours; each once."""
    theirs = [part.strip() for part in user.get("addons_path", "").split(",") if part.strip()]
    return list(dict.fromkeys([*map(str, source.addons), *theirs, str(paths.ADDONS)]))
