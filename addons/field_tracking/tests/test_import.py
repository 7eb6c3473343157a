import base64
import json
import time
from datetime import datetime, timedelta, timezone

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools import files
from .common import TrackCase

NOW = time.time()
DAY = "2025-06-15"
TS = int(datetime(2025, 6, 15, 13, 45, tzinfo=timezone.utc).timestamp())

GPX = f"""<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"
     xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"><trk><trkseg>
<trkpt lat="52.52" lon="13.40"><ele>34.5</ele><time>{DAY}T13:45:00Z</time><hdop>1.2</hdop>
<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>4.5</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions></trkpt>
<trkpt lat="52.53" lon="13.41"/>
</trkseg></trk></gpx>""".encode()
KML = f"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"
 xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark><gx:Track>
<when>{DAY}T13:45:00Z</when><when>{DAY}T13:46:00Z</when>
<gx:coord>13.40 52.52 34.5</gx:coord><gx:coord>13.41 52.53 0</gx:coord></gx:Track></Placemark>
<Placemark><TimeStamp><when>{DAY}T13:47:00Z</when></TimeStamp>
<Point><coordinates>13.42,52.54,0</coordinates></Point></Placemark></Document></kml>""".encode()
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"time": f"{DAY}T13:45:00Z", "speed": 4.5, "accuracy": 6},
            "geometry": {"type": "Point", "coordinates": [13.40, 52.52, 34.5]},
        },
        {
            "type": "Feature",
            "properties": {"coordTimes": [f"{DAY}T13:46:00Z", f"{DAY}T13:47:00Z"]},
            "geometry": {"type": "LineString", "coordinates": [[13.41, 52.53], [13.42, 52.54]]},
        },
    ],
}
TAKEOUT = {
    "locations": [
        {
            "latitudeE7": 525200000,
            "longitudeE7": 134000000,
            "accuracy": 6,
            "velocity": 4,
            "timestamp": f"{DAY}T13:45:00.123Z",
        },
        {"latitudeE7": 525300000, "longitudeE7": 134100000, "timestampMs": str((TS + 60) * 1000)},
    ]
}
TIMELINE = {
    "semanticSegments": [
        {
            "startTime": f"{DAY}T13:00:00.000+02:00",
            "endTime": f"{DAY}T15:00:00.000+02:00",
            "timelinePath": [{"point": "52.53°, 13.41°", "time": f"{DAY}T15:46:00.000+02:00"}],
        },
        {"startTime": f"{DAY}T13:00:00.000+02:00", "visit": {}},
    ],
    "rawSignals": [
        {
            "position": {
                "LatLng": "52.52°, 13.40°",
                "accuracyMeters": 6,
                "altitudeMeters": 34.5,
                "timestamp": f"{DAY}T15:45:00.000+02:00",
                "speedMetersPerSecond": 4.5,
            }
        },
        {"wifiScan": {}},
    ],
}
IPHONE = [
    {
        "startTime": f"{DAY}T13:40:00.000Z",
        "endTime": f"{DAY}T14:00:00.000Z",
        "timelinePath": [{"point": "geo:52.52,13.40", "durationMinutesOffsetFromStartTime": "5"}],
    },
]


class TestFiles(BaseCase):
    def test_every_kind_tells_the_same(self):
        for name, content, count in (
            ("gpx", GPX, 1),
            ("kml", KML, 3),
            ("geojson", json.dumps(GEOJSON).encode(), 3),
            ("takeout", json.dumps(TAKEOUT).encode(), 2),
            ("timeline", b"\xef\xbb\xbf" + json.dumps(TIMELINE).encode(), 2),
            ("iphone", json.dumps(IPHONE).encode(), 1),
        ):
            with self.subTest(kind=name):
                fixes = sorted(files.parse(content, NOW).fixes, key=lambda fix: fix.ts)
                self.assertEqual(len(fixes), count)
                self.assertEqual((fixes[0].ts, fixes[0].lat, fixes[0].lon), (TS, 52.52, 13.4))
                for number, fix in enumerate(fixes):
                    self.assertEqual(fix.ts, TS + 60 * number)

    def test_side_values(self):
        [fix] = files.parse(GPX, NOW).fixes
        self.assertEqual((fix.altitude, fix.speed, fix.accuracy), (34.5, 4.5, 6.0))
        fix = files.parse(json.dumps(GEOJSON).encode(), NOW).fixes[0]
        self.assertEqual((fix.altitude, fix.speed, fix.accuracy), (34.5, 4.5, 6.0))

    def test_without_a_time_it_is_no_position_of_a_day(self):
        self.assertEqual([r.reason for r in files.parse(GPX, NOW).rejects], ["bad_time"])

    def test_what_is_no_track(self):
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>'
        )
        for content, reason in (
            (b"", "empty"),
            (b"PK\x03\x04", "bad_body"),
            (b"<gpx><trk>", "bad_body"),
            (b"<html/>", "unknown_type"),
            (b"{}", "unknown_type"),
            (b'{"locations": [7]}', "bad_coordinates"),
        ):
            with self.subTest(content=content):
                parsed = files.parse(content, NOW)
                self.assertEqual((parsed.fixes, parsed.rejects[0].reason), ([], reason))
        self.assertFalse(files.parse(bomb, NOW).fixes)


@tagged("post_install", "-at_install")
class TestImport(TrackCase, TransactionCase):
    def wizard(self, content, user=None):
        Wizard = self.env["field.track.import"].with_user(user or self.boss)
        return Wizard.create(
            {"user_id": self.rep.id, "file": base64.b64encode(content), "file_name": "a.gpx"}
        )

    def test_a_file_becomes_positions_and_a_day(self):
        wizard = self.wizard(KML)
        self.assertEqual(wizard.device_id, self.device)
        wizard.action_import()
        rows = self.Position.search([("device_id", "=", self.device.id)])
        self.assertEqual((len(rows), set(rows.mapped("source"))), (3, {"import"}))
        self.assertIn("3", wizard.result)
        self.assertEqual(len(self.rebuild(self.rep)), 1)
        again = self.wizard(KML)
        again.action_import()
        self.assertEqual(self.Position.search_count([("device_id", "=", self.device.id)]), 3)

    def test_nothing_to_use_is_said(self):
        with self.assertRaises(UserError):
            self.wizard(b"<html/>").action_import()

    def test_the_policy_holds_here_too(self):
        self.env["field.policy"].search([]).write({"tracking_level": "none"})
        with self.assertRaises(UserError):
            self.wizard(KML).action_import()

    def test_administrators_only(self):
        for user in (self.rep, self.leader, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.wizard(KML, user)

    def test_months_are_made_for_old_tracks(self):
        old = KML.replace(DAY.encode(), b"2019-03-02")
        self.wizard(old).action_import()
        moment = datetime(2019, 3, 2)
        rows = self.Position.search([("ts", "<", moment + timedelta(days=1))])
        self.assertEqual(len(rows), 3)
