"""Mending the unpacked Debian package, on a small tree of the same shape."""

import os

import pytest

from cli import apt, debian_odoo, paths

ADDONS = "usr/lib/python3/dist-packages/odoo/addons"


@pytest.fixture
def tree(tmp_path):
    (tmp_path / ADDONS / "web/static/lib").mkdir(parents=True)
    (tmp_path / "usr/share/fonts").mkdir(parents=True)
    return tmp_path


def link(tree, where, target):
    path = tree / ADDONS / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return path


def real(tree, where, text="real"):
    path = tree / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_script_that_a_bundle_names_is_there(tree):
    debian_odoo.mend(tree)
    stub = tree / ADDONS / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    assert stub.read_text().startswith("/*")


def test_script_that_is_there_stays(tree):
    where = f"{ADDONS}/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    script = real(tree, where, "theirs()")
    debian_odoo.mend(tree)
    assert script.read_text() == "theirs()"


def test_dangling_link_finds_the_file_of_the_same_name(tree):
    jquery = link(tree, "web/static/lib/jquery/jquery.js", "/usr/share/javascript/jquery.js")
    real(tree, "usr/share/nodejs/jquery/dist/jquery.js", "jQuery")
    debian_odoo.mend(tree)
    assert jquery.read_text() == "jQuery"
    assert not os.path.isabs(os.readlink(jquery))


def test_dangling_font_takes_the_regular_one_of_its_family(tree):
    font = link(tree, "web/static/fonts/Inconsolata.otf", "/usr/share/fonts/Inconsolata.otf")
    real(tree, "usr/share/fonts/opentype/Inconsolata-Regular.otf", "glyphs")
    debian_odoo.mend(tree)
    assert font.read_text() == "glyphs"


def test_link_that_nothing_can_stand_in_for_becomes_an_honest_404(tree):
    gone = link(tree, "web/static/img/gone.svg", "/usr/share/gone.svg")
    debian_odoo.mend(tree)
    assert not gone.is_symlink()


def test_link_never_stands_in_for_itself_or_for_another_link(tree):
    first = link(tree, "web/static/a/twice.css", "/nowhere/twice.css")
    second = link(tree, "mail/static/b/twice.css", "/nowhere/twice.css")
    debian_odoo.mend(tree)
    assert not first.is_symlink()
    assert not second.is_symlink()


def test_working_links_and_files_stay_as_they_are(tree):
    target = real(tree, "usr/share/javascript/underscore.js", "_")
    good = link(
        tree,
        "web/static/lib/underscore.js",
        os.path.relpath(target, tree / ADDONS / "web/static/lib"),
    )
    before = os.readlink(good)
    debian_odoo.mend(tree)
    assert os.readlink(good) == before


def test_mending_twice_changes_nothing(tree):
    jquery = link(tree, "web/static/lib/jquery.js", "/usr/share/javascript/jquery.js")
    real(tree, "usr/share/nodejs/jquery.js", "jQuery")
    debian_odoo.mend(tree)
    before = os.readlink(jquery)
    debian_odoo.mend(tree)
    assert os.readlink(jquery) == before


def test_unpacking_that_was_interrupted_is_not_taken_for_odoo(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(debian_odoo, "PACKAGES", tmp_path / "packages")
    real(tmp_path, "packages/odoo/release.py", "")
    assert not debian_odoo.is_there()


def test_no_mirror_has_it(monkeypatch):
    monkeypatch.setattr(debian_odoo, "is_there", lambda: False)
    monkeypatch.setattr(debian_odoo.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(apt, "mirrors", lambda: ["http://deb.example/debian"])
    asked = []
    monkeypatch.setattr(
        debian_odoo, "_candidate_version", lambda uri, vendor, suite: asked.append(suite) or ""
    )
    assert debian_odoo.fetch() is False
    assert asked == ["stable", "testing", "sid"]


def test_package_of_another_series_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(debian_odoo, "APT", tmp_path)
    monkeypatch.setattr(debian_odoo, "run", lambda *arguments, **options: None)
    for policy, version in (
        ("odoo-19:\n  Installed: (none)\n  Candidate: 19.0.0+dfsg-2\n", "19.0.0+dfsg-2"),
        ("odoo-19:\n  Candidate: 20.0.0+dfsg-1\n", ""),
        ("odoo-19:\n  Candidate: (none)\n", ""),
        ("", ""),
    ):
        monkeypatch.setattr(debian_odoo, "output_of", lambda command, text=policy: text)
        found = debian_odoo._candidate_version("http://deb.example/debian", "debian", "sid")
        assert found == version


def _mirrors(monkeypatch, listing, vendor="debian"):
    monkeypatch.setattr(apt, "output_of", lambda command: "\n".join(listing))
    monkeypatch.setattr(apt, "vendor", lambda: vendor)
    return apt.mirrors()


def test_mirrors_of_this_machine_without_the_security_ones(monkeypatch):
    listing = (
        "http://deb.example/debian-security|Debian",
        "http://deb.example/debian|Debian",
        "http://deb.example/debian|Debian",
        "https://packages.example/postgresql|PGDG",
    )
    assert _mirrors(monkeypatch, listing) == ["http://deb.example/debian"]


def test_mirror_is_known_by_its_origin_or_by_its_address_before_it_was_read(monkeypatch):
    read, unread = "http://mirror.company/deb", "http://deb.example/debian"
    assert _mirrors(monkeypatch, [f"{read}|Debian"]) == [read]
    assert _mirrors(monkeypatch, [f"{read}|$(ORIGIN)", f"{unread}|$(ORIGIN)"]) == [unread, read]
