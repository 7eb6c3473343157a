"""The planning board: whom it shows, what a move means, customers planned from the map."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase

MONDAY, TUESDAY, SUNDAY = "2026-11-23", "2026-11-24", "2026-11-29"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestPlanBoard(VisitCase):
    def _board(self, user=None, **args):
        return self.env["field.visit"].with_user(user or self.lea).get_plan_board(**args)

    def _names(self, board):
        return [person["name"] for person in board["people"]]

    def test_board_shows_own_people_with_their_days(self):
        board = self._board()
        self.assertEqual(self._names(board), ["Lea", "Ravi", "Rita"])
        self.assertEqual((board["start"], board["today"], len(board["days"])), (MONDAY, MONDAY, 7))
        days = board["people"][2]["days"]
        self.assertEqual((days[MONDAY]["kind"], days[SUNDAY]["kind"]), ("work", "off"))
        self.assertGreater(days[MONDAY]["hours"], 6)
        self.assertEqual(self._names(self._board(self.rita)), ["Rita"])
        self.assertLessEqual({"Olga", "Ravi", "Rita"}, set(self._names(self._board(self.dora))))
        auditor = self._board(self.audra)
        self.assertIn("Olga", self._names(auditor))
        self.assertFalse(auditor["editable"])

    def test_cards_say_what_there_is_to_know(self):
        self.lucky.field_visiting_hours_ids = [(0, 0, {"weekday": "1"})]
        visit = self._plan(plan_date=MONDAY, plan_time=9.5, plan_minutes=45)
        self._plan(plan_date=MONDAY, partner=self.lucky)
        self._plan(plan_date="2026-12-01")
        self._plan(user=self.olga, plan_date=MONDAY)
        cards = self._board()["visits"]
        self.assertEqual([card["name"] for card in cards], ["Golden Dragon", "Lucky 88"])
        card, closed = cards
        self.assertEqual(closed["warning"], "Receives nobody on this day")
        self.assertEqual(closed["minutes"], 30)
        self.assertEqual((card["id"], card["time"], card["minutes"]), (visit.id, "9:30", 45))
        self.assertTrue(card["can_move"])
        self.assertAlmostEqual(card["lat"], self.dragon.partner_latitude)

    def test_move_to_another_day_and_person(self):
        visit = self._plan(plan_date=MONDAY, source="rule", route_sequence=3)
        said = visit.with_user(self.lea).action_move(TUESDAY, self.ravi.id)
        self.assertEqual(said, [])
        self.assertEqual((visit.plan_date, visit.sudo().user_id), (date(2026, 11, 24), self.ravi))
        self.assertTrue(visit.sudo().plan_touched, "machines leave it alone from now on")
        self.assertEqual(visit.sudo().route_sequence, 0)

    def test_a_move_to_where_it_stands_touches_nothing(self):
        visit = self._plan(plan_date=MONDAY, source="rule")
        visit.with_user(self.lea).action_move(MONDAY, self.rita.id)
        self.assertFalse(visit.plan_touched)

    def test_what_speaks_against_the_new_day_is_said(self):
        self.dragon.field_visiting_hours_ids = [(0, 0, {"weekday": "1"})]
        self._plan(user=self.ravi, plan_date=SUNDAY)
        visit = self._plan(plan_date=MONDAY)
        said = visit.with_user(self.lea).action_move(SUNDAY)
        self.assertEqual(
            said,
            [
                "Rita does not work that day.",
                "Golden Dragon receives nobody on that day.",
                "Golden Dragon has another visit on that day, by Ravi.",
            ],
        )

    def test_what_cannot_be_moved(self):
        visit = self._plan(plan_date=MONDAY).with_user(self.lea)
        with self.assertRaisesRegex(UserError, "That day is over"):
            visit.action_move("2026-11-20")
        for stranger in (self.olga, self.otis):
            with self.assertRaises(AccessError):
                visit.action_move(TUESDAY, stranger.id)
            with self.assertRaises(AccessError):
                visit.user_id = stranger
        for person in (self.otis, self.ravi, self.audra):
            with self.assertRaises(AccessError):
                visit.with_user(person).action_move(TUESDAY)
        visit.with_user(self.rita).action_check_in(AT_CUSTOMER)
        with self.assertRaisesRegex(UserError, "still planned"):
            visit.action_move(TUESDAY)

    def test_a_rep_moves_his_own_visit_but_gives_it_to_nobody(self):
        visit = self._plan(plan_date=MONDAY)
        visit.action_move(TUESDAY)
        self.assertEqual(visit.plan_date, date(2026, 11, 24))
        with self.assertRaises(AccessError):
            visit.action_move(TUESDAY, self.ravi.id)

    def _grade(self, partner, **vals):
        grade = self.env["field.grade"].create({"name": "Weekly", "allowed_days": 7})
        partner.write({"user_id": self.rita.id, "field_grade_id": grade.id, **vals})

    def test_due_customers_wait_beside_the_board(self):
        self._grade(self.lucky)
        self.assertEqual([one["name"] for one in self._board()["due"]], ["Lucky 88"])
        self.lucky.field_life = "closed"
        self.assertEqual(self._board()["due"], [])
        self.lucky.field_life = False
        self.assertEqual(self._board(self.otis)["due"], [])
        Visit = self.env["field.visit"].with_user(self.lea)
        partners = self.lucky | self.dragon
        done = Visit.action_plan_customers(partners.ids, self.rita.id, TUESDAY)
        self.assertEqual((len(done["ids"]), done["skipped"], done["warnings"]), (2, 0, []))
        made = Visit.browse(done["ids"])
        self.assertEqual(made.user_id, self.rita)
        self.assertEqual(set(made.mapped("source")), {"manual"})
        self.assertEqual(self._board()["due"], [])
        again = Visit.action_plan_customers(partners.ids, self.rita.id, TUESDAY)
        self.assertEqual((again["ids"], again["skipped"]), ([], 2))

    def test_planning_for_strangers_and_the_past_is_refused(self):
        Visit = self.env["field.visit"].with_user(self.lea)
        with self.assertRaises(AccessError):
            Visit.action_plan_customers(self.lucky.ids, self.olga.id, TUESDAY)
        with self.assertRaises(UserError):
            Visit.action_plan_customers(self.lucky.ids, self.rita.id, "2026-11-22")
        with self.assertRaisesRegex(UserError, "at most 200"):
            Visit.action_plan_customers(list(range(1, 202)), self.rita.id, TUESDAY)

    def test_queries_do_not_grow_with_visits(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._board()
            return self.env.cr.sql_log_count - before

        self._plan(plan_date=MONDAY, plan_time=9)
        self._plan(user=self.ravi, partner=self.lucky, plan_date=TUESDAY)
        count()  # caches are warm
        few = max(count(), count())
        for number in range(12):
            self._plan(user=self.ravi, plan_date=MONDAY, plan_time=10 + number / 2)
            self._plan(partner=self.lucky, plan_date=TUESDAY)
        self.assertLessEqual(count(), few + 2)

    def test_started_visits_stay_where_they_took_place(self):
        visit = self._plan(plan_date=MONDAY)
        visit._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 23, 2))
        (card,) = self._board()["visits"]
        self.assertEqual((card["state"], card["can_move"]), ("in_progress", False))
