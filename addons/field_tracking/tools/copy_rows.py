"""Rows of positions in the binary form that PostgreSQL's COPY reads.

numpy lays a whole batch out at once; rows of one layout (the same columns empty, the same words)
go together, since PostgreSQL keeps no order. Half the time of sending arrays as text.
"""

from operator import attrgetter

import numpy as np

from .units import Fix

#: PostgreSQL counts microseconds from there.
YEAR_2000 = 946_684_800
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
#: More different layouts than this in one batch are not worth it.
MOST_LAYOUTS = 32
DEGREE = 10_000_000
_EMPTY = -1

#: Columns in the order of :func:`pack`.
COLUMNS = (
    *("ts", "device_id", "user_id", "company_id", "lat", "lng", "lag_s"),
    *("accuracy", "altitude", "speed", "course", "battery"),
    *("charging", "mock", "network", "source", "activity", "event"),
)
_FLOATS = ("accuracy", "altitude", "speed", "course", "battery")
_FLAGS = ("charging", "mock")
_WORDS = ("network", "activity", "event")


def pack(
    fixes: list[Fix],
    same: dict[str, int | str],
    received: int,
    codes: dict[str, str],
) -> bytes | None:
    """The whole input of ``COPY field_position (…) FROM STDIN (FORMAT binary)``.

    :param same: device_id, user_id, company_id and source of all of them
    :param received: seconds since 1970
    :param codes: short forms of activities
    :returns: None when the rows are too different from each other
    """
    columns = _numbers(fixes, same, received)
    words = {name: list(map(attrgetter(name), fixes)) for name in (*_FLAGS, *_WORDS)}
    words["activity"] = [codes.get(word, word) for word in words["activity"]]
    layout, meaning = _layouts(columns, words)
    if meaning is None:
        return None
    parts = [HEADER]
    for number, said in enumerate(meaning):
        said["source"] = same["source"]
        rows = layout == number
        parts.append(_rows({name: values[rows] for name, values in columns.items()}, said))
    return b"".join([*parts, TRAILER])


def _numbers(fixes: list[Fix], same: dict[str, int | str], received: int) -> dict[str, np.ndarray]:
    ts = np.array([fix.ts for fix in fixes], dtype=np.int64)
    columns = {
        "ts": (ts - YEAR_2000) * 1_000_000,
        "lat": np.round(np.array([fix.lat for fix in fixes]) * DEGREE).astype(np.int32),
        "lng": np.round(np.array([fix.lon for fix in fixes]) * DEGREE).astype(np.int32),
        "lag_s": (received - ts).astype(np.int32),
    }
    for name in ("device_id", "user_id", "company_id"):
        columns[name] = np.full(len(fixes), same[name], dtype=np.int32)
    for name in _FLOATS:  # None becomes nan
        columns[name] = np.array(list(map(attrgetter(name), fixes)), dtype=np.float64)
    return columns


def _layouts(
    columns: dict[str, np.ndarray], words: dict[str, list]
) -> tuple[np.ndarray, list[dict[str, object]] | None]:
    """Number of each row's layout, and what each layout says: None for empty, else the word; of
    numbers that there is one. Too many layouts are none."""
    keys = {name: (np.isnan(columns[name]), (True, None)) for name in _FLOATS}
    for name, values in words.items():
        known = list(dict.fromkeys(values))
        number = {word: n for n, word in enumerate(known)}
        one = len(known) == 1
        keys[name] = 0 if one else np.array([number[word] for word in values]), known
    code = np.zeros(len(columns["ts"]), dtype=np.int64)
    for index, known in keys.values():
        code = code * len(known) + index
    found, first, layout = np.unique(code, return_index=True, return_inverse=True)
    meaning = [
        {
            name: known[int(index[row])] if isinstance(index, np.ndarray) else known[0]
            for name, (index, known) in keys.items()
        }
        for row in first[: MOST_LAYOUTS + 1]
    ]
    return layout, meaning if len(found) == len(meaning) else None


def _rows(columns: dict[str, np.ndarray], said: dict[str, object]) -> bytes:
    """Rows of one layout: how many columns, then length and value of each."""
    fields, values = [("columns", ">i2")], {"columns": len(COLUMNS)}
    for name in COLUMNS:
        kind, value = _field(name, columns, said)
        fields.append((f"{name} length", ">i4"))
        values[f"{name} length"] = np.dtype(kind).itemsize if kind else _EMPTY
        if kind:
            fields.append((name, kind))
            values[name] = value
    rows = np.zeros(len(columns["ts"]), dtype=fields)
    for name, value in values.items():
        rows[name] = value
    return rows.tobytes()


def _field(name: str, columns: dict, said: dict[str, object]) -> tuple[str | None, object]:
    """numpy's type of a column, None when it is empty, and its values."""
    if name in _FLOATS:
        return (">f4" if said[name] else None), columns[name]
    if name in columns:
        return (">i8" if name == "ts" else ">i4"), columns[name]
    value = said[name]
    if value is None:
        return None, None
    if name in _FLAGS:
        return "?", value
    raw = np.frombuffer(value.encode(), dtype=np.uint8)
    return f"({len(raw)},)u1", raw
