"""Wrong input, as a table: what is sent to each public address, and what must come back."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024
SQL = "'; DROP TABLE field_position; --"
HTML = "<script>alert(document.cookie)</script>"
WEIRD = (
    SQL,
    HTML,
    "{{7*7}} ${7*7} %(x)s %s %n",
    "../../../../etc/passwd",
    "\u202etxt.exe\ufeff",
    "客" * 5000,
    "",
)
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 400)


@dataclass(frozen=True)
class Wrong:
    """One wrong message: its name, what is sent, and what it must lead to."""

    name: str
    body: bytes = b""
    query: str = ""
    content_type: str = "application/json"
    headers: dict = field(default_factory=dict)
    expected: object = None


def location(**coords):
    """A message of version 9 with these coordinates, as bytes; `...` leaves one out."""
    known = {"latitude": 39.98, "longitude": 116.34, "accuracy": 5, "speed": 1, "heading": 2}
    merged = {k: v for k, v in {**known, **coords}.items() if v is not ...}
    return json.dumps(
        {"location": {"timestamp": "2026-11-19T04:00:00.000Z", "coords": merged}}
    ).encode()


def raw_location(name, text):
    """The same with a piece of text where a number should be, unquoted."""
    return location(**{name: 12345.5}).replace(b"12345.5", text.encode())


FORM = "application/x-www-form-urlencoded; charset=UTF-8"
GOOD_FORM = "id=1&lat=39.98&lon=116.34&timestamp=1795060800"


def tracker():
    """Messages of an authenticated tracker: 200 for all, `expected` is the reason in quarantine
    (`None`: nothing is stored and nothing is wrong)."""
    yield from _tracker_json()
    yield from _tracker_pairs()
    yield Wrong("nothing at all", content_type="", expected="empty")
    yield Wrong("10 MB of zeros", b"0" * (10 * MEGABYTE), expected="too_big")
    huge = GOOD_FORM.encode() + b"&x=" + b"y" * (10 * MEGABYTE)
    yield Wrong("10 MB form", huge, content_type=FORM, expected="too_big")


def _tracker_json():
    for name, body in {
        "broken JSON": b'{"location":',
        "bytes that are no text": b"{\xff\xfe\x00}",
        "a hundred thousand brackets": b"[" * 100_000,
        "a location that is a number": b'{"location": 5}',
        "a JSON number": b"{5}",
    }.items():
        yield Wrong(name, body, expected="bad_body")
    yield Wrong("an empty object", b"{}", expected="empty")
    yield Wrong(
        "coordinates in a text", b'{"location": {"coords": "39,116"}}', expected="bad_coordinates"
    )
    for value in ("abc", SQL, HTML, True, None, [], {}, "", "1_0"):
        yield Wrong(f"latitude {value!r:.20}", location(latitude=value), expected="bad_coordinates")
    for text in NUMBERS:
        body = raw_location("latitude", text)
        yield Wrong(f"latitude {text:.12}", body, expected=("bad_coordinates", "bad_body"))
    for value in (91, -90.0001, 1e30, 116.34):
        yield Wrong(f"latitude {value}", location(latitude=value), expected="out_of_range")
    for value in (180.5, -1e9):
        yield Wrong(f"longitude {value}", location(longitude=value), expected="out_of_range")
    yield Wrong("0/0", location(latitude=0, longitude=0), expected="null_island")
    for text, reason in (
        ("1970-01-01T00:00:00Z", "time_past"),
        ("2999-01-01T00:00:00Z", "time_future"),
        ("yesterday", "bad_time"),
        (SQL, "bad_time"),
        (["x"], "bad_time"),
    ):
        message = json.loads(location())
        message["location"]["timestamp"] = text
        yield Wrong(f"timestamp {text!r:.22}", json.dumps(message).encode(), expected=reason)


def _tracker_pairs():
    for text in ("abc", "nan", "inf", "-inf", "1e400", "", "%00", "%FF%FE", "1_0"):
        body = GOOD_FORM.replace("lat=39.98", f"lat={text}").encode()
        yield Wrong(f"form, lat={text}", body, content_type=FORM, expected="bad_coordinates")
        query = body.decode()
        yield Wrong(f"query, lat={text}", query=query, content_type="", expected="bad_coordinates")
    for text in ("91", "-91", "1e300"):
        body = GOOD_FORM.replace("lat=39.98", f"lat={text}").encode()
        yield Wrong(f"form, lat={text}", body, content_type=FORM, expected="out_of_range")
    for text, reason in (
        ("0", "time_past"),
        ("abc", "bad_time"),
        ("2147483647", "time_future"),
        ("9" * 300, "time_future"),
        ("-" + "9" * 300, "time_past"),
    ):
        body = GOOD_FORM.replace("1795060800", text).encode()
        yield Wrong(
            f"form, timestamp={text:.12}", body, content_type=FORM, expected=(reason, "bad_time")
        )
    yield Wrong("only an id", b"id=48241179", content_type=FORM, expected=("empty", "bad_body"))
    yield Wrong("a push token", b"id=1&notificationToken=abc", content_type=FORM, expected=None)
    yield Wrong(
        "a heartbeat without a place",
        b"id=1&timestamp=1795060800&batt=50",
        content_type=FORM,
        expected=None,
    )
    yield Wrong(
        "ten thousand fields",
        b"&".join(b"a%d=1" % n for n in range(10_000)),
        content_type=FORM,
        expected="bad_body",
    )


def event(kind="contact.ping", payload=None, **more):
    """A good event, with these parts replaced; `...` leaves one out."""
    made = {
        "uuid": str(uuid.uuid4()),
        "seq": 1,
        "kind": kind,
        "captured_at": "2026-11-19T04:00:00.000Z",
        "payload": {} if payload is None else payload,
        **more,
    }
    return {key: value for key, value in made.items() if value is not ...}


def events(customer):
    """`(name, event, codes)`: wrong events of an authenticated phone; one of the codes answers."""
    for value in (5, "x", None, [], True):
        yield f"event {value!r}", value, {"bad_event"}
    for value in (None, 5, "not-a-uuid", SQL, HTML, ["a"], "x" * 5000):
        yield f"uuid {value!r:.20}", event(uuid=value), {"bad_event"}
    for value in ("1", None, -1, 1.5, 2**40, True, SQL):
        yield f"seq {value!r}", event(seq=value), {"bad_event"}
    for value in (None, "", "yesterday", "2026-13-45T99:00:00Z", 5, SQL, "2026-11-19T04:00:00"):
        yield f"captured_at {value!r}", event(captured_at=value), {"bad_event"}
    for value in ("x" * 65, "zz", 5, SQL):
        yield f"prev_hash {value!r:.20}", event(prev_hash=value), {"bad_event"}
    yield "hash of something else", event(hash="0" * 64), {"bad_hash"}
    for value in (5, "x", [1], True):
        yield f"payload {value!r}", event(payload=value), {"bad_event"}
    yield "NUL in a text", event(payload={"note": "a\0b"}), {"bad_event"}
    yield "half a surrogate pair", event(payload={"note": "\ud800"}), {"bad_event"}
    yield "too deep", event(payload=_deep(60)), {"bad_event"}
    yield from _kinds()
    yield from _check_ins(customer)
    yield from _other_kinds()


def _deep(levels):
    value = {}
    for _ in range(levels):
        value = {"a": value}
    return value


def _kinds():
    for kind in ("no.such", "visit.nothing", "a.b.c.d"):
        yield f"kind {kind}", event(kind), {"unknown_kind"}
    for kind in (
        "apply",
        "one",
        "_apply.one",
        "visit.check_in;",
        "__class__",
        SQL,
        HTML,
        "",
        5,
        None,
    ):
        yield f"kind {kind!r:.20}", event(kind), {"bad_event", "unknown_kind"}


def _check_ins(customer):
    good = {"lat": 39.98, "lng": 116.34, "accuracy": 5, "fix_age": 1}
    wrong = [{"lat": v} for v in (91, -91, "39.98", None, True, [], "NaN", SQL)]
    wrong += [{"lng": v} for v in (181, -181, "x", None, {})]
    wrong += [{"accuracy": v} for v in (-1, "x", [], True, 1e300)]
    wrong += [{"fix_age": v} for v in (-5, HTML, {})]
    for part in wrong:
        yield f"position {part!r:.40}", _check_in(customer, {**good, **part}), {"bad_position"}
    for value in ("x", 5, [], True):
        yield f"position {value!r}", _check_in(customer, value), {"bad_position"}
    for value in ("1", 1.5, True, [1], SQL):
        yield f"customer {value!r}", _check_in(value, good), {"bad_payload"}
    for value in (0, -1, 2**31, 2**62, 999_999_999):
        codes = {"not_found", "bad_payload", "forbidden", "invalid"}
        yield f"customer {value!r}", _check_in(value, good), codes
    broken = event("visit.check_in", {"visit_uuid": SQL, "partner_id": customer, "position": good})
    yield "visit_uuid that is none", broken, {"bad_payload"}
    yield "check-in with nothing", event("visit.check_in", {}), {"bad_payload"}


def _check_in(customer, position):
    payload = {"visit_uuid": str(uuid.uuid4()), "partner_id": customer, "position": position}
    return event("visit.check_in", payload)


def _other_kinds():
    for value in ("1", None, SQL, -1, 0, 2**62, True, []):
        codes = {"bad_payload", "not_member"}
        yield f"lead {value!r:.20}", event("lead.claim", {"lead_id": value}), codes
    for value in ("x", [], True):
        wrong = event("workday.open", {"odometer": value})
        yield f"odometer {value!r}", wrong, {"bad_payload"}
    yield (
        "odometer below zero",
        event("workday.open", {"odometer": -5.0}),
        {"bad_payload", "invalid"},
    )
    yield (
        "blobs that are none",
        event(
            "visit.step_done",
            {"visit_uuid": str(uuid.uuid4()), "step_key": "storefront", "blobs": [SQL]},
        ),
        {"bad_payload"},
    )


def sync_bodies():
    """Whole requests of an authenticated phone that are refused: `expected` is status and code."""
    ping = json.dumps(event())
    for name, body in {
        "no body": b"",
        "broken JSON": b'{"events": [',
        "bytes that are no text": b"\xff\xfe\x00\x01",
        "a hundred thousand brackets": b"[" * 100_000,
    }.items():
        yield Wrong(name, body, expected=(400, "bad_json"))
    for name, body in {
        "a list": f"[{ping}]".encode(),
        "a number": b"5",
        "null": b"null",
        "a text": b'"x"',
        "no events": b"{}",
        "events that are an object": b'{"events": {}}',
        "events that are a text": b'{"events": "x"}',
    }.items():
        yield Wrong(name, body, expected=(400, "bad_request"))
    other = json.dumps({"device": str(uuid.uuid4()), "events": []}).encode()
    yield Wrong("another device", other, expected=(400, "wrong_device"))
    number = json.dumps({"device": 5, "events": []}).encode()
    yield Wrong("device that is a number", number, expected=(400, "wrong_device"))
    many = json.dumps({"events": [event() for _ in range(101)]}).encode()
    yield Wrong("101 events", many, expected=(413, "too_many_events"))
    big = json.dumps({"events": [event(payload={"x": "y" * 10 * MEGABYTE})]}).encode()
    yield Wrong("10 MB", big, expected=(413, "too_large"))


def sync_times():
    """`sent_at` may be anything: it only serves to correct the clock."""
    yield from (None, 5, "x", SQL, [], {}, "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z")


def blobs(picture):
    """Uploads of an authenticated phone that are refused: `expected` is status and code."""
    right = hashlib.sha256(picture).hexdigest()
    for name, sha256, expected in (
        ("no hash", "", (400, "missing_hash")),
        ("wrong hash", "0" * 64, (422, "hash_mismatch")),
        ("hash as SQL", SQL, (422, "hash_mismatch")),
    ):
        sent = {"X-Content-SHA256": sha256}
        yield Wrong(name, picture, content_type="image/jpeg", headers=sent, expected=expected)
    for name, content, mimetype, expected in (
        ("empty", b"", "image/jpeg", (422, "empty")),
        ("HTML", HTML.encode(), "text/html", (415, "bad_type")),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", (415, "bad_type")),
        ("no type", picture, "", (415, "bad_type")),
        ("HTML that says it is a picture", HTML.encode(), "image/jpeg", (422, "bad_image")),
        ("JPEG that says it is a PNG", picture, "image/png", (422, "bad_image")),
        ("half a header", picture[:10], "image/jpeg", (422, "bad_image")),
    ):
        digest = hashlib.sha256(content).hexdigest()
        yield Wrong(
            name,
            content,
            content_type=mimetype,
            headers={"X-Content-SHA256": digest},
            expected=expected,
        )
    large = b"0" * (16 * MEGABYTE)
    yield Wrong(
        "16 MB",
        large,
        content_type="image/jpeg",
        headers={"X-Content-SHA256": right},
        expected=(413, "too_large"),
    )


def enrolments():
    """Attempts to connect a phone: `expected` is status and code."""
    good = {
        "login": "nobody@example.com",
        "password": "wrong",
        "device_uuid": str(uuid.uuid4()),
        "name": "Phone",
    }
    yield Wrong("nobody", json.dumps(good).encode(), expected=(401, "bad_login"))
    yield Wrong(
        "SQL as login", json.dumps({**good, "login": SQL}).encode(), expected=(401, "bad_login")
    )
    for name in good:
        less = {key: value for key, value in good.items() if key != name}
        yield Wrong(f"no {name}", json.dumps(less).encode(), expected=(400, "bad_request"))
        for value in (5, None, [], {}):
            changed = json.dumps({**good, name: value}).encode()
            yield Wrong(f"{name} {value!r}", changed, expected=(400, "bad_request"))
    yield Wrong(
        "device that is no UUID",
        json.dumps({**good, "device_uuid": SQL}).encode(),
        expected=(400, "bad_request"),
    )
    yield Wrong(
        "name of spaces", json.dumps({**good, "name": "  "}).encode(), expected=(400, "bad_request")
    )
    yield Wrong("broken JSON", b"{", expected=(400, "bad_json"))
    yield Wrong("a list", b"[]", expected=(400, "bad_request"))
    yield Wrong("10 MB", b"[" + b"0," * (5 * MEGABYTE) + b"0]", expected=(413, "too_large"))
