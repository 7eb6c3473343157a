"""Our databases: what they are made of, and that nobody else's is touched."""

import pytest

from cli import databases, paths
from cli.console import Failure


class Server:
    variables = {}

    def tool(self, name):
        return name


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Databases whose SQL is only written down; `answers` says what a query finds."""
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path / "data")
    found = databases.Databases(Server(), None, None)
    found.asked, found.answers = [], {}

    def sql(query, database="postgres"):
        found.asked.append(query)
        return next((rows for part, rows in found.answers.items() if part in query), [])

    monkeypatch.setattr(found, "sql", sql)
    return found


def module(folder, name, text):
    (folder / name).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(text)


def test_dependencies_are_those_that_are_not_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ADDONS", tmp_path)
    module(tmp_path, "field_a", '{"name": "A", "depends": ["mail", "hr"]}')
    module(tmp_path, "field_b", '{"name": "B", "depends": ["field_a", "crm", "mail"]}')
    module(tmp_path, "field_c", '{"name": "C"}')
    (tmp_path / "no_module").mkdir()
    assert databases.dependencies() == ["base", "crm", "hr", "mail"]


def test_template_has_the_apps_that_ours_work_with(found, monkeypatch):
    class Source:
        kind, version = "debian", "19.0"

    found.source, installed = Source(), []
    monkeypatch.setattr(found, "odoo", lambda _title, _db, *words, **_o: installed.append(words))
    monkeypatch.setattr(databases, "dependencies", lambda: ["base", "hr"])
    found.ensure_template()
    assert installed[0][1].split(",") == ["base", "hr", "hr_attendance", "base_import"]
    assert "hr_attendance" not in databases.dependencies()


def test_only_our_databases_are_ever_dropped(found):
    with pytest.raises(Failure, match="production is not one of our databases"):
        found.drop("production")
    assert found.asked == []


def test_dropping_takes_the_filestore_along(found):
    file = paths.DATA_DIR / "filestore" / "field_demo" / "ab" / "abc"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    found.drop("field_demo")
    assert 'DROP DATABASE IF EXISTS "field_demo"' in found.asked
    assert not file.exists()


def test_a_clone_has_the_files_of_its_template_without_copying_them(found):
    file = paths.DATA_DIR / "filestore" / "field_tmpl_1" / "ab" / "abc"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    found.create("field_test_1", "field_tmpl_1")
    assert 'CREATE DATABASE "field_test_1" TEMPLATE "field_tmpl_1"' in found.asked
    copy = paths.DATA_DIR / "filestore" / "field_test_1" / "ab" / "abc"
    assert copy.samefile(file)
    found.drop("field_test_1")
    assert file.read_text() == "x"


@pytest.mark.parametrize(
    ("known", "ctype"),
    [
        (["C", "en_US.UTF-8"], "en_US.UTF-8"),
        (["C", "C.utf8", "en_US.UTF-8"], "C.utf8"),
    ],
)
def test_a_new_database_knows_chinese_characters(found, known, ctype):
    found.answers["pg_collation"] = known
    found.create("field_bare_1")
    (query,) = [query for query in found.asked if query.startswith("CREATE DATABASE")]
    assert "ENCODING 'UTF8'" in query
    assert f"LC_CTYPE '{ctype}'" in query


def test_an_interrupted_template_is_never_taken_for_a_finished_one(found, monkeypatch):
    class Source:
        kind, version = "debian", "19.0"

    found.source = Source()

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(found, "odoo", killed)
    with pytest.raises(KeyboardInterrupt):
        found.ensure_bare()
    made = [query for query in found.asked if query.startswith("CREATE DATABASE")]
    assert len(made) == 1
    assert '"field_draft_bare"' in made[0]
    assert not [query for query in found.asked if "RENAME" in query]
    monkeypatch.setattr(found, "odoo", lambda *_arguments, **_options: None)
    name = found.ensure_bare()
    assert f'ALTER DATABASE "field_draft_bare" RENAME TO "{name}"' in found.asked


def test_a_finished_template_is_used_again(found, monkeypatch):
    class Source:
        kind, version = "debian", "19.0"

    found.source = Source()
    monkeypatch.setattr(found, "odoo", lambda *_arguments, **_options: None)
    name = found.ensure_bare()
    found.asked.clear()
    found.answers["pg_database"] = [name]
    assert found.ensure_bare() == name
    assert not [query for query in found.asked if "CREATE" in query or "DROP" in query]
