"""The configuration file: the repository's, the user's own, and what this machine puts in."""

import configparser
from pathlib import Path

import pytest

from cli import paths, settings
from cli.odoo_source import Source


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    base = tmp_path / "odoo.conf"
    base.write_text("[options]\nproxy_mode = True\nlist_db = False\nworkers = 4\n")
    monkeypatch.setattr(settings, "BASE", base)
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(paths, "ADDONS", tmp_path / "addons")
    monkeypatch.delenv("ODOO_RC", raising=False)
    return tmp_path


SOURCE = Source("configured", Path("/opt/odoo"), (Path("/opt/odoo/addons"),))


def written(name="test", **values):
    parser = configparser.RawConfigParser()
    parser.read(settings.write(name, SOURCE, **values))
    return dict(parser["options"])


def test_file_of_the_repository_with_what_this_machine_needs(machine):
    options = written()
    assert options["list_db"] == "False"
    assert options["proxy_mode"] == "False"
    assert options["workers"] == "0"
    assert options["http_interface"] == "127.0.0.1"
    assert options["addons_path"] == f"/opt/odoo/addons,{machine / 'addons'}"
    assert not [key for key in options if key.startswith("db_")]


def test_values_of_the_command_win():
    assert written(max_cron_threads=0, workers=2)["workers"] == "2"


def test_the_users_own_file_counts(machine, monkeypatch):
    own = machine / "company.conf"
    own.write_text(
        "[options]\ndb_host = db.example\ndb_password = 100%secret\nadmin_passwd = x\n"
        "dbfilter = ^prod$\nemail_from = 100%@example.com\n"
        "addons_path = /opt/odoo/addons, /opt/company\n"
    )
    monkeypatch.setenv("ODOO_RC", str(own))
    options = written()
    assert options["email_from"] == "100%@example.com"
    assert options["addons_path"] == f"/opt/odoo/addons,/opt/company,{machine / 'addons'}"
    assert not {"db_host", "db_password", "admin_passwd", "dbfilter"} & options.keys()
    assert settings.read_user_config()["db_password"] == "100%secret"


def test_a_file_that_is_not_there_is_no_file(machine, monkeypatch):
    monkeypatch.setenv("ODOO_RC", str(machine / "gone.conf"))
    assert settings.read_user_config() == {}
    assert written()["list_db"] == "False"


def test_passwords_of_the_users_file_are_not_copied(machine, monkeypatch):
    own = machine / "company.conf"
    own.write_text("[options]\ndb_password = sesame\nadmin_passwd = hidden\n")
    monkeypatch.setenv("ODOO_RC", str(own))
    text = settings.write("test", SOURCE).read_text()
    assert "sesame" not in text
    assert "hidden" not in text
