from odoo.tests import tagged

from .common import FieldCase


@tagged("post_install", "-at_install")
class TestScope(FieldCase):
    """Who leads whom."""

    def below(self, leader):
        return leader._field_subordinates()

    def test_every_depth_below(self):
        self.assertEqual(self.below(self.leader), self.rep | self.senior | self.junior)
        self.assertEqual(
            self.below(self.director),
            self.leader | self.sibling | self.rep | self.senior | self.junior | self.other_rep,
        )
        self.assertFalse(self.below(self.rep))

    def test_leaders_of_a_person(self):
        leaders = (self.junior | self.director).mapped("field_leader_ids")
        self.assertEqual(leaders, self.senior | self.leader | self.director)
        self.assertFalse(self.director.field_leader_ids)

    def test_change_of_the_chart_takes_effect_at_once(self):
        self.assertIn(self.leader, self.junior.field_leader_ids)
        self.emp_senior.parent_id = self.emp_sibling
        self.assertEqual(self.junior.field_leader_ids, self.senior | self.sibling | self.director)
        self.assertNotIn(self.junior, self.below(self.leader))
        self.assertIn(self.junior, self.below(self.sibling))

    def test_new_employee_takes_effect_at_once(self):
        self.assertFalse(self.internal.field_leader_ids)
        self.env["hr.employee"].create(
            {"name": "New", "user_id": self.internal.id, "parent_id": self.emp_leader.id}
        )
        self.assertEqual(self.internal.field_leader_ids, self.leader | self.director)

    def test_people_without_login_do_not_break_the_chain(self):
        between = self.env["hr.employee"].create(
            {"name": "No login", "parent_id": self.emp_leader.id}
        )
        self.emp_rep.parent_id = between
        self.assertEqual(self.rep.field_leader_ids, self.leader | self.director)
        self.assertIn(self.rep, self.below(self.leader))

    def test_who_left_leads_nobody_but_stays_seen(self):
        self.emp_sibling.active = False
        self.emp_other_rep.parent_id = self.emp_sibling
        self.assertFalse(self.below(self.sibling))
        self.emp_rep.active = False
        self.assertIn(self.rep, self.below(self.leader))

    def test_a_circle_ends(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_employee SET parent_id = %s WHERE id = %s",
            (self.emp_junior.id, self.emp_director.id),
        )
        self.env.invalidate_all()
        self.assertIn(self.rep, self.below(self.director))
        self.assertIn(self.director, self.rep.field_leader_ids)

    def test_search_forms(self):
        Users = self.env["res.users"]
        team = self.rep | self.senior | self.junior
        self.assertEqual(Users.search([("field_leader_ids", "=", self.leader.id)]), team)
        self.assertEqual(
            Users.search([("field_leader_ids", "in", (self.leader | self.sibling).ids)]),
            team | self.other_rep,
        )
        self.assertFalse(Users.search([("field_leader_ids", "in", [])]))
        others = Users.search([("field_leader_ids", "not in", self.leader.ids)])
        self.assertIn(self.other_rep, others)
        self.assertNotIn(self.rep, others)

    def test_cost_does_not_grow_with_the_team(self):
        people = self.rep | self.senior | self.junior | self.other_rep | self.leader
        self.env["field.area"]._is_used()  # remembered until an area is made
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):  # the chart, and which of them are active
            people.mapped("field_leader_ids.id")
        with self.assertQueryCount(1):
            self.env["field.device"].sudo().search(
                [("user_id.field_leader_ids", "in", self.leader.ids)]
            )

    def test_employees_of_rows_in_one_query(self):
        devices = self.device | self.make_device(self.junior) | self.make_device(self.internal)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            employees = devices._field_employees()
        self.assertEqual(employees[self.device.id], self.emp_rep)
        self.assertFalse(employees[devices[-1].id])

    def test_time_zone_of_a_person(self):
        self.assertEqual(self.rep._field_tz(), "Asia/Shanghai")
        self.rep.tz = "Europe/Berlin"
        self.assertEqual(self.rep._field_tz(), "Europe/Berlin")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET tz = 'No/Where' WHERE id = %s", [self.rep.partner_id.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.rep._field_tz(), "Asia/Shanghai")
        self.rep.tz = False
        self.assertEqual(self.rep._field_tz(), "Asia/Shanghai")  # the company's calendar

    def test_position_of_a_partner(self):
        partner = self.env["res.partner"].create({"name": "Shop"})
        self.assertIsNone(partner._field_position())
        partner.write({"partner_latitude": 31.23, "partner_longitude": 121.47})
        self.assertEqual(partner._field_position(), (31.23, 121.47))
