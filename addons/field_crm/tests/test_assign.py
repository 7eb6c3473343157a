from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import LeadPoolCommon, digits_joined

MONDAY = "2026-11-16 04:00:00"
LANGS = ("en_US", "zh_CN")


@tagged("post_install", "-at_install")
class TestAbility(LeadPoolCommon):
    """Odoo's assignment, with what people can do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        cls.team = cls.env["crm.team"].create(
            {"name": "Able", "use_leads": True, "field_assign_by_ability": True}
        )
        cls.env["crm.team.member"].create(
            [
                {"crm_team_id": cls.team.id, "user_id": user.id, "assignment_max": 300}
                for user in (cls.rep, cls.rep2)
            ]
        )
        cls.env["field.lead.seller"].create(
            [{"user_id": cls.rep.id, "level": "1"}, {"user_id": cls.rep2.id, "level": "3"}]
        )
        cls.new, cls.senior = (
            cls.env["field.lead.seller"].search([("user_id", "=", u.id)])
            for u in (cls.rep, cls.rep2)
        )
        cls.key, cls.small = cls.env["field.lead.segment"].create(
            [{"name": "Key", "level_min": "3"}, {"name": "Small", "level_max": "1"}]
        )

    def _lead(self, **values):
        (lead,) = self._new_leads("L", field_pool_id=False, team_id=self.team.id, **values)
        return lead

    def _assign(self, *leads):
        self.env.flush_all()
        with freeze_time(MONDAY):
            self.team._action_assign_leads(force_quota=True, creation_delta_days=0)
        return [lead.user_id for lead in leads]

    def test_key_accounts_to_seniors_and_small_firms_to_newcomers(self):
        key = [self._lead(field_segment_id=self.key.id) for _n in range(3)]
        small = [self._lead(field_segment_id=self.small.id) for _n in range(3)]
        self.assertEqual(set(self._assign(*key)), {self.rep2})
        self.assertEqual({lead.user_id for lead in small}, {self.rep})
        self.assertIn("Senior", key[0].field_assigned_why)
        self.assertIn("Key", key[0].field_assigned_why)

    def test_why_is_told_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep2.lang = "zh_CN"
        west = self.env["field.lead.region"].create({"name": "West"})
        lead = self._lead(
            field_segment_id=self.key.id,
            field_region_id=west.id,
            lang_id=self.env.ref("base.lang_en").id,
        )
        self.senior.lang_ids = self.env.ref("base.lang_en")
        self._assign(lead)
        english = "experience: Senior, segment: Key, region: West, language: English (US), "
        english += "leads in the last 24 hours: 0"
        reads = {lang: lead.with_context(lang=lang).field_assigned_why for lang in LANGS}
        self.assertEqual(reads["en_US"], english)
        chinese = "客群：Key, 区域：West, 语言：English (US), 近 24 小时线索：0"
        self.assertTrue(reads["zh_CN"].startswith("经验："))
        self.assertTrue(reads["zh_CN"].endswith(chinese))
        self.key.name = "Key accounts"
        west.unlink()
        self.env.invalidate_all()
        self.assertIn("segment: Key accounts, region: West,", lead.field_assigned_why)
        self.assertEqual(
            lead.with_user(self.rep2)
            .with_context(lang="en_US")
            .read(["field_assigned_why"])[0]["field_assigned_why"],
            lead.field_assigned_why,
        )

    def test_no_drought_here_and_flood_there(self):
        leads = [self._lead() for _n in range(6)]
        users = self._assign(*leads)
        self.assertEqual((users.count(self.rep), users.count(self.rep2)), (3, 3))

    def test_region_and_language(self):
        east, west = self.env["field.lead.region"].create([{"name": "East"}, {"name": "West"}])
        self.new.region_ids, self.senior.region_ids = east, west
        lang = self.env["res.lang"]._activate_lang("zh_CN")
        self.new.lang_ids = self.env.ref("base.lang_en")
        in_west = self._lead(field_region_id=west.id)
        in_east = self._lead(field_region_id=east.id)
        chinese = self._lead(lang_id=lang.id)
        users = self._assign(in_west, in_east, chinese)
        self.assertEqual(users, [self.rep2, self.rep, self.rep2])

    def test_wishes_are_given_up_but_experience_never(self):
        nowhere = self.env["field.lead.region"].create({"name": "Nowhere"})
        here = self.env["field.lead.region"].create({"name": "Here"})
        (self.new | self.senior).region_ids = here
        lead = self._lead(field_region_id=nowhere.id)
        self.senior.level = "2"
        key = self._lead(field_segment_id=self.key.id)
        users = self._assign(lead, key)
        self.assertTrue(users[0])
        self.assertIn("nobody fitted better", lead.field_assigned_why)
        self.assertFalse(users[1])

    def test_who_is_on_leave_or_full_gets_nothing(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": self.rep.employee_ids.resource_id.id,
                "date_from": "2026-11-14 00:00:00",
                "date_to": "2026-11-18 00:00:00",
                "time_type": "leave",
            }
        )
        self.senior.open_cap = 2
        leads = [self._lead() for _n in range(4)]
        users = self._assign(*leads)
        self.assertEqual(users.count(self.rep2), 2)
        self.assertEqual(users.count(self.rep), 0)

    def test_other_teams_are_left_to_odoo(self):
        self.team.field_assign_by_ability = False
        lead = self._lead(field_segment_id=self.key.id)
        self._assign(lead)
        self.assertTrue(lead.user_id)
        self.assertFalse(lead.field_assigned_why)

    def test_not_accepted_in_time_goes_to_the_next(self):
        self.team.field_accept_hours = 2
        lead = self._lead()
        (first,) = self._assign(lead)
        other = (self.rep | self.rep2) - first
        noon = fields.Datetime.to_datetime(MONDAY)
        self.assertEqual(lead.field_accept_until, noon + timedelta(hours=2))
        with freeze_time(noon + timedelta(hours=2)), self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_accept").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lead.user_id, other)
        self.assertEqual(lead.field_declined_ids, first)
        with freeze_time(noon + timedelta(hours=3)):
            lead.with_user(other).action_decline()
        self.assertFalse(lead.user_id, "nobody is left")
        self.assertEqual(lead.team_id, self.team)

    def _put_under_clocks(self):
        stage = self.env["crm.stage"].create({"name": "Qualified", "sequence": 102})
        with self.assertRaises(ValidationError):
            self.team.field_pool_id = self.pool
        self.pool.write({"recycle_on": True, "convert_stage_id": stage.id})
        self.team.field_pool_id = self.pool

    def test_clocks_run_for_assigned_leads_and_take_them_back(self):
        self._put_under_clocks()
        noon = fields.Datetime.to_datetime(MONDAY)
        for by_ability in (True, False):
            self.team.field_assign_by_ability = by_ability
            lead = self._lead()
            (owner,) = self._assign(lead)
            self.assertEqual(lead.field_contact_deadline, noon + timedelta(hours=24))
            self.assertEqual(lead.field_followup_deadline, noon + timedelta(days=15))
            self.assertEqual(lead.field_convert_deadline, noon + timedelta(days=30))
            self.assertEqual(self._history(lead), [("assign", owner, False)])
            with freeze_time(noon + timedelta(days=2)), self.enter_registry_test_mode():
                self.env.ref("field_crm.ir_cron_recycle").method_direct_trigger()
            self.env.invalidate_all()
            self.assertTrue(lead.field_in_pool, by_ability)

    def test_without_a_pool_no_clock_runs(self):
        lead = self._lead()
        self._assign(lead)
        self.assertFalse(lead.field_pool_id)
        self.assertFalse(lead.field_recycle_at)

    def test_the_next_has_his_own_time_and_the_last_leaves_it_to_the_pool(self):
        self._put_under_clocks()
        self.team.field_accept_hours = 2
        lead = self._lead()
        (first,) = self._assign(lead)
        noon = fields.Datetime.to_datetime(MONDAY)
        with freeze_time(noon + timedelta(hours=1)):
            lead.with_user(first).action_decline()
        self.assertEqual(lead.field_contact_deadline, noon + timedelta(hours=25))
        with freeze_time(noon + timedelta(hours=2)):
            lead.with_user(lead.user_id).action_decline()
        self.assertTrue(lead.field_in_pool)
        self.assertFalse(lead.field_recycle_at)

    def test_accepted_stays(self):
        self.team.field_accept_hours = 2
        lead = self._lead()
        (first,) = self._assign(lead)
        other = (self.rep | self.rep2) - first
        with self.assertRaises(UserError):
            lead.sudo().with_user(other).sudo().with_user(self.leader).action_accept()
        with freeze_time(MONDAY):
            lead.with_user(first).action_accept()
        self.assertFalse(lead.field_accept_until)
        with self.assertRaises(UserError):
            lead.with_user(first).action_decline()


@tagged("post_install", "-at_install")
class TestPoints(LeadPoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["field.lead.point.rule"].create(
            [
                {
                    "name": "Big",
                    "points": 50,
                    "group": "size",
                    "lead_domain": "[('expected_revenue', '>=', 1000)]",
                },
                {
                    "name": "Medium",
                    "points": 20,
                    "group": "size",
                    "lead_domain": "[('expected_revenue', '>=', 100)]",
                },
                {"name": "Near", "points": 15, "lead_domain": "[('city', '=', 'Shanghai')]"},
                {
                    "name": "Free mail",
                    "points": -30,
                    "lead_domain": "[('email_from', '=like', '%@qq.com')]",
                },
            ]
        )

    def _lead(self, **values):
        return self._new_leads("P", **values)[0]

    def test_points_with_their_reasons(self):
        lead = self._lead(expected_revenue=5000, city="Shanghai")
        self.assertEqual((lead.field_points, lead.field_heat), (65, "hot"))
        self.assertEqual(lead.field_points_why, "+50 Big\n+15 Near", "of a group the best only")
        lead.expected_revenue = 200
        self.assertEqual((lead.field_points, lead.field_heat), (35, "warm"))
        lead.write({"email_from": "a@qq.com"})
        self.assertEqual((lead.field_points, lead.field_heat), (5, "cold"))

    def test_probability_of_odoo_stays(self):
        plain, rich = self._lead(), self._lead(expected_revenue=5000)
        self.assertEqual(plain.automated_probability, rich.automated_probability)

    def test_hot_by_points_is_drawn(self):
        self.pool.draw_minutes = 10
        lead = self._lead(expected_revenue=5000, city="Shanghai")
        self.assertTrue(lead._is_hot())

    def test_did_the_rules_predict(self):
        near = self.env["field.lead.point.rule"].search([("name", "=", "Near")])
        self.assertEqual(near.verdict, "few")
        self.assertEqual(near._judge(15, 20, 10, 40)["verdict"], "good")
        self.assertEqual(near._judge(15, 20, 10, 40)["won_rate"], 75)
        self.assertEqual(near._judge(10, 40, 10, 40)["verdict"], "none")
        won = self._lead(city="Shanghai")
        won.action_set_won()
        self._lead(city="Shanghai").action_set_lost()
        near.invalidate_recordset()
        self.assertEqual((near.hit_count, near.won_rate), (2, 50))

    def test_nightly_job(self):
        lead = self._lead(city="Shanghai")
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET field_points = 0 WHERE id = %s", (lead.id,))
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_points").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lead.field_points, 15)


@tagged("post_install", "-at_install")
class TestLeadsOnThePhone(LeadPoolCommon):
    def _rows(self, user):
        app = self.env["field.app"].with_user(user)
        found = {}
        for name in ("pool_leads", "my_leads"):
            collection = app._collections()[name]
            records = app.env[collection.model].search(collection.domain)
            found[name] = {row["id"]: row for row in collection.rows_of(records)}
        return found

    def test_pool_without_contact_and_own_with_countdown(self):
        self.pool.recycle_on = True
        (self.lead | self.lead2).write({"phone": "+8613812345678", "field_lat": 31.2})
        before = self._rows(self.rep)
        self.assertEqual(set(before["pool_leads"]), set((self.lead | self.lead2 | self.lead3).ids))
        self.assertNotIn("1381234", digits_joined(before))
        with freeze_time(MONDAY):
            self.lead.with_user(self.rep).action_claim()
        after = self._rows(self.rep)
        self.assertNotIn(self.lead.id, after["pool_leads"])
        row = after["my_leads"][self.lead.id]
        self.assertEqual(row["phone"], "+8613812345678")
        self.assertEqual((row["recycle_at"], row["clock"]), ("2026-11-17T04:00:00Z", "contact"))
        self.assertFalse(self._rows(self.outsider)["pool_leads"])
        self.assertFalse(self._rows(self.rep2)["my_leads"])
