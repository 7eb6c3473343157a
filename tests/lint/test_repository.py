"""What must not be in a public repository, and what must work in it."""

import json
import re
from urllib.parse import unquote

import pytest

from tests.support.repository import ROOT, is_vendored, our_files, shown, tracked_files

# The words are put together here, so that this file does not find itself.
HOMES = "|".join(("ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk", "fa" + "rm", "tm" + "p"))
MACHINE_PATH = re.compile(rf"(?<![\w.$/}}~-])/({HOMES})/[\w.-]+", re.IGNORECASE)
REGISTRIES = "|".join(
    (
        r"regi" + r"stry\.npm",
        r"py" + r"pi\.org",
        r"pythonho" + r"sted\.org",
        r"regi" + r"stry\.yarnpkg",
        r"npm" + r"mirror\.com",
        r"deb\.deb" + r"ian\.org",
        r"archive\.ubu" + r"ntu\.com",
        r"tuna\.tsing" + r"hua",
        r"arti" + r"factory",
        r"nex" + r"us\.\w+\.\w+",
    )
)
REGISTRY = re.compile(rf"\b(?:{REGISTRIES})", re.IGNORECASE)
PRIVATE_ADDRESS = re.compile(
    r"https?://(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)"
)
SECRET = re.compile(
    "|".join(
        (
            "-----BEGIN (?:RSA |EC |OPENSSH )?PRIV" + "ATE KEY",
            r"\bgh[pousr]_[A-Za-z0-9]{30,}",
            r"\bAKIA[0-9A-Z]{16}\b",
        )
    )
)
# Paths that are the same on every machine, or inside an image.
ALLOWED_PATHS = re.compile(r"^/(?:" + "tm" + r"p/(?:field|$)|" + "tm" + r"p/\.)", re.IGNORECASE)
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".woff2", ".woff", ".gz", ".zip"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
HTML_IMAGE = re.compile(r"<img\s[^>]*src=\"([^\"]+)\"")
RST_IMAGE = re.compile(r"^\.\. (?:image|figure):: (\S+)$", re.MULTILINE)


def texts():
    for path in tracked_files():
        if path.suffix not in BINARY and not is_vendored(path):
            yield path, path.read_text(errors="replace")


def findings(pattern, allowed=None):
    return [
        f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in texts()
        for match in pattern.finditer(text)
        if not (allowed and allowed.match(match.group()))
    ]


def test_the_patterns_find_what_they_are_for():
    """Without this, a broken pattern would look like a clean repository."""
    assert MACHINE_PATH.search(" /ho" + "me/anna/field")
    assert MACHINE_PATH.search('"/wo' + 'rk/main/addons"')
    assert not MACHINE_PATH.search("static/wo" + "rk/file")
    assert REGISTRY.search("https://regi" + "stry.npmjs.org/eslint")
    assert PRIVATE_ADDRESS.search("http://192.168." + "1.7/")
    assert SECRET.search("-----BEGIN PRIV" + "ATE KEY-----")


def test_no_machine_path_is_committed():
    assert not findings(MACHINE_PATH, ALLOWED_PATHS)


def test_no_registry_host_is_committed():
    assert not findings(REGISTRY)


def test_no_private_address_or_secret_is_committed():
    assert not findings(PRIVATE_ADDRESS)
    assert not findings(SECRET)


def test_npm_lock_names_no_host_and_pins_everything():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if name and not entry.get("integrity")]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}


@pytest.mark.parametrize(
    "name", ["requirements-lint.txt", "requirements-test.txt", "requirements-optional.txt"]
)
def test_tools_are_pinned(name):
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    assert not [line for line in lines if line and not re.match(r"[\w.\[\]-]+==[\w.]+", line)]


def test_no_conflict_marker_is_committed():
    marker = re.compile(r"^(?:" + "<" * 7 + "|" + ">" * 7 + r")(?: |$)", re.MULTILINE)
    assert not findings(marker)


def test_licence_is_agpl_3():
    text = (ROOT / "LICENSE").read_text()
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 19 November 2007" in text
    assert "13. Remote Network Interaction" in text
    assert len(text.splitlines()) > 600


def test_links_in_documents_lead_somewhere():
    broken = []
    for path in our_files(".md", ".rst"):
        text = path.read_text()
        patterns = (LINK, IMAGE, HTML_IMAGE) if path.suffix == ".md" else (RST_IMAGE,)
        for target in [found for pattern in patterns for found in pattern.findall(text)]:
            if re.match(r"[a-z]+:", target):
                continue
            file, _hash, anchor = target.partition("#")
            there = (path.parent / unquote(file)) if file else path
            if not there.exists():
                broken.append(f"{shown(path)}: {target}")
            elif anchor and there.suffix == ".md" and anchor not in anchors(there):
                broken.append(f"{shown(path)}: {target} (no such heading)")
    assert not broken


def test_every_picture_of_the_guides_is_shown():
    texts = "".join(path.read_text() for path in our_files(".md"))
    pictures = [path.name for path in (ROOT / "docs" / "images").iterdir()]
    assert not [name for name in pictures if f"images/{name}" not in texts]


def anchors(path):
    """Headings as the anchors that a forge makes of them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}
