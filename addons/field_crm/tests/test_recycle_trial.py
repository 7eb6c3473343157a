from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..tools.breach import Period, first_breach
from ..tools.caps import try_caps
from ..tools.clocks import add_hours, add_working_hours, nth_working_day_end
from .recycle import DAY, HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestTrial(RecycleCommon):
    def test_trial_lists_what_the_clocks_would_have_taken(self):
        self.pool.recycle_on = False
        self._claim(self.lead)
        self._claim(self.lead2)
        self._claim(self.lead3)
        self._call(self.lead2, MONDAY + HOUR)
        self._call(self.lead3, MONDAY + 30 * HOUR)
        manager = self._new_user("trial_manager", "sales_team.group_sale_manager")
        with freeze_time(MONDAY + 10 * DAY):
            action = self.pool.with_user(manager).action_trial()
        trial = self.env["field.lead.trial"].with_user(manager).browse(action["res_id"])
        self.assertEqual(trial.period_count, 3)
        hits = {line.lead_id: (line.clock, line.at, bool(line.doubt)) for line in trial.line_ids}
        self.assertEqual(
            hits,
            {
                self.lead: ("contact", MONDAY + DAY, False),
                self.lead3: ("contact", MONDAY + DAY, True),
            },
        )
        self.assertEqual(self.lead.user_id, self.rep, "nothing is changed")
        trial.contact_hours = 0
        trial.action_run()
        self.assertFalse(trial.line_ids)
        with self.assertRaises(AccessError):
            trial.with_user(self.leader).read(["summary"])

    def test_trial_says_whom_limits_would_have_stopped(self):
        for lead in (self.lead, self.lead2, self.lead3):
            self._claim(lead)
        with freeze_time(MONDAY + DAY):
            action = self.pool.action_trial()
        trial = self.env["field.lead.trial"].browse(action["res_id"])
        self.assertIn("<td>3</td><td>3</td><td>3</td><td>0</td>", trial.caps_summary)
        trial.claims_per_day = 2
        with freeze_time(MONDAY + DAY):
            trial.action_run()
        self.assertIn("<td>3</td><td>3</td><td>3</td><td>1</td>", trial.caps_summary)
        self.assertEqual(self.lead3.user_id, self.rep, "nothing is changed")

    def test_limits_one_claim_after_the_other(self):
        def period(hour, end=None):
            return Period(1, "L", 7, MONDAY + hour * HOUR, end and MONDAY + end * HOUR)

        past = [period(3), period(0, 10), period(1), period(12), period(30)]
        for limits, refused in (((0, 0), 0), ((2, 0), 2), ((1, 0), 3), ((0, 2), 2), ((2, 1), 3)):
            use = try_caps(past, *limits, lambda p: p.start.date())[7]
            self.assertEqual(use.refused, refused, limits)
            self.assertEqual((use.claims, use.most_held, use.most_in_a_day), (5, 4, 4))

    def test_first_breach(self):
        def after(start, hours=0, days=0):
            return start + timedelta(hours=hours, days=days)

        now = MONDAY + 60 * DAY
        period = Period(1, "L", 2, MONDAY)
        contact, follow = (MONDAY + HOUR, True, False), (MONDAY + 10 * DAY, True, True)
        for touches, limits, expected in (
            ([], (24, 15, 30), ("contact", MONDAY + DAY)),
            ([contact], (24, 15, 30), ("followup", MONDAY + 15 * DAY)),
            ([contact, follow], (24, 15, 30), ("followup", MONDAY + 25 * DAY)),
            ([contact, follow], (24, 0, 30), ("convert", MONDAY + 30 * DAY)),
            ([contact], (24, 0, 0), None),
        ):
            self.assertEqual(first_breach(period, touches, now, after, limits), expected)
        period.end = MONDAY + 12 * HOUR
        self.assertIsNone(first_breach(period, [], now, after, (24, 15, 30)))
        period.end, period.converted_at = None, MONDAY + 20 * HOUR
        self.assertIsNone(first_breach(period, [], now, after, (24, 15, 30)))

    def test_arithmetic_of_clocks(self):
        pause = [(MONDAY + 2 * HOUR, MONDAY + 5 * HOUR), (MONDAY + 6 * HOUR, MONDAY + 7 * HOUR)]
        self.assertEqual(add_hours(MONDAY, 2, pause), MONDAY + 2 * HOUR)
        self.assertEqual(add_hours(MONDAY, 4, pause), MONDAY + 8 * HOUR)
        self.assertEqual(add_hours(MONDAY + 3 * HOUR, 1, pause), MONDAY + 6 * HOUR)
        spans = [(MONDAY, MONDAY + 8 * HOUR), (MONDAY + DAY, MONDAY + DAY + 8 * HOUR)]
        self.assertEqual(add_working_hours(MONDAY + HOUR, 8, spans), MONDAY + DAY + HOUR)
        self.assertIsNone(add_working_hours(MONDAY, 17, spans))
        days = [(None, [spans[0]]), (None, []), (None, [spans[1]])]
        end = MONDAY + DAY + 8 * HOUR
        self.assertEqual(nth_working_day_end(MONDAY, 1, days), end)
        self.assertIsNone(nth_working_day_end(MONDAY, 2, days))
