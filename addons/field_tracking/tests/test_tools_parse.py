import json

from odoo.tests import BaseCase

from odoo.addons.field_tracking.tools import parse as module
from odoo.addons.field_tracking.tools.parse import REASONS, parse

RECEIVED = 1_756_711_500.0
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
JSON = "application/json"

# Byte for byte what the three generations of the app send.
V8 = "id=12345&timestamp=1756711484&lat=52.5200066&lon=13.404954&speed=24.0&bearing=271.0&altitude=34.0&accuracy=0.0&batt=93.0"
V9 = (
    b'{"location":{"timestamp":"2025-09-01T07:24:44.862Z","coords":{"latitude":37.4219983,'
    b'"longitude":-122.084,"accuracy":5,"speed":12.35,"heading":-1,"altitude":5},"is_moving":false,'
    b'"odometer":0,"event":"motionchange","battery":{"level":1,"is_charging":false},'
    b'"activity":{"type":"still"},"extras":{},'
    b'"_":"&id=48241179&lat=37.4219983&lon=-122.084&timestamp=2025-09-01T07:24:44.862Z&"},'
    b'"device_id":"48241179"}'
)
V10 = (
    b"id=48241179&lat=52.5200066&lon=13.4049540&timestamp=1756711484&accuracy=11.3&altitude=34.0"
    b"&speed=12.44&bearing=271.0&batt=87&charge=true"
)


class TestTraccarFormats(BaseCase):
    def only(self, parsed):
        self.assertEqual((len(parsed.fixes), parsed.rejects, parsed.contacts), (1, [], []))
        return parsed.fixes[0]

    def reason(self, *arguments):
        parsed = parse(*arguments, RECEIVED)
        self.assertEqual((parsed.fixes, len(parsed.rejects)), ([], 1))
        self.assertIn(parsed.rejects[0].reason, REASONS)
        return parsed.rejects[0].reason

    def test_version_8_query_is_in_knots_and_percent(self):
        fix = self.only(parse("", V8, b"", RECEIVED))
        self.assertEqual((fix.ts, fix.lat, fix.lon), (1756711484, 52.5200066, 13.404954))
        self.assertEqual(fix.speed, 12.35)
        self.assertEqual((fix.battery, fix.course, fix.altitude), (0.93, 271.0, 34.0))
        self.assertIsNone(fix.accuracy, "0 means unknown")
        self.assertIsNone(fix.mock, "only sent when true")

    def test_version_9_json_is_in_metres_per_second(self):
        fix = self.only(parse(JSON, "", V9, RECEIVED))
        self.assertEqual((fix.ts, fix.lat, fix.lon), (1756711484, 37.4219983, -122.084))
        self.assertEqual((fix.speed, fix.accuracy, fix.battery), (12.35, 5, 1))
        self.assertIsNone(fix.course, "-1 means unknown")
        self.assertEqual((fix.activity, fix.event, fix.charging), ("still", "motionchange", False))

    def test_version_10_form_is_in_knots_and_percent(self):
        fix = self.only(parse(FORM, "", V10, RECEIVED))
        self.assertEqual((fix.ts, fix.lat, fix.lon), (1756711484, 52.5200066, 13.404954))
        self.assertEqual((fix.speed, fix.accuracy, fix.battery), (6.4, 11.3, 0.87))
        self.assertIs(fix.charging, True)

    def test_the_source_names_the_format(self):
        sources = [
            parse("", V8, b"", RECEIVED).source,
            parse(JSON, "", V9, RECEIVED).source,
            parse(FORM, "", V10, RECEIVED).source,
        ]
        self.assertEqual(sources, ["query", "json", "form"])

    def test_a_query_of_the_address_itself_does_not_hide_the_form(self):
        self.assertEqual(self.only(parse(FORM, "id=1&x=y", V10, RECEIVED)).accuracy, 11.3)

    def test_mock_flags(self):
        self.assertIs(self.only(parse("", V8 + "&mock=true", b"", RECEIVED)).mock, True)
        document = json.loads(V9)
        document["location"]["mock"] = True
        body = json.dumps(document).encode()
        self.assertIs(self.only(parse(JSON, "", body, RECEIVED)).mock, True)

    def test_alarm_comes_before_event(self):
        document = json.loads(V9)
        document["location"]["extras"] = {"alarm": "sos"}
        body = json.dumps(document).encode()
        self.assertEqual(self.only(parse(JSON, "", body, RECEIVED)).event, "sos")
        self.assertEqual(self.only(parse("", V8 + "&alarm=sos", b"", RECEIVED)).event, "sos")

    def test_heartbeat_without_place_is_a_contact(self):
        body = b"id=48241179&timestamp=1756711484&batt=87&charge=false"
        parsed = parse(FORM, "", body, RECEIVED)
        self.assertEqual((parsed.fixes, parsed.rejects), ([], []))
        self.assertEqual(
            (parsed.contacts[0].ts, parsed.contacts[0].battery, parsed.contacts[0].charging),
            (1756711484, 0.87, False),
        )

    def test_json_heartbeat_without_coords_is_a_contact(self):
        body = b'{"location":{"timestamp":"2025-09-01T07:24:44.000Z","event":"heartbeat","battery":{"level":0.5,"is_charging":true}},"device_id":"1"}'
        parsed = parse(JSON, "", body, RECEIVED)
        self.assertEqual((len(parsed.contacts), parsed.contacts[0].battery), (1, 0.5))

    def test_push_token_is_understood_and_stores_nothing(self):
        parsed = parse(FORM, "", b"id=48241179&notificationToken=abc", RECEIVED)
        self.assertEqual(
            (parsed.ignored, parsed.fixes, parsed.rejects, parsed.contacts), (1, [], [], [])
        )

    def test_batches(self):
        record = json.loads(V9)
        for document in ([record, record], {"locations": [record, record]}):
            parsed = parse(JSON, "", json.dumps(document).encode(), RECEIVED)
            self.assertEqual((len(parsed.fixes), parsed.rejects), (2, []))

    def test_one_bad_record_costs_only_itself(self):
        record = json.loads(V9)
        bad = {"location": {"coords": {"latitude": 91, "longitude": 0}}}
        parsed = parse(JSON, "", json.dumps([bad, record]).encode(), RECEIVED)
        self.assertEqual((len(parsed.fixes), parsed.rejects[0].reason), (1, "out_of_range"))

    def test_osmand_aliases(self):
        fix = self.only(
            parse(
                "",
                "deviceid=1&location=52.5,13.4&heading=90&timestamp=1756711484000",
                b"",
                RECEIVED,
            )
        )
        self.assertEqual((fix.lat, fix.lon, fix.course, fix.ts), (52.5, 13.4, 90, 1756711484))
        for text in (
            "2025-09-01 07:24:44",
            "2025-09-01T07:24:44Z",
            "2025-09-01T09:24:44.123%2B0200",
        ):
            fix = self.only(parse("", f"lat=1&lon=2&timestamp={text}", b"", RECEIVED))
            self.assertEqual(fix.ts, 1756711484, text)

    def test_missing_time_is_now(self):
        self.assertEqual(self.only(parse("", "lat=1&lon=2", b"", RECEIVED)).ts, int(RECEIVED))

    def test_gps_week_rollover_is_repaired(self):
        late = 1756711484 - 7168 * 86400
        self.assertEqual(
            self.only(parse("", f"lat=1&lon=2&timestamp={late}", b"", RECEIVED)).ts, 1756711484
        )
        self.assertEqual(
            self.reason("", f"lat=1&lon=2&timestamp={late - 3 * 86400}", b""), "time_past"
        )

    def test_unusable(self):
        for expected, arguments in (
            ("empty", ("", "", b"")),
            ("empty", (JSON, "", b"[]")),
            ("empty", (JSON, "", b"{}")),
            ("bad_body", (JSON, "", b"{")),
            ("bad_body", (JSON, "", b"7")),
            ("bad_body", (JSON, "", b"[" * 100000)),
            ("bad_body", (FORM, "", b"\xff\xfe\x00")),
            ("out_of_range", ("", "lat=91&lon=0&timestamp=1756711484", b"")),
            ("out_of_range", ("", "lat=1&lon=-180.1", b"")),
            ("bad_coordinates", ("", "lat=nan&lon=0", b"")),
            ("bad_coordinates", ("", "lat=inf&lon=0", b"")),
            ("bad_coordinates", ("", "lat=&lon=13", b"")),
            ("bad_coordinates", ("", "lat=5_2&lon=13", b"")),
            ("bad_coordinates", ("", "lon=13", b"")),
            ("bad_coordinates", (JSON, "", b'{"location":{"coords":[1,2]}}')),
            (
                "bad_coordinates",
                (JSON, "", b'{"location":{"coords":{"latitude":true,"longitude":1}}}'),
            ),
            ("null_island", ("", "lat=0&lon=0", b"")),
            ("time_past", ("", "lat=1&lon=2&timestamp=0", b"")),
            ("time_past", ("", "lat=1&lon=2&timestamp=-1", b"")),
            ("time_future", ("", "lat=1&lon=2&timestamp=1756712200", b"")),
            ("bad_time", ("", "lat=1&lon=2&timestamp=yesterday", b"")),
            (
                "bad_time",
                (JSON, "", b'{"location":{"timestamp":{},"coords":{"latitude":1,"longitude":2}}}'),
            ),
        ):
            with self.subTest(expected=expected, arguments=arguments[1:]):
                self.assertEqual(self.reason(*arguments), expected)

    def test_bad_side_values_do_not_cost_the_position(self):
        fix = self.only(
            parse(
                "",
                "lat=1&lon=2&speed=abc&bearing=999&batt=-3&accuracy=nan&altitude=1e9",
                b"",
                RECEIVED,
            )
        )
        self.assertEqual(
            (fix.speed, fix.course, fix.battery, fix.accuracy, fix.altitude), (None,) * 5
        )

    def test_the_excerpt_holds_no_identity_and_can_be_stored(self):
        parsed = parse("", "id=secret&lat=91&lon=1", b"", RECEIVED)
        self.assertNotIn("secret", parsed.rejects[0].raw)
        body = b'{"device_id":"secret","location":{"_":"secret","coords":{"latitude":"\\u0000\\ud800","longitude":1}}}'
        raw = parse(JSON, "", body, RECEIVED).rejects[0].raw
        self.assertNotIn("secret", raw)
        self.assertNotIn("\0", raw)
        raw.encode()

    def test_words_are_capped_and_storable(self):
        body = json.dumps(
            {"location": {"coords": {"latitude": 1, "longitude": 2}, "event": "\0" + "x" * 99}}
        )
        event = self.only(parse(JSON, "", body.encode(), RECEIVED)).event
        self.assertEqual(set(event), {"x"})
        self.assertLessEqual(len(event), 24)

    def test_every_byte_string_gets_an_answer(self):
        for body in (
            b"\x00",
            b"&&&==",
            b'"',
            b"null",
            b"[null]",
            b"[[1]]",
            b"%00=%ff",
            b"a" * 5000,
        ):
            for kind in ("", FORM, JSON, "text/plain"):
                parsed = parse(kind, "", body, RECEIVED)
                self.assertFalse(parsed.fixes)
                self.assertTrue(parsed.rejects)

    def test_knots_are_exact(self):
        self.assertAlmostEqual(module.KNOT, 0.514444, places=6)
