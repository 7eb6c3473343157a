import csv
import io
import json
from xml.etree import ElementTree

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, HttpCase, TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_tracking.tools import export
from odoo.addons.field_tracking.tools.export import Place, Track

GPX = "{http://www.topografix.com/GPX/1/1}"
NAN = float("nan")


class TestFormats(BaseCase):
    def setUp(self):
        super().setUp()
        pieces = [
            [(0, 31.2, 121.4, 8.0, 3.5), (60, 31.21, 121.4, NAN, NAN)],
            [(900, 31.3, 121.5, 5, 0)],
        ]
        self.track = Track(
            "=Li <Wei>", "2026-11-20", 1200.0, pieces, [Place(0, 600, 31.2, 121.4, "A & B")]
        )

    def test_gpx_is_xml_and_cut_at_gaps(self):
        root = ElementTree.fromstring(export.gpx([self.track]).encode())
        self.assertEqual(len(root.findall(f"{GPX}trk/{GPX}trkseg")), 2)
        points = root.findall(f".//{GPX}trkpt")
        self.assertEqual([p.find(f"{GPX}time").text for p in points][1], "1970-01-01T00:01:00Z")
        self.assertEqual(root.find(f"{GPX}wpt/{GPX}name").text, "A & B")
        self.assertEqual(root.find(f"{GPX}trk/{GPX}name").text, "=Li <Wei> 2026-11-20")

    def test_geojson_puts_longitude_first(self):
        data = json.loads(export.geojson([self.track]))
        line, point, stay = data["features"]
        self.assertEqual(line["geometry"]["coordinates"][1], [121.4, 31.21])
        self.assertEqual(point["geometry"]["type"], "Point")
        self.assertEqual(stay["properties"]["name"], "A & B")
        self.assertEqual(len(line["properties"]["times"]), 2)

    def test_csv_has_a_line_for_each_position_and_no_formula(self):
        rows = list(csv.DictReader(io.StringIO(export.table([self.track]).lstrip("\ufeff"))))
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows[0]["person"], "'=Li <Wei>")
        self.assertEqual(rows[1]["accuracy_m"], "", "not known stays unknown")


@tagged("post_install", "-at_install")
class TestExport(TrackCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)
        self.right = self.env.ref("field_tracking.field_tracking_group_export")

    def test_it_is_a_right_of_its_own(self):
        for user in (self.leader, self.boss, self.auditor, self.rep):
            with self.assertRaises(AccessError):
                self.day.with_user(user).action_export()
        self.leader.group_ids += self.right
        self.assertEqual(self.day.with_user(self.leader).action_export()["target"], "new")
        self.neighbour.group_ids += self.right
        with self.assertRaises(AccessError):
            self.day.with_user(self.neighbour)._export("gpx")

    def test_download_is_noted_and_the_person_reads_why(self):
        self.leader.group_ids += self.right
        wizard = (
            self.env["field.track.export"]
            .with_user(self.leader)
            .create({"day_ids": self.day.ids, "kind": "csv", "reason": "Query of the insurance"})
        )
        url = wizard.action_export()["url"]
        self.leader.password = "track_leader"
        self.authenticate("track_leader", "track_leader")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("tracks.csv", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        # the fixes of the day less the few that were not believable
        self.assertGreater(len(answer.text.splitlines()), 0.9 * self.day.used_count)
        looks = self.env["field.access.log"].search(
            [("user_id", "=", self.rep.id), ("kind", "=", "export")]
        )
        self.assertEqual(looks.reason, "Query of the insurance")
        self.boss.group_ids += self.right
        self.boss.password = "track_boss"
        self.authenticate("track_boss", "track_boss")
        self.assertEqual(self.url_open(url).status_code, 404, "somebody else's request")

    def test_policy_can_ask_for_a_reason(self):
        self.leader.group_ids += self.right
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        policy.sudo().access_reason_required = True
        day = self.day.with_user(self.leader)
        with self.assertRaises(FieldRejected):
            day._export("gpx")
        self.assertTrue(day._export("gpx", "Accident"))

    def test_file_of_gpx_has_all_pieces(self):
        self.leader.group_ids += self.right
        text, mimetype = self.day.with_user(self.leader)._export("gpx")
        root = ElementTree.fromstring(text.encode())
        self.assertEqual(mimetype, "application/gpx+xml")
        self.assertEqual(len(root.findall(f"{GPX}wpt")), self.day.stay_count)
        self.assertEqual(len(root.findall(f".//{GPX}trkseg")), self.day.gap_count + 1)


@tagged("post_install", "-at_install")
class TestRecord(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)

    def issue(self, user):
        url = self.day.with_user(user).action_evidence_file()["url"]
        code = url.rsplit("/", 1)[1].removesuffix(".pdf")
        return self.env["field.proof"]._find(code)

    def test_record_is_sealed_and_valid(self):
        proof = self.issue(self.leader)
        self.assertEqual(proof._check()["state"], "valid")
        self.assertTrue(proof._check()["unsealed"])
        self.env["field.seal"]._seal_next()
        result = proof._check()
        self.assertEqual((result["state"], result["unsealed"]), ("valid", False))
        self.assertTrue(result["seals"])

    def test_later_change_of_the_day_leaves_the_record(self):
        proof = self.issue(self.leader)
        record = self.env["field.track.record"].browse(proof.res_id)
        before = record.content
        self.day.sudo().distance_m = 1
        self.assertEqual(record.content, before)
        self.assertEqual(record._content()["figures"]["fix_count"], self.day.fix_count)
        self.assertEqual(len(record._content()["stays"]), 3)
        self.assertEqual(len(record._content()["positions_sha256"]), 64)

    def test_altered_record_is_found(self):
        proof = self.issue(self.leader)
        self.env.flush_all()
        self.env.cr.execute("SELECT set_config('field.evidence', 'open', true)")
        self.env.cr.execute(
            "UPDATE field_track_record SET content = replace(content, 'stays', 'stayz')"
            " WHERE id = %s",
            [proof.res_id],
        )
        self.env.invalidate_all()
        self.assertEqual(proof._check()["state"], "altered")

    def test_pdf_in_both_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        proof = self.issue(self.leader)
        for lang in ("en_US", "zh_CN"):
            raw = proof.with_context(lang=lang, tz="Asia/Shanghai")._as_pdf()
            self.assertTrue(raw.startswith(b"%PDF"))
            self.assertGreater(len(raw), 4000)
        self.assertIn("days", proof._as_json())

    def test_only_who_sees_the_track_gets_it(self):
        with self.assertRaises(AccessError):
            self.day.with_user(self.stranger).action_evidence_file()
        proof = self.issue(self.rep)
        record = self.env["field.track.record"].browse(proof.res_id)
        seen = {
            user.login: record.with_user(user).has_access("read")
            for user in (self.rep, self.leader, self.stranger, self.neighbour, self.boss)
        }
        self.assertEqual(
            seen,
            {
                "track_rep": True,
                "track_leader": True,
                "track_stranger": False,
                "track_neighbour": False,
                "track_boss": True,
            },
        )
        for user in (self.rep, self.leader, self.boss):
            self.assertFalse(record.with_user(user).has_access("write"))

    def test_removing_the_module_leaves_seals_that_verify(self):
        proof = self.issue(self.leader)
        seal = self.env["field.seal"]._seal_next()
        self.env["field.track.record"].search([])._erase_evidence("The module was removed")
        self.assertFalse(seal._check(), "erased with a certificate is no finding")
        self.assertEqual(proof._check()["state"], "altered")
