import hashlib
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.lead_schema import check
from .common import REP, LeadPoolCommon, digits_joined


class TestLeadSchema(BaseCase):
    def test_each_mistake_has_its_field_and_code(self):
        self.assertEqual(check({"company": "A"}), [])
        self.assertEqual(check([]), [("", "not_an_object")])
        wrong = {
            "phone": 5,
            "email": "nobody",
            "country": "China",
            "expected_revenue": "1",
            "priority": 1.5,
            "lat": 91,
            "tags": "a",
            "description": "x" * 10001,
            "user_id": 1,
        }
        self.assertEqual(
            dict(check(wrong)),
            {
                "user_id": "unknown_field",
                "phone": "not_text",
                "email": "not_an_address",
                "country": "not_a_country",
                "expected_revenue": "not_a_number",
                "priority": "not_a_number",
                "lat": "lat_lng_together",
                "tags": "not_a_list",
                "description": "too_long",
                "company": "name_missing",
            },
        )
        for number in (float("nan"), True, 1e13, -1):
            self.assertTrue(check({"company": "A", "expected_revenue": number}), number)


@tagged("post_install", "-at_install")
class TestIntake(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"no_reset_password": True}
        cls.rep = new_test_user(cls.env, "intake_rep", groups=REP, context=quiet)
        cls.manager = new_test_user(
            cls.env, "intake_manager", groups="sales_team.group_sale_manager", context=quiet
        )
        cls.pool = cls.env["field.lead.pool"].create(
            {"name": "Website", "member_ids": [Command.set(cls.rep.ids)]}
        )
        cls.utm = cls.env["utm.source"].create({"name": "Contact form"})
        cls.source = cls.env["field.lead.source"].create(
            {"name": "Form", "source_id": cls.utm.id, "pool_id": cls.pool.id}
        )
        action = cls.source.with_user(cls.manager).action_new_key()
        cls.key = action["context"]["default_key"]
        cls.lead = {
            "reference": "W-1",
            "company": "Red Dot Ltd",
            "contact": "Li Na",
            "phone": "+86 138 1234 5678",
            "email": "li@red.example",
            "country": "cn",
            "city": "Shanghai",
            "description": "Wants <b>20</b> chairs",
            "campaign": "Autumn",
            "expected_revenue": 5000,
            "priority": 2,
        }

    def _post(self, body, key=None, request=None, raw=None):
        headers = {"Content-Type": "application/json"}
        if key is not False:
            headers["Authorization"] = f"Bearer {key or self.key}"
        if request:
            headers["Idempotency-Key"] = request
        data = raw if raw is not None else json.dumps(body)
        return self.url_open("/field/api/v1/leads", data=data, headers=headers)

    def _leads(self):
        return self.env["crm.lead"].search([("field_source_key_id", "=", self.source.id)])

    def test_lead_comes_in_with_source_and_pool(self):
        answer = self._post(self.lead, request="r1")
        self.assertEqual(answer.status_code, 200, answer.text)
        result = answer.json()["results"][0]
        self.assertEqual((result["state"], result["reference"]), ("created", "W-1"))
        lead = self._leads()
        self.assertEqual(lead.id, result["id"])
        self.assertEqual((lead.source_id, lead.campaign_id.name), (self.utm, "Autumn"))
        self.assertEqual(
            (lead.partner_name, lead.phone_sanitized), ("Red Dot Ltd", "+8613812345678")
        )
        self.assertEqual(lead.field_pool_id, self.pool)
        self.assertFalse(lead.user_id)
        self.assertIn("&lt;b&gt;20", lead.description)
        intake = lead.field_intake_id
        self.assertEqual(intake.payload, [self.lead], "kept as it came")
        self.assertEqual((intake.created_count, self.source.lead_count), (1, 1))

    def test_same_request_again_gives_the_same_answer(self):
        first = self._post(self.lead, request="r1").json()
        self.assertEqual(self._post(self.lead, request="r1").json(), first)
        self.assertEqual(len(self._leads()), 1)
        other = self._post({**self.lead, "city": "Suzhou"}, request="r1")
        self.assertEqual(other.status_code, 422)
        self.assertEqual(other.json()["error"]["code"], "idempotency_conflict")
        again = self._post(self.lead, request="r2").json()["results"][0]
        self.assertEqual((again["state"], again["id"]), ("known", first["results"][0]["id"]))
        self.assertEqual(len(self._leads()), 1)
        missing = self._post(self.lead)
        self.assertEqual(missing.json()["error"]["code"], "idempotency_key_missing")

    def test_batch_names_the_mistakes_of_each_lead(self):
        body = {"leads": [self.lead, {"company": "B", "email": "x", "country": "ZZ"}, 5]}
        answer = self._post(body, request="b1")
        self.assertEqual(answer.status_code, 200)
        results = answer.json()["results"]
        self.assertEqual([row["state"] for row in results], ["created", "invalid", "invalid"])
        self.assertEqual(
            [(e["field"], e["code"]) for e in results[1]["errors"]], [("email", "not_an_address")]
        )
        self.assertTrue(all(error["message"] for error in results[2]["errors"]))
        country = self._post({"company": "B", "country": "ZZ"}, request="b2")
        self.assertEqual(country.status_code, 422)
        self.assertEqual(country.json()["results"][0]["errors"][0]["code"], "unknown_country")

    def test_dry_run_and_a_key_for_trying_enter_nothing(self):
        answer = self._post({"dry_run": True, "leads": [self.lead, {"x": 1}]}).json()
        self.assertTrue(answer["dry_run"])
        self.assertEqual([row["state"] for row in answer["results"]], ["valid", "invalid"])
        self.source.scope = "test"
        answer = self._post(self.lead, request="r1").json()
        self.assertEqual(answer["results"][0]["state"], "valid")
        self.assertFalse(self._leads())
        self.assertFalse(self.source.intake_ids)

    def test_wrong_revoked_and_ended_keys_are_refused(self):
        device = {"Authorization": "Bearer x"}
        for key in ("x" * 43, False, "short"):
            answer = self._post(self.lead, key=key, request="r")
            self.assertEqual(answer.status_code, 401, device)
            self.assertEqual(answer.json()["error"]["code"], "bad_key")
        self.source.expires_on = fields.Date.today() - timedelta(days=1)
        self.assertEqual(self._post(self.lead, request="r").status_code, 401)
        self.source.expires_on = False
        self.source.with_user(self.manager).action_revoke_key()
        self.assertEqual(self._post(self.lead, request="r").status_code, 401)
        self.assertFalse(self._leads())

    def test_key_is_kept_as_a_hash_and_shown_once(self):
        self.assertEqual(self.source.key_hash, hashlib.sha256(self.key.encode()).hexdigest())
        with self.assertRaises(AccessError):
            self.source.with_user(self.manager).read(["key_hash"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.source.with_user(self.rep).action_new_key()

    def test_too_many_requests(self):
        self.source.rate_limit = 2
        codes = [self._post({"dry_run": True, "leads": [self.lead]}).status_code for _n in "123"]
        self.assertEqual(codes, [200, 200, 429])

    def test_odd_bodies_are_refused_in_json(self):
        for raw, status in (
            ("{", 400),
            ('"x"', 422),
            ("[]", 422),
            ('{"leads": 5}', 400),
            ('{"leads": []}', 422),
            ('{"leads": [{"company": "A"}], "dry_run": "yes"}', 400),
            ('{"company": "A\\u0000B"}', 422),
            ('{"company": "A", "expected_revenue": 1e999}', 422),
        ):
            answer = self._post(None, raw=raw, request=f"odd {raw}")
            self.assertEqual(answer.status_code, status, raw)
            self.assertTrue(answer.json())

    def test_known_lead_is_refused_in_words_when_the_company_blocks(self):
        self.env.company.field_duplicate_mode = "block"
        self._post(self.lead, request="r1")
        again = {**self.lead, "reference": "W-2", "company": "RED DOT"}
        result = self._post(again, request="r2").json()["results"][0]
        self.assertEqual(result["state"], "duplicate")
        self.assertIn("exists", result["message"])
        self.assertNotIn("1381234", digits_joined(result["message"]))
        self.assertEqual(len(self._leads()), 1)

    def test_lead_goes_into_the_pool_of_its_region(self):
        self.source.pool_id = False
        region = self.env["field.lead.region"].create({"name": "R", "cities": "Shanghai"})
        east = self.env["field.lead.pool"].create(
            {"name": "East", "region_ids": [Command.set(region.ids)], "sequence": 1}
        )
        self._post(self.lead, request="r1")
        self.assertEqual(self._leads().field_pool_id, east)

    def test_reps_read_no_requests_and_no_sources(self):
        self._post(self.lead, request="r1")
        for model in ("field.lead.source", "field.lead.intake"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.env[model].with_user(self.rep).search([])


@tagged("post_install", "-at_install")
class TestWebhooks(LeadPoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        topics = cls.env["field.webhook.topic"].search([("code", "=like", "lead.%")])
        cls.hook = cls.env["field.webhook"].create(
            {
                "name": "CRM of the group",
                "url": "https://hooks.example/leads",
                "topic_ids": [Command.set(topics.ids)],
            }
        )

    def _events(self):
        return self.hook.delivery_ids.sorted("id").mapped("topic")

    def test_events_of_a_life(self):
        self.pool.recycle_on = True
        (lead,) = self._new_leads("Life", phone="+8613812345678")
        lead.with_user(self.rep).action_claim()
        lead.with_user(self.rep).action_return_to_pool("No")
        lead.with_user(self.rep2).action_claim()
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.env["crm.lead"]._recycle_batch(fields.Datetime.now())
        lead.with_user(self.rep).action_claim()
        lead.action_set_won()
        events = ["created", "assigned", "recycled", "assigned", "recycled", "assigned", "won"]
        self.assertEqual(self._events(), [f"lead.{event}" for event in events])
        bodies = self.hook.delivery_ids.mapped("body")
        self.assertNotIn("1381234", digits_joined(bodies))

    def test_a_new_owner_does_not_make_odoo_compute_the_probability(self):
        """Odoo's own assignment counts its queries; four of them are the probability's."""
        (lead,) = self._new_leads("Light")
        field = lead._fields["automated_probability"]
        teams = self.env["crm.team"].create([{"name": "One"}, {"name": "Two"}])
        for hooks, team in zip((1, 0), teams, strict=True):
            self.hook.active = bool(hooks)
            self.env.flush_all()
            lead.write({"team_id": team.id})
            lead.write({"user_id": self.env.uid if hooks else False})
            self.assertIn(lead, self.env.records_to_compute(field))

    def test_who_wants_to_hear_of_nothing_hears_nothing(self):
        self.hook.topic_ids = self.env.ref("field_crm.field_webhook_topic_lead_won")
        self._new_leads("Quiet")
        self.assertFalse(self._events())

    def test_confirmed_order(self):
        self.hook.topic_ids = self.env.ref("field_crm.field_webhook_topic_order_confirmed")
        order = self.env["sale.order"].create({"partner_id": self.env.company.partner_id.id})
        self.assertFalse(self._events())
        order.action_confirm()
        body = json.loads(self.hook.delivery_ids.body)
        self.assertEqual((body["event"], body["order"]["name"]), ("order.confirmed", order.name))

    def test_costs_are_of_a_month(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        cost = self.env["field.lead.cost"].create({"source_id": source.id, "amount": 10})
        self.assertEqual(cost.month.day, 1)
        with self.assertRaises(ValidationError):
            cost.month = "2026-11-02"
