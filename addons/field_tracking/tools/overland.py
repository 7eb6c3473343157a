"""Batches of Overland (iOS): GeoJSON features, metres per second, -1 for unknown."""

import json

from .units import (
    BadRecord,
    Contact,
    Fix,
    Parsed,
    Reject,
    accuracy_of,
    coordinates_of,
    course_of,
    excerpt,
    load_json,
    optional,
    speed_of,
    timestamp_of,
)

SOURCE = "overland"
_MOTION = {
    "driving": "in_vehicle",
    "walking": "walking",
    "running": "running",
    "cycling": "on_bicycle",
    "stationary": "still",
}
_CHARGING = {"charging": True, "full": True, "unplugged": False}
_SECRET = ("device_id", "unique_id", "wifi")


def parse(body: bytes, received: float) -> Parsed:
    """Parse one batch; a feature that cannot be used costs only itself.

    :param received: server time in seconds since 1970
    """
    parsed = Parsed(SOURCE)
    try:
        document = load_json(body)
        features = document.get("locations") if isinstance(document, dict) else None
        if not isinstance(features, list):
            raise BadRecord("bad_body" if body.strip() else "empty")
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), excerpt(body[:2000].decode("utf-8", "replace"))))
        return parsed
    for feature in features:
        try:
            _read(parsed, feature, received)
        except BadRecord as error:
            parsed.rejects.append(Reject(str(error), _raw(feature)))
    parsed.ignored += not features
    return parsed


def _read(parsed: Parsed, feature: object, received: float) -> None:
    if not isinstance(feature, dict):
        raise BadRecord("bad_body")
    said = feature.get("properties")
    said = said if isinstance(said, dict) else {}
    ts = timestamp_of(said.get("timestamp"), received)
    battery = optional(said.get("battery_level"), low=0, high=1)
    state = said.get("battery_state")
    charging = _CHARGING.get(state) if isinstance(state, str) else None
    place = feature.get("geometry")
    if not isinstance(place, dict):
        parsed.contacts.append(Contact(ts, battery, charging))
        return
    point = place.get("coordinates")
    if place.get("type") != "Point" or not isinstance(point, list) or len(point) < 2:
        raise BadRecord("bad_coordinates")
    lat, lon = coordinates_of(point[1], point[0])
    motion = said.get("motion") if isinstance(said.get("motion"), list) else []
    parsed.fixes.append(
        Fix(
            ts=ts,
            lat=lat,
            lon=lon,
            accuracy=accuracy_of(said.get("horizontal_accuracy")),
            altitude=optional(said.get("altitude"), low=-1000, high=20000),
            speed=speed_of(optional(said.get("speed"), low=0)),
            course=course_of(said.get("course")),
            battery=battery,
            charging=charging,
            activity=next(
                (_MOTION[w] for w in motion if isinstance(w, str) and w in _MOTION), None
            ),
            network="w" if said.get("wifi") else None,
        )
    )


def _raw(feature: object) -> str:
    if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
        said = {k: v for k, v in feature["properties"].items() if k not in _SECRET}
        feature = {**feature, "properties": said}
    return excerpt(json.dumps(feature, ensure_ascii=False))
