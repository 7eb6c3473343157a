"""Forms: which questions are asked, what counts as an answer, how many points it is worth.

Pure functions on a definition, a list of dicts as ``field.form.version`` keeps them::

    {"key": "k1", "kind": "number", "required": True, "min": 0, "max": 10, "points": 5,
     "options": [{"key": "a", "points": 2}], "if": {"key": "k0", "is": "yes"}}

and on answers ``{key: value}``: ``yes_no`` a bool, ``number`` and ``price`` a number, ``text`` a
text, ``date`` YYYY-MM-DD, ``choice`` the key of an option, ``multi`` a list of them, ``barcode``
what was read, ``photo`` and ``signature`` a list of UUIDs of files. Tables have ``columns``, each
with ``key``, ``kind`` and ``required``. ``lines`` chooses from ``products``: ``[{"product_id": 3,
"cells": {column: value}}]``, a product as often as one likes. ``matrix`` has ``rows``: ``{row:
{column: value}}``; with ``single`` a row is ticked in one column. The phone has a twin of this file
(static/src/form/form_logic.js); both are tested on static/tests/form_vectors.json.
"""

import re
from datetime import date

MOST_TEXT = 4000
MOST_CODE = 200
#: So many files an answer can have.
MOST_FILES = {"photo": 10, "signature": 1}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_NUMBER = 1e12
MOST_LINES = 50
TABLES = ("lines", "matrix")


def visible(questions, answers):
    """The questions that are asked; a hidden one hides what hangs on it."""
    shown = {}
    for question in questions:
        condition = question.get("if")
        if not condition or _holds(condition, shown, answers):
            shown[question["key"]] = question
    return list(shown.values())


def _holds(condition, shown, answers):
    asked = shown.get(condition["key"])
    value = answers.get(condition["key"])
    if not asked or is_empty(value) or not _CHECKS[asked["kind"]](asked, value):
        return False
    wanted = condition.get("is")
    if asked["kind"] == "yes_no":
        return value is (wanted == "yes")
    if asked["kind"] in ("number", "price"):
        low, high = condition.get("from"), condition.get("to")
        return (low is None or value >= low) and (high is None or value <= high)
    return wanted in (value if isinstance(value, list) else [value])


def is_empty(value):
    """Nothing was answered; no and 0 are answers."""
    return value is None or value in ("", [], {})


def problems(questions, answers):
    """``[(key, code)]`` with missing, incomplete, wrong, low, high; what is hidden is not asked."""
    found = []
    for question in visible(questions, answers):
        code = _problem(question, answers.get(question["key"]))
        if code:
            found.append((question["key"], code))
    return found


def _problem(question, value):
    if is_empty(value):
        return "missing" if question.get("required") else None
    if not _CHECKS[question["kind"]](question, value):
        return "wrong"
    if question["kind"] in ("number", "price"):
        low, high = question.get("min"), question.get("max")
        if low is not None and value < low:
            return "low"
        if high is not None and value > high:
            return "high"
    if question["kind"] in TABLES and _is_incomplete(question, value):
        return "incomplete"
    return None


def _is_number(_question, value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= MOST_NUMBER


def _is_date(_question, value):
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _keys(question):
    return {option["key"] for option in question.get("options", ())}


def _is_multi(question, value):
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and len(set(value)) == len(value)
        and set(value) <= _keys(question)
    )


def is_file(value):
    """What a file can be called: its UUID."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def _is_files(question, value):
    return (
        isinstance(value, list)
        and len(value) <= MOST_FILES[question["kind"]]
        and all(is_file(one) for one in value)
        and len(set(value)) == len(value)
    )


def _is_cells(question, cells):
    columns = {column["key"]: column for column in question["columns"]}
    return isinstance(cells, dict) and all(
        key in columns
        and not is_empty(value)
        and _CHECKS[columns[key]["kind"]](columns[key], value)
        for key, value in cells.items()
    )


def _is_lines(question, value):
    return (
        isinstance(value, list)
        and len(value) <= MOST_LINES
        and all(_is_line(question, line) for line in value)
    )


def _is_line(question, line):
    return (
        isinstance(line, dict)
        and line.keys() == {"product_id", "cells"}
        and type(line["product_id"]) is int
        and line["product_id"] in {product["id"] for product in question["products"]}
        and _is_cells(question, line["cells"])
    )


def _is_matrix(question, value):
    return (
        isinstance(value, dict)
        and value.keys() <= {row["key"] for row in question["rows"]}
        and all(cells and _is_cells(question, cells) for cells in value.values())
        and not (question.get("single") and any(not _is_tick(row) for row in value.values()))
    )


def _is_tick(cells):
    return list(cells.values()) == [True]


def _is_incomplete(question, value):
    """A row that was begun has what it needs; what is required has all its rows."""
    if question["kind"] == "lines":
        begun = [line["cells"] for line in value]
    else:
        wanted = question["rows"] if question.get("required") else ()
        begun = [*value.values(), *({} for row in wanted if row["key"] not in value)]
    if question.get("single"):
        return not all(begun)
    needed = {column["key"] for column in question["columns"] if column.get("required")}
    return any(not cells or needed - cells.keys() for cells in begun)


_CHECKS = {
    "yes_no": lambda _question, value: isinstance(value, bool),
    "number": _is_number,
    "price": _is_number,
    "text": lambda _question, value: isinstance(value, str) and len(value) <= MOST_TEXT,
    "date": _is_date,
    "choice": lambda question, value: isinstance(value, str) and value in _keys(question),
    "multi": _is_multi,
    "barcode": lambda _question, value: isinstance(value, str) and len(value) <= MOST_CODE,
    "photo": _is_files,
    "signature": _is_files,
    "lines": _is_lines,
    "matrix": _is_matrix,
}


def kept(questions, answers):
    """Only the answers to questions that are asked: what was hidden again does not count."""
    return {
        question["key"]: answers[question["key"]]
        for question in visible(questions, answers)
        if not is_empty(answers.get(question["key"]))
    }


def fitting(questions, answers):
    """Only the answers that these questions can have: a form may have changed since they were
    given, and nobody could take back an option that does not stand there any more."""
    asked = {question["key"]: question for question in questions}
    return {
        key: value
        for key, value in answers.items()
        if key in asked and not is_empty(value) and _CHECKS[asked[key]["kind"]](asked[key], value)
    }


def files(questions, answers):
    """UUIDs of the files that the answers name, in the order of the questions."""
    given = kept(questions, answers)
    return [
        uuid
        for question in questions
        if question["kind"] in MOST_FILES
        for uuid in given.get(question["key"], ())
    ]


def most_files(questions):
    """So many files the answers can name at most."""
    return sum(MOST_FILES.get(question["kind"], 0) for question in questions)


def points(question, value):
    """Points of one answer: for a yes, for a number within its bounds, of the options chosen."""
    if is_empty(value):
        return 0.0
    if question["kind"] in ("choice", "multi"):
        chosen = value if isinstance(value, list) else [value]
        own = {option["key"]: option.get("points") or 0.0 for option in question["options"]}
        return float(sum(own[key] for key in chosen))
    worth = float(question.get("points") or 0.0)
    return worth if value is not False else 0.0


def most(question):
    """The most points an answer can have."""
    own = [option.get("points") or 0.0 for option in question.get("options", ())]
    if question["kind"] == "choice":
        return float(max([0.0, *own]))
    if question["kind"] == "multi":
        return float(sum(value for value in own if value > 0))
    return float(question.get("points") or 0.0)


def score(questions, answers):
    """``(points, most)`` over the questions that are asked."""
    asked = visible(questions, answers)
    return (
        sum(points(question, answers.get(question["key"])) for question in asked),
        sum(most(question) for question in asked),
    )
