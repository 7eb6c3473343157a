import json
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import Mock, patch

import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tests.common import BaseCase

from ..models import field_register_provider as providers
from ..tools import register
from .common import LeadPoolCommon

# As the service answers; the name of the person in it was taken out.
ANSWER = json.loads((Path(__file__).parent / "answers" / "tianyancha_baseinfo.json").read_text())
NONE = {"result": None, "reason": "无数据", "error_code": 300000}
EMPTY = {"result": None, "reason": "余额不足", "error_code": 300006}
COMPANY = "中航重机股份有限公司"


class TestRegisterAnswers(BaseCase):
    def test_tianyancha(self):
        found = register.read_tianyancha(ANSWER)
        self.assertEqual(found["name"], COMPANY)
        self.assertEqual(found["tax_id"], "91520000214434146R")
        self.assertEqual(found["founded"], date(1996, 11, 14))
        self.assertEqual((found["capital_amount"], found["staff_from"]), (778003200.0, 5000))
        self.assertEqual((found["status"], found["risk"]), ("存续", ""))
        self.assertEqual(found["website"], "www.hm.avic.com")

    def test_tianyancha_says_no(self):
        self.assertIsNone(register.read_tianyancha(NONE))
        self.assertIsNone(register.read_tianyancha({"result": {}, "error_code": 0}))
        with self.assertRaises(register.RegisterError) as caught:
            register.read_tianyancha(EMPTY)
        self.assertTrue(caught.exception.is_credit)
        with self.assertRaises(register.RegisterError) as caught:
            register.read_tianyancha({"error_code": 300004, "reason": "访问频率过快"})
        self.assertFalse(caught.exception.is_credit)

    def test_company_that_is_gone_warns(self):
        gone = {"result": {**ANSWER["result"], "regStatus": "吊销，未注销"}, "error_code": 0}
        self.assertEqual(register.read_tianyancha(gone)["risk"], "吊销，未注销")

    def test_days_and_amounts(self):
        text = {"result": {"name": "A", "estiblishTime": "2001-06-05 00:00:00.0"}}
        self.assertEqual(register.read_tianyancha(text)["founded"], date(2001, 6, 5))
        for text, amount in (
            ("1342128万人民币", 13421280000.0),
            ("1.5亿元", 150000000.0),
            ("3,000 万", 30000000.0),
            ("500000美元", 500000.0),
            ("-", 0.0),
            (None, 0.0),
        ):
            self.assertEqual(register.amount_of(text), amount, text)


@tagged("post_install", "-at_install")
class TestRegister(LeadPoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("register_manager", "sales_team.group_sale_manager")
        cls.provider = cls.env["field.register.provider"].create(
            {
                "name": "Tianyancha",
                "kind": "tianyancha",
                "api_key": "token-1",
                "monthly_cap": 2,
                "price": 0.15,
            }
        )
        cls.lead.write({"partner_name": COMPANY, "user_id": cls.rep.id, "street": "Our street 1"})

    def _answer(self, body):
        answer = Mock(json=lambda: body, raise_for_status=lambda: None)
        return patch.object(providers.requests, "get", return_value=answer)

    def test_look_up_fills_what_is_empty_and_keeps_what_was_written(self):
        with self._answer(ANSWER) as get:
            self.lead.with_user(self.rep).action_look_up()
        self.assertEqual(get.call_args.kwargs["headers"], {"Authorization": "token-1"})
        self.assertEqual(get.call_args.kwargs["params"], {"keyword": COMPANY})
        self.assertTrue(get.call_args.kwargs["timeout"])
        entry = self.lead.field_register_id
        self.assertEqual((entry.staff, entry.industry), ("5000-9999人", "汽车制造业"))
        self.assertEqual(self.lead.field_tax_id, "91520000214434146R")
        self.assertEqual(self.lead.street, "Our street 1")
        self.assertEqual(entry.create_uid, self.rep)

    def test_the_name_of_a_person_needs_a_reason(self):
        with self._answer(ANSWER):
            self.lead.action_look_up()
        self.assertFalse(self.lead.field_register_id.legal_person)
        self.lead.field_register_id.unlink()
        self.provider.legal_basis = "Contract talks, Art. 13 (1) 2 PIPL"
        with self._answer(ANSWER):
            self.lead.action_look_up()
        self.assertEqual(self.lead.field_register_id.legal_person, "某某")

    def test_the_same_company_is_asked_once_and_again_when_it_is_old(self):
        self.lead2.write({"partner_name": "中航重机股份有限 公司", "user_id": self.rep.id})
        with self._answer(ANSWER) as get:
            (self.lead | self.lead2).action_look_up()
            self.assertEqual(get.call_count, 1)
            self.assertEqual(self.lead2.field_register_id, self.lead.field_register_id)
            self.provider.cache_days = 0
            self.lead2.action_look_up()
            self.assertEqual(get.call_count, 2)
        self.assertEqual(self.provider.call_count, 2)
        self.assertAlmostEqual(self.provider.month_cost, 0.3)

    def test_cap_of_the_month(self):
        self.provider.write({"cache_days": 0, "monthly_cap": 1})
        with self._answer(ANSWER) as get:
            self.lead.action_look_up()
            with self.assertRaisesRegex(UserError, "used up"):
                self.lead.action_look_up()
            self.assertEqual(get.call_count, 1)
            with freeze_time(fields.Datetime.now() + timedelta(days=32)):
                self.assertFalse(
                    self.env["field.register.provider"].browse(self.provider.id).call_count
                )
                self.lead.action_look_up()
            self.assertEqual(get.call_count, 2)

    def test_unknown_company_and_one_with_a_similar_name(self):
        self.lead.partner_name = "中航轻机有限公司"
        for body in (NONE, ANSWER):
            with self._answer(body):
                self.lead.action_look_up()
            self.assertFalse(self.lead.field_register_id)
            self.assertEqual(self.provider.entry_ids[:1].state, "none")
            self.provider.entry_ids.unlink()

    def test_next_register_is_asked_when_one_fails(self):
        with self._answer(EMPTY), self.assertRaisesRegex(UserError, "余额不足"):
            self.lead.action_look_up()
        self.env["field.register.provider"].create(
            {"name": "Second", "kind": "tianyancha", "api_key": "token-2"}
        )
        answers = [requests.Timeout(), Mock(json=lambda: ANSWER, raise_for_status=lambda: None)]
        with patch.object(providers.requests, "get", side_effect=answers):
            self.lead.action_look_up()
        self.assertEqual(self.lead.field_register_id.provider_id.name, "Second")

    def test_partner_autocomplete(self):
        self.provider.write({"kind": "autocomplete", "monthly_cap": 10})
        self.lead.partner_name = "Blue River"
        if "iap.autocomplete.api" not in self.env:
            with self.assertRaisesRegex(UserError, "not installed"):
                self.lead.action_look_up()
            return
        # The forms of Odoo's own recorded answers.
        answers = {
            "search_by_name": [
                {"name": "Blue Rivers Holding", "duns": "123", "city": "Leuven"},
                {"name": "Blue River", "duns": "456", "city": "Ramillies"},
            ],
            "enrich_by_duns": {
                "name": "Blue River",
                "vat": "BE0477472701",
                "duns": "456",
                "city": "Ramillies",
                "zip": "1367",
                "street": "Chaussée de Namur 40",
                "street2": False,
                "website": "www.blueriver.example",
                "country_code": "be",
            },
        }
        calls = []

        def contact(_endpoint, action, params, timeout):
            calls.append((action, params.get("duns")))
            return {"data": answers[action]}

        api = type(self.env["iap.autocomplete.api"])
        with patch.object(api, "_contact_iap", side_effect=contact):
            self.lead.action_look_up()
        self.assertEqual(calls, [("search_by_name", None), ("enrich_by_duns", "456")])
        entry = self.lead.field_register_id
        self.assertEqual((entry.tax_id, entry.website), ("BE0477472701", "www.blueriver.example"))
        self.assertEqual(self.provider.call_count, 2, "both calls are paid")
        self.provider.cache_days = 0
        with (
            patch.object(api, "_contact_iap", side_effect=ValueError),
            self.assertRaisesRegex(UserError, "No account token"),
        ):
            self.lead.action_look_up()

    def test_works_without_any(self):
        self.provider.active = False
        self.assertFalse(self.lead.field_register_asked)
        with self.assertRaisesRegex(UserError, "no company register"):
            self.lead.action_look_up()
        self.env["crm.lead"]._cron_look_up()
        self.provider.active = True
        self.env.invalidate_all()
        self.assertTrue(self.lead.field_register_asked)
        self.assertFalse(self.lead3.field_register_asked, "no company to ask for")

    def test_new_leads_by_night_until_the_cap(self):
        names = ("甲一食品有限公司", "乙二食品有限公司", "丙三食品有限公司")
        leads = self._new_leads(*names)
        for lead, name in zip(leads, names, strict=True):
            lead.partner_name = name
        self.lead.active = False
        self.provider.auto_new = True

        def get(_url, params, **_more):
            body = {**ANSWER, "result": {**ANSWER["result"], "name": params["keyword"]}}
            return Mock(json=lambda: body, raise_for_status=lambda: None)

        with (
            patch.object(providers.requests, "get", side_effect=get) as asked,
            self.enter_registry_test_mode(),
        ):
            self.env.ref("field_crm.ir_cron_register").method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(asked.call_count, 2)
        self.assertEqual(len(leads.filtered("field_register_id")), 2)

    def test_points_by_what_the_register_says(self):
        self.env["field.lead.point.rule"].create(
            {
                "name": "Large",
                "points": 40,
                "lead_domain": "[('field_register_id.staff_from', '>=', 1000)]",
            }
        )
        with self._answer(ANSWER):
            self.lead.action_look_up()
        self.assertEqual((self.lead.field_points, self.lead.field_heat), (40, "warm"))

    def test_who_may_what(self):
        with self._answer(ANSWER) as get:
            self.lead2.partner_name = COMPANY
            self.lead2.with_user(self.manager).action_look_up()
            self.assertTrue(self.lead2.field_register_id)
            self.lead3.partner_name = "丁四食品有限公司"
            self.lead3.with_user(self.rep).action_look_up()  # still in the pool: nobody pays for it
            self.assertEqual(get.call_count, 1)
            with self.assertRaises(AccessError):
                self.lead.with_user(self.outsider).action_look_up()
        entry = self.lead2.field_register_id
        self.assertEqual(entry.with_user(self.rep).read(["name"])[0]["name"], COMPANY)
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                entry.with_user(user).write({"name": "Mine"})
            with self.assertRaises(AccessError):
                self.provider.with_user(user).read(["name"])
        with self.assertRaises(ValidationError):
            self.provider.api_key = False
        with self.assertRaises(UserError):
            (self._new_leads(*map(str, range(51)))).action_look_up()
