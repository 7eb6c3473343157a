"""What a person does to the plan on the phone, in both languages and without a network: somebody was
here a few days ago, why a visit was missed. With FIELD_PICTURES it makes pictures."""

from datetime import timedelta

import pytest

from .phone_case import PhoneCase
from .phone_town import connect, settled, today

pytestmark = pytest.mark.xdist_group("phone")


class Plan:
    names = frozenset({"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Rep"}) | {
        *("Nanjing", "Road", "Shanghai", "GPS", "m", "km", "Look", "Shelf", "Talk", "Colleague"),
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def start(self):
        tab = self.phone().tab
        tab.go()
        tab.js(f"fieldApp.control.settings.put({{name: 'lang', value: '{self.lang}'}})")
        tab.reload()
        connect(tab, self.login)
        settled(tab)
        return tab

    def rule(self, **values):
        self.town.admin.create(
            "field.policy",
            name="Plans",
            user_id=self.user,
            effective_from="2026-01-01",
            **values,
        )

    def was_there(self, shop, day):
        """A colleague's visit that counts."""
        colleague = self.town.hire(f"{self.login}_mate", name="Colleague")
        visit = self.town.plan(colleague, shop)
        self.town.sql(
            """UPDATE field_visit
                  SET state = 'done', verdict = 'valid', plan_date = day, check_in_at = day,
                      check_out_at = day + interval '9 minutes'
                 FROM (SELECT %s::date AS day) past
                WHERE id = %s""",
            day,
            visit,
        )
        self.town.sql("UPDATE res_partner SET field_last_visit_date = %s WHERE id = %s", day, shop)

    def test_somebody_was_here_a_few_days_ago(self):
        self.rule(duplicate_days=5)
        self.was_there(self.shops[0], today() - timedelta(days=2))
        tab = self.start()
        tab.offline()
        tab.tap("button[name=check_in]")
        tab.see(".o_fv_near", "Colleague")
        self.look(tab, "near")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")

    def test_why_a_visit_was_missed(self):
        visit = self.town.plan(self.user, self.shops[1])
        day = today() - timedelta(days=1)
        self.town.sql(
            "UPDATE field_visit SET state = 'missed', plan_date = %s WHERE id = %s", day, visit
        )
        tab = self.start()
        tab.see(".o_fv_missed")
        self.look(tab, "missed")
        tab.offline()
        tab.tap("button[name=missed_visit]")
        tab.see("button[name=cancel_reason]")
        self.look(tab, "missed-why")
        tab.tap("button[name=cancel_reason]")
        tab.gone(".o_fv_missed")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["visit.missed_reason"])
        row = self.town.admin.row("field.visit", [("id", "=", visit)], ("state", "reason_id"))
        self.assertEqual(row["state"], "missed")
        self.assertTrue(row["reason_id"])
        self.assertFalse(tab.js("!!document.querySelector('.o_fv_missed')"), "not asked again")


class TestPlanEnglish(Plan, PhoneCase):
    pass


class TestPlanChinese(Plan, PhoneCase):
    lang = "zh_CN"
