import json

from odoo.tests import tagged

from ..models import field_app_pull
from ..tools.cursor import Cursor, decode
from .common import FieldCase
from .test_api import ApiCase

PULL = "/field/api/v1/pull"


@tagged("post_install", "-at_install")
class TestPull(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        free = cls.env["res.partner"].search([("user_id", "=", False)])
        free.with_context(mail_auto_subscribe_no_notify=True).user_id = cls.other_rep
        cls.ours = cls.env["res.partner"].create(
            [
                {"name": f"Shop {number}", "user_id": cls.rep.id, "city": "Suzhou"}
                for number in range(5)
            ]
        )

    def setUp(self):
        super().setUp()
        self.settle()

    def pull(self, since=None, names=None, device=None):
        device = device or self.device
        self.env.flush_all()
        env = self.env(
            user=device.user_id, su=False, context={"allowed_company_ids": device.company_id.ids}
        )
        answer = env["field.app"]._pull(device.with_env(env).sudo(), since, names)
        return json.loads(json.dumps(answer))

    def settle(self):
        """As if all that was written so far was committed long ago.

        Within a test everything is one transaction, which is never older than the snapshot.
        """
        self.env.flush_all()
        self.env.cr.execute("UPDATE field_change SET xid = '1'")

    def part(self, answer, name="customers"):
        part = answer["collections"].get(name, {"rows": [], "gone": []})
        return [row["id"] for row in part["rows"]], part["gone"]

    def test_first_pull_brings_everything(self):
        answer = self.pull()
        self.assertTrue(answer["reset"])
        self.assertFalse(answer["more"])
        ids, gone = self.part(answer)
        self.assertEqual((set(ids), gone), (set(self.ours.ids), []))
        me = answer["collections"]["me"]["rows"][0]
        self.assertEqual((me["id"], me["tz"]), (self.rep.id, "Asia/Shanghai"))
        self.assertEqual(me["policy"]["policy_id"], me["policy"]["policy_id"] or 0)
        row = next(r for r in answer["collections"]["customers"]["rows"] if r["id"] == ids[0])
        self.assertEqual((row["city"], row["lat"], row["phone"]), ("Suzhou", None, None))

    def test_second_pull_brings_nothing_and_writes_nothing(self):
        cursor = self.pull()["cursor"]
        self.pull(cursor)
        shelves = self.env["field.shelf"].search([("device_id", "=", self.device.id)])
        answer = self.pull(cursor)
        self.assertEqual((answer["collections"], answer["reset"]), ({}, False))
        now = self.env["field.shelf"].search([("device_id", "=", self.device.id)])
        self.assertEqual(now, shelves)

    def test_change_new_deleted_and_given_away(self):
        cursor = self.pull()["cursor"]
        changed, given, deleted = self.ours[:3]
        changed.phone = "021 5555"
        given.user_id = self.other_rep
        deleted_id = deleted.id
        deleted.unlink()
        new = self.env["res.partner"].create({"name": "New", "user_id": self.rep.id})
        ids, gone = self.part(self.pull(cursor))
        self.assertEqual(ids, sorted((changed + new).ids))
        self.assertEqual(gone, sorted([given.id, deleted_id]))

    def test_plain_sql_is_seen_and_other_columns_are_not(self):
        cursor = self.pull()["cursor"]
        query = "UPDATE res_partner SET comment = '<p>x</p>' WHERE id IN %s"
        self.env.cr.execute(query, [tuple(self.ours.ids)])
        self.assertEqual(self.part(self.pull(cursor)), ([], []))
        self.env.cr.execute("UPDATE res_partner SET city = 'Wuxi' WHERE id = %s", self.ours[1].ids)
        self.env.invalidate_all()
        self.assertEqual(self.part(self.pull(cursor)), (self.ours[1].ids, []))

    def test_lost_rights_are_tombstones_and_won_rights_are_rows(self):
        cursor = self.pull()["cursor"]
        rule = self.env["ir.rule"].create(
            {
                "name": "not these",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "not in", self.ours[:2].ids)],
            }
        )
        answer = self.pull(cursor)
        self.assertEqual(self.part(answer), ([], self.ours[:2].ids))
        rule.unlink()
        answer = self.pull(answer["cursor"])
        self.assertEqual(self.part(answer), (self.ours[:2].ids, []))
        self.env["ir.model.access"].search([("model_id.model", "=", "res.partner")]).unlink()
        self.assertEqual(self.part(self.pull(answer["cursor"])), ([], self.ours.ids))

    def test_lost_answer_is_given_again(self):
        cursor = self.pull()["cursor"]
        new = self.env["res.partner"].create({"name": "New", "user_id": self.rep.id})
        self.ours[0].unlink()
        lost = self.pull(cursor)
        again = self.pull(cursor)
        self.assertEqual(again["collections"], lost["collections"])
        self.assertEqual(self.part(again)[0], new.ids)

    def test_me_is_sent_again_when_something_in_it_changes(self):
        cursor = self.pull()["cursor"]
        self.env["field.policy"].search([]).fence_radius = 123
        rows = self.pull(cursor)["collections"]["me"]["rows"]
        self.assertEqual(rows[0]["policy"]["fence_radius"], 123)
        self.assertNotIn("me", self.pull(self.pull(cursor)["cursor"])["collections"])

    def test_pages(self):
        self.patch(field_app_pull, "PAGE", 2)
        cursor, seen, resets = None, [], []
        for _page in range(50):
            answer = self.pull(cursor)
            cursor = answer["cursor"]
            seen += self.part(answer)[0]
            resets.append(answer["reset"])
            if not answer["more"]:
                break
        self.assertEqual((seen, resets[0], any(resets[1:])), (self.ours.ids, True, False))

    def test_change_between_two_pages_is_not_missed(self):
        cursor = self.pull()["cursor"]
        self.patch(field_app_pull, "PAGE", 2)
        self.ours.city = "Wuxi"
        first = self.pull(cursor)
        self.assertEqual(self.part(first)[0], self.ours[:2].ids)
        self.ours[0].city = "Nanjing"
        second = self.pull(first["cursor"])
        third = self.pull(second["cursor"])
        self.assertEqual(self.part(second)[0] + self.part(third)[0], self.ours[2:].ids)
        ids, _gone = self.part(self.pull(third["cursor"]))
        self.assertIn(self.ours[0].id, ids)

    def test_only_some_collections_keep_the_place_of_the_others(self):
        cursor = self.pull()["cursor"]
        self.ours[0].city = "Wuxi"
        answer = self.pull(cursor, {"me"})
        self.assertNotIn("customers", answer["collections"])
        self.assertEqual(self.part(self.pull(answer["cursor"]))[0], self.ours[0].ids)

    def test_cursors_that_start_over(self):
        good = self.pull()["cursor"]
        parts = decode(good)
        old = Cursor(**{**vars(parts), "at": parts.at - 40 * 86400}).encode()
        future = Cursor(**{**vars(parts), "seen": {"customers": 2**62}}).encode()
        restored = Cursor(**{**vars(parts), "mark": [2**40, 7]}).encode()
        other = self.pull(device=self.make_device(self.other_rep))["cursor"]
        for cursor in (None, "", "x", "é" * 9, "W10", "W" * 5000, old, future, restored, other):
            with self.subTest(cursor=cursor and cursor[:20]):
                answer = self.pull(cursor)
                self.assertTrue(answer["reset"])
                self.assertEqual(self.part(answer)[0], self.ours.ids)

    def test_old_changes_are_forgotten_but_the_newest(self):
        self.env.cr.execute("UPDATE field_change SET at = now() - interval '40 days'")
        cursor = self.pull()["cursor"]
        self.env["field.change"]._gc_changes()
        self.assertEqual(len(self.env["field.change"].search([])), 1)
        self.assertFalse(self.pull(cursor)["reset"])

    def test_triggers_are_what_the_collections_want(self):
        Change = self.env["field.change"]
        have = Change._triggers()
        self.assertIn(("res_partner", "field_change_res_partner"), have)
        self.env.cr.execute("DROP TRIGGER field_change_res_partner_u ON res_partner")
        self.env["field.app"]._register_hook()
        self.assertEqual(Change._triggers(), have)
        Change._watch({})
        self.assertFalse(Change._triggers())


@tagged("post_install", "-at_install")
class TestPullEndpoint(ApiCase):
    def test_pull(self):
        first = self.call(PULL, method="GET")
        self.assertEqual(first.status_code, 200, first.text)
        self.assertIn("me", first.json()["collections"])
        cursor = first.json()["cursor"]
        again = self.call(f"{PULL}?since={cursor}&collections=me", method="GET")
        self.assertEqual((again.json()["collections"], again.json()["reset"]), ({}, False))
        self.assertRefused(self.call(PULL, method="GET", token="x" * 43), 401, "bad_token")
        self.assertRefused(self.call(PULL, {}), 405, "bad_method")
