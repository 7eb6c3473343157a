import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.place import Place, decode
from ..tools.row_schema import check
from .common import FieldCase, build_team

SCOPES = ("customers.read", "customers.write", "workdays.read")


class TestRowSchema(BaseCase):
    def test_each_mistake_has_its_field_and_code(self):
        kinds = {"name": ("text", 3), "is_company": ("flag", None), "lat": ("number", (-90, 90))}
        self.assertEqual(check({"name": "A"}, kinds, ("name",)), [])
        self.assertEqual(check([], kinds, ("name",)), [("", "not_an_object")])
        wrong = {"name": "long", "is_company": 1, "lat": 91, "x": 1}
        self.assertEqual(
            dict(check(wrong, kinds, ("x",))),
            {
                "x": "name_missing",
                "name": "too_long",
                "is_company": "not_a_flag",
                "lat": "lat_lng_together",
            },
        )

    def test_places_survive_the_way_and_others_are_none(self):
        place = Place("visits", 5, 6, 7, since=8, after=9, upto=10)
        self.assertEqual(decode(place.encode()), place)
        for text in ("", "x", "é", "W10", place.encode()[:-4], Place("a", -1, 0, 0).encode()):
            self.assertIsNone(decode(text), text)


def make_client(env, user, scopes=SCOPES, **values):
    """An API client (as the request has it: sudo) and its key."""
    env = env(user=SUPERUSER_ID)
    client = env["field.api.client"].create(
        {
            "name": "ERP",
            "purpose": "Figures of the month",
            "acting_user_id": user.id,
            "company_id": user.company_id.id,
            "scope_ids": [Command.set(env["field.api.scope"].search([("code", "in", scopes)]).ids)],
            **values,
        }
    )
    return client, client.action_new_key()["context"]["default_key"]


@tagged("post_install", "-at_install")
class TestOpenApi(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.worker = cls.admin
        cls.worker.group_ids += cls.env.ref("base.group_partner_manager")
        cls.client, cls.key = make_client(cls.env, cls.worker)
        cls.partner = cls.env["res.partner"].create({"name": "Lotus Tea", "ref": "C-1"})

    def _get(self, path="", key=None, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return self.url_open(f"/field/api/v1/data{path}?{text}", headers=headers)

    def _post(self, rows, request=None, **more):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if request:
            headers["Idempotency-Key"] = request
        body = json.dumps({"rows": rows, **more})
        return self.url_open("/field/api/v1/customers", data=body, headers=headers)

    def _all(self, name, since="", **query):
        """Every row until there is no more, and the last cursor."""
        rows, gone = {}, set()
        while True:
            answer = self._get(f"/{name}", since=since, **query)
            self.assertEqual(answer.status_code, 200, answer.text)
            page = answer.json()
            rows |= {row["id"]: row for row in page["rows"]}
            gone |= set(page["gone"])
            since = page["next"]
            if not page["more"]:
                return rows, gone, since

    def test_description_names_resources_and_fields(self):
        described = {row["name"]: row for row in self._get().json()["resources"]}
        customers = described["customers"]
        self.assertTrue(customers["read"] and customers["write"])
        self.assertEqual(customers["fields"]["lat"], "number")
        self.assertEqual(described["workdays"]["fields"]["opened_at"], "date-time")
        self.assertFalse(described["workdays"]["write"])

    def test_everything_once_then_what_changed(self):
        rows, gone, place = self._all("customers", limit=2)
        self.assertEqual(rows[self.partner.id]["reference"], "C-1")
        self.assertIsNone(rows[self.partner.id]["lat"])
        self.assertFalse(gone)
        mine = self.env["res.partner"].search(
            [("partner_share", "=", True), ("type", "=", "contact")]
        )
        self.assertLessEqual(
            set(mine.with_user(self.worker)._filtered_access("read").ids), set(rows)
        )
        others = self.env["res.partner"].create([{"name": f"New {n}"} for n in range(3)])
        self.partner.city = "Suzhou"
        rows, gone, later = self._all("customers", place, limit=2)
        self.assertLessEqual({self.partner.id, *others.ids}, set(rows))
        self.assertEqual(rows[self.partner.id]["city"], "Suzhou")
        others[0].unlink()
        others[1].active = False
        rows, gone, _end = self._all("customers", later)
        self.assertLessEqual(set(others[:2].ids), gone)
        self.assertNotIn(others[2].id, gone)

    def test_what_did_not_change_is_not_sent_again(self):
        """The test's own transaction never ends, so its changes are new for ever; here it has."""
        self.env.cr.execute("SELECT pg_current_xact_id()::text::bigint + 1")
        ended = self.env.cr.fetchone()[0]
        with patch.object(
            self.env.registry["field.change"], "_horizon", lambda change: (ended, ended)
        ):
            rows, _gone, place = self._all("customers")
            self.assertIn(self.partner.id, rows)
            self.partner.city = "Suzhou"
            self.assertEqual(self._all("customers", place)[:2], ({}, set()))

    def test_cursors_that_are_no_good(self):
        _rows, _gone, place = self._all("customers")
        for since in ("x" * 20, self._all("workdays")[2]):
            answer = self._get("/customers", since=since)
            self.assertEqual(
                (answer.status_code, answer.json()["error"]["code"]), (422, "bad_cursor")
            )
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            answer = self._get("/customers", since=place)
        self.assertEqual(
            (answer.status_code, answer.json()["error"]["code"]), (410, "cursor_expired")
        )
        self.assertEqual(self._get("/customers", limit="0").status_code, 400)

    def test_a_client_sees_what_its_person_sees(self):
        env = self.env(user=self.rep, su=False)
        env["field.workday"]._do_open(self.rep.with_env(env), fields.Datetime.now())
        other = self.env(user=self.other_rep, su=False)
        other["field.workday"]._do_open(self.other_rep.with_env(other), fields.Datetime.now())
        _client, key = make_client(self.env, self.leader)
        people = {row["person"] for row in self._get("/workdays", key=key).json()["rows"]}
        self.assertEqual(people, {self.rep.login}, "his team, nobody beside")
        stranger = make_client(self.env, self.stranger)[1]
        self.assertEqual(self._get("/workdays", key=stranger).json()["rows"], [])

    def test_scopes_keys_and_people_are_needed(self):
        self.client.scope_ids = False
        for answer in (self._get("/customers"), self._post([{"reference": "C-9"}], "a")):
            self.assertEqual(
                (answer.status_code, answer.json()["error"]["code"]), (403, "no_scope")
            )
        self.assertEqual(self._get("/nothing").status_code, 422)
        self.assertEqual(self._get(key="x" * 43).json()["error"]["code"], "bad_key")
        self.client.acting_user_id.active = False
        self.assertEqual(self._get().status_code, 401)
        self.client.acting_user_id.active = True
        self.client.action_revoke_key()
        self.assertEqual(self._get().status_code, 401)

    def test_too_many_requests(self):
        self.client.rate_limit = 2
        self.assertEqual([self._get().status_code for _n in "123"], [200, 200, 429])

    def test_sandbox_shows_made_up_rows_and_writes_nothing(self):
        self.client.mode = "sandbox"
        page = self._get("/customers").json()
        self.assertEqual([row["id"] for row in page["rows"]], [1, 2, 3])
        self.assertEqual(page["rows"][0]["name"], "Sample")
        answer = self._post([{"reference": "C-2", "name": "Red Dot"}], "s").json()
        self.assertTrue(answer["dry_run"])
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "C-2")]))

    def test_customers_are_entered_changed_and_never_twice(self):
        row = {
            "reference": "C-2",
            "name": "Red Dot",
            "country": "cn",
            "owner": self.rep.login,
            "lat": 31.2304,
            "lng": 121.4737,
            "datum": "gcj02",
        }
        first = self._post([row, {"reference": "C-1", "phone": "021 555"}], "r1")
        self.assertEqual(first.status_code, 200, first.text)
        states = [found["state"] for found in first.json()["results"]]
        self.assertEqual(states, ["created", "updated"])
        made = self.env["res.partner"].search([("ref", "=", "C-2")])
        self.assertEqual((made.user_id, made.country_id.code), (self.rep, "CN"))
        self.assertNotAlmostEqual(made.partner_latitude, 31.2304, 3, "kept in WGS-84")
        self.assertEqual((self.partner.phone, self.partner.name), ("021 555", "Lotus Tea"))
        self.assertEqual(
            self._post([row, {"reference": "C-1", "phone": "021 555"}], "r1").json(), first.json()
        )
        self.assertEqual(len(self.env["res.partner"].search([("ref", "=", "C-2")])), 1)
        other = self._post([{"reference": "C-3", "name": "B"}], "r1")
        self.assertEqual(other.json()["error"]["code"], "idempotency_conflict")
        self.assertEqual(self._post([row]).json()["error"]["code"], "idempotency_key_missing")

    def test_what_no_database_keeps(self):
        rows = [{"reference": "A\0", "name": "\ud800", "x\0": 1}]
        answer = self._post(rows, "odd")
        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertEqual(answer.json()["results"][0]["state"], "invalid")
        self.assertEqual(self._post(rows, "odd").json(), answer.json())

    def test_mistakes_of_each_row(self):
        self.env["res.partner"].create([{"name": "Twin", "ref": "T"}] * 2)
        rows = [
            5,
            {"name": "No number"},
            {"reference": "N"},
            {"reference": "T"},
            {"reference": "N", "name": "A", "owner": "nobody", "datum": "mars"},
        ]
        answer = self._post(rows, "m")
        self.assertEqual(answer.status_code, 422)
        found = [[e["code"] for e in row["errors"]] for row in answer.json()["results"]]
        self.assertEqual(
            found,
            [
                ["not_an_object"],
                ["name_missing"],
                ["name_missing"],
                ["ambiguous"],
                ["unknown_datum", "unknown_person"],
            ],
        )


@tagged("post_install", "-at_install")
class TestApiClients(FieldCase):
    def test_nobody_but_administrators_manages_them(self):
        client, key = make_client(self.env, self.rep)
        self.assertNotIn(key, client.key_hash)
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.as_user("field.api.client", user).search([])
        auditor = self.as_user("field.api.client", self.auditor).browse(client.id)
        self.assertEqual(auditor.name, "ERP")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            auditor.action_new_key()
        admin = self.as_user("field.api.client", self.admin).browse(client.id)
        with self.assertRaises(AccessError):
            admin.read(["key_hash"])
        self.assertTrue(admin.action_new_key()["context"]["default_key"])

    def test_companies_apart(self):
        client, _key = make_client(self.env, self.stranger)
        self.assertFalse(
            self.as_user("field.api.client", self.admin).search([("id", "=", client.id)])
        )
