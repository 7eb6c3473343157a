"""The Chinese translation is complete: each term of the template, none fuzzy, none empty."""

import re

import polib
import pytest

from tests.support.repository import ADDONS, modules

HAN = re.compile(r"[\u4e00-\u9fff]")
APP = re.compile(r"/static/src/(app|map)/")
# A comma, colon and so on of Latin text right beside a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?]|[,:;!?][\u4e00-\u9fff]")
# Terms that look the same in Chinese: names, units, codes.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sd]|\{(\w*)\}|\$\{(\w+)\}")


@pytest.fixture(params=modules())
def template(request):
    return _read(request.param, f"{request.param}.pot")


@pytest.fixture
def chinese(template):
    return _read(template.module, "zh_CN.po")


def _read(module, name):
    path = ADDONS / module / "i18n" / name
    if not path.is_file():
        pytest.fail(f"{module} has no i18n/{name}", pytrace=False)
    catalogue = polib.pofile(str(path))
    catalogue.module = module
    return catalogue


def test_every_term_is_translated(template, chinese):
    done = {entry.msgid for entry in chinese if entry.translated() and not entry.obsolete}
    missing = [entry.msgid for entry in template if entry.msgid not in done]
    assert not missing, f"{template.module}: terms without a Chinese translation"


def test_nothing_is_fuzzy_or_obsolete(template, chinese):
    wrong = [entry.msgid for entry in chinese if entry.fuzzy or entry.obsolete]
    assert not wrong
    known = {entry.msgid for entry in template}
    left_over = [entry.msgid for entry in chinese if entry.msgid not in known]
    assert not left_over, "terms that the module no longer has"


def test_placeholders_survive(chinese):
    """A lost placeholder breaks the message when it is shown, and only in Chinese."""
    broken = [
        (entry.msgid, entry.msgstr)
        for entry in chinese
        if sorted(m.group() for m in PLACEHOLDER.finditer(entry.msgid))
        != sorted(m.group() for m in PLACEHOLDER.finditer(entry.msgstr))
    ]
    assert not broken


def test_sentences_are_chinese(chinese):
    """A term of several words that is still English was pasted, not translated."""
    english = [
        entry.msgid
        for entry in chinese
        if not entry.msgid.startswith("https://")
        and len(re.findall(r"[A-Za-z]{2,}", entry.msgid)) >= 3
        and not HAN.search(entry.msgstr)
    ]
    assert not english


def test_punctuation_is_chinese(chinese):
    """A half-width comma in a Chinese sentence looks like a slip; examples of code keep theirs."""
    wrong = [
        entry.msgstr
        for entry in chinese
        if HALF_WIDTH.search(entry.msgstr) and not re.search(r"[\[{]", entry.msgid)
    ]
    assert not wrong


def test_phone_app_has_one_word_each():
    """The app keeps the words of all modules in one table: the last one would win."""
    said = {}
    for module in modules():
        for entry in _read(module, "zh_CN.po"):
            if any(APP.search(place) for place, _line in entry.occurrences):
                said.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert said
    assert not {english: chinese for english, chinese in said.items() if len(chinese) > 1}
