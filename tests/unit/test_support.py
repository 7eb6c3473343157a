"""The helpers are witnesses of the product's results, so they are checked themselves: the tracker
client against requests that were captured from the real apps, the phone against RFC 8785."""

import hashlib
import importlib.util
import unittest
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import geolife, shared_data, sync_client, traccar_client
from tests.support.geolife import Fix
from tests.support.repository import ADDONS
from tests.support.traccar_client import Version


def test_version_8_sends_what_the_old_app_was_seen_to_send():
    fix = Fix(datetime(2025, 6, 10, 11, 37, 29), 52.5, 13.4, altitude=34)
    request = traccar_client.request(Version.V8, fix, device_id="12345", battery=93)
    assert request.method == "POST"
    assert request.query == (
        "id=12345&timestamp=1749555449&lat=52.5&lon=13.4&speed=0.0&bearing=0.0"
        "&altitude=34.0&accuracy=0.0&batt=93.0"
    )
    assert request.body == b""
    assert request.headers["Content-Length"] == "0"


def test_version_9_sends_what_the_server_decoder_was_tested_with():
    at = datetime(2025, 6, 15, 13, 45, 12, 862000)
    fix = Fix(at, 37.4219983, -122.084, altitude=5, speed=0, accuracy=5)
    request = traccar_client.request(Version.V9, fix, battery=100)
    assert request.query == ""
    assert request.headers["Content-Type"] == "application/json"
    assert request.body.decode() == (
        '{"location":{"timestamp":"2025-06-15T13:45:12.862Z",'
        '"coords":{"latitude":37.4219983,"longitude":-122.084,"accuracy":5,"speed":0,"heading":-1,'
        '"altitude":5},"is_moving":false,"odometer":0,"event":"motionchange",'
        '"battery":{"level":1,"is_charging":false},"activity":{"type":"still"},"extras":{},'
        '"_":"&id=48241179&lat=37.4219983&lon=-122.084&timestamp=2025-06-15T13:45:12.862Z&"},'
        '"device_id":"48241179"}'
    )


def test_version_10_sends_what_was_captured_on_the_wire():
    fix = Fix(
        datetime(2025, 9, 1, 7, 24, 44),
        52.5200066,
        13.4049540,
        altitude=34,
        speed=12.44 * traccar_client.KNOT,
        bearing=271,
        accuracy=11.3,
    )
    request = traccar_client.request(Version.V10, fix, charging=True)
    assert request.body.decode() == (
        "id=48241179&lat=52.5200066&lon=13.4049540&timestamp=1756711484&accuracy=11.3"
        "&altitude=34.0&speed=12.44&bearing=271.0&batt=87&charge=true"
    )
    assert request.content_type == "application/x-www-form-urlencoded; charset=UTF-8"


def test_version_10_leaves_out_what_it_does_not_know():
    fix = Fix(datetime(2025, 9, 1, 7, 24, 44), 52.52, 13.405)
    body = traccar_client.request(Version.V10, fix).body.decode()
    assert body == (
        "id=48241179&lat=52.5200000&lon=13.4050000&timestamp=1756711484&batt=87&charge=false"
    )


def test_each_version_has_its_own_unit_of_speed():
    fix = Fix(datetime(2025, 9, 1), 1.0, 2.0, speed=10.0)
    query, json_, form = (traccar_client.request(version, fix) for version in Version)
    assert "speed=19.438444924406046&" in query.query
    assert b'"speed":10,' in json_.body
    assert b"&speed=19.44&" in form.body


def test_canonical_json_is_that_of_the_product():
    path = ADDONS / "field_base" / "tools" / "canonical.py"
    spec = importlib.util.spec_from_file_location("canonical", path)
    product = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(product)
    value = {"b": [1, 2.5, 30.0, None, True], "a": {"客户": "晨光 “A”\n", "lat": 31.2304}, "z": 0.0}
    assert sync_client.canonical(value) == product.canonical(value)
    event = {"uuid": "u", "seq": 1, "kind": "a.b", "captured_at": "t", "payload": {"x": 1.0}}
    ours = sync_client.event_hash("d", event, "")
    assert ours == product.event_hash("d", event, "")
    assert (
        ours
        == hashlib.sha256(
            b'{"captured_at":"t","device":"d","kind":"a.b","payload":{"x":1},"prev_hash":"",'
            b'"seq":1,"uuid":"u"}'
        ).hexdigest()
    )


class Server:
    """Answers each event with the next state it was given."""

    def __init__(self, *states):
        self.states, self.requests = list(states), []

    def __call__(self, method, path, headers, body):
        answer = sync_client.Answer(200, {}, body)
        events = answer.json["events"]
        self.requests.append(events)
        results = [{"uuid": e["uuid"], "state": self.states.pop(0)} for e in events]
        body = sync_client.canonical({"results": results}).encode()
        return sync_client.Answer(200, {}, body)


def test_phone_chains_its_events_and_forgets_only_what_is_settled():
    server = Server("applied", "waiting", "rejected", "applied")
    phone = sync_client.Phone("device", "token", server)
    moment = datetime(2026, 1, 5, 8)
    first, second, third = (phone.record("contact.ping", moment) for _ in range(3))
    assert [e["seq"] for e in phone.outbox] == [1, 2, 3]
    assert first["prev_hash"] == ""
    assert second["prev_hash"] == first["hash"]
    assert third["prev_hash"] == second["hash"]
    phone.flush()
    assert phone.outbox == [second]
    phone.flush()
    assert phone.outbox == []
    assert [len(events) for events in server.requests] == [3, 1]
    assert phone.sent == [first, second, third]


def test_phone_sends_at_most_a_hundred_events_at_once():
    server = Server(*["applied"] * 205)
    phone = sync_client.Phone("device", "token", server)
    for _ in range(205):
        phone.record("contact.ping", datetime(2026, 1, 5, 8))
    phone.flush()
    assert [len(events) for events in server.requests] == [100, 100, 5]


def _walk(*legs):
    """Fixes from legs of (seconds, metres north), one every ten seconds."""
    at, lat, fixes = datetime(2026, 1, 5, 8), 31.0, []
    for seconds, metres in legs:
        for _ in range(seconds // 10):
            fixes.append(Fix(at, lat, 121.0))
            at, lat = at + timedelta(seconds=10), lat + metres / (seconds // 10) / 111195.08
    return fixes


def test_reference_finds_the_stay_between_two_ways():
    fixes = _walk((600, 3000), (900, 0), (600, 3000))
    (stay,) = geolife.stays(fixes)
    assert abs(stay.start - datetime(2026, 1, 5, 8, 10)) <= timedelta(seconds=30)
    assert abs(stay.end - datetime(2026, 1, 5, 8, 25)) <= timedelta(seconds=30)


def test_reference_finds_no_stay_on_the_way():
    assert geolife.stays(_walk((1200, 6000))) == []


@given(st.integers(1, 20), st.integers(2, 40))
def test_reference_distance_never_exceeds_the_chords(step, count):
    fixes = [Fix(datetime(2026, 1, 5), 31 + i * step * 1e-4 * (-1) ** i, 121) for i in range(count)]
    assert geolife.walked_m(fixes) <= geolife.chords_m(fixes) + 1e-6


def test_missing_data_skips_loudly(tmp_path):
    with (
        patch.dict("os.environ", {"FIELD_SHARED_DATA": str(tmp_path)}),
        pytest.warns(UserWarning, match="NOTHING WAS TESTED"),
        pytest.raises(unittest.SkipTest, match=r"geolife/000 is not here"),
    ):
        shared_data.need("geolife", "000")


def test_data_is_found_where_it_was_named(tmp_path):
    (tmp_path / "drives").mkdir()
    with patch.dict("os.environ", {"FIELD_SHARED_DATA": str(tmp_path)}):
        assert shared_data.need("drives") == tmp_path / "drives"
