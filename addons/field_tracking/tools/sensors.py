"""Messages of things on the spot: a freezer's thermometer, a shelf's scale, a beacon.

JSON: one ``{"sensor": "freezer-3", "metric": "temperature", "value": -17.5, "time": …}``, an array
of such, or ``{"values": [...]}``; time in ISO 8601, seconds or milliseconds, now when missing.
"""

import json
import math
from dataclasses import dataclass, field

from .units import BadRecord, Parsed, Reject, excerpt, load_json, number_of, timestamp_of

SOURCE = "sensor"
NAME_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one metric at one second."""

    sensor: str
    metric: str
    value: float
    ts: int


@dataclass(slots=True)
class Readings(Parsed):
    """A request of a sensor; ``rejects`` as everywhere."""

    readings: list[Reading] = field(default_factory=list)


def parse(body: bytes, received: float) -> Readings:
    """Parse one request; a reading that cannot be used costs only itself.

    :param received: server time in seconds since 1970
    """
    parsed = Readings(SOURCE)
    try:
        document = load_json(body)
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), excerpt(body[:2000].decode("utf-8", "replace"))))
        return parsed
    if isinstance(document, dict) and isinstance(document.get("values"), list):
        document = document["values"]
    for row in document if isinstance(document, list) else [document]:
        try:
            parsed.readings.append(_reading(row, received))
        except BadRecord as error:
            parsed.rejects.append(Reject(str(error), excerpt(json.dumps(row)[:2000])))
    return parsed


def _reading(row: object, received: float) -> Reading:
    if not isinstance(row, dict):
        raise BadRecord("bad_body")
    value = number_of(row.get("value"))
    names = row.get("sensor"), row.get("metric")
    if math.isnan(value) or not all(isinstance(name, str) and name.strip() for name in names):
        raise BadRecord("bad_body")
    sensor, metric = (name.strip()[:NAME_LIMIT] for name in names)
    return Reading(sensor, metric, value, timestamp_of(row.get("time"), received))
