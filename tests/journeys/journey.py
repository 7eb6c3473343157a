"""What must be true of the real day, however it came in."""

from datetime import datetime

from tests.support import geolife

from . import road

SECONDS = 180  # by how much two algorithms may differ about when a stay began
METRES = 150


def moment(text):
    """A time as a desk shows it."""
    return datetime.fromisoformat(text)


class Journey:
    """What must be true of the day, however it came in; needs `office`, `day` and `team`."""

    def day_of(self, rep):
        names = road._stored(self.office.admin, "field.track.day")
        return self.office.admin.row("field.track.day", [("user_id", "=", rep.user)], names)

    def parts_of(self, rep, model, names):
        domain = [("day_id.user_id", "=", rep.user)]
        return self.office.admin.rows(model, domain, names, order="start")

    def stays_of(self, rep):
        return self.parts_of(rep, "field.stay", ("start", "end", "lat", "lng", "radius"))

    def visit_of(self, rep, call):
        names = ("state", "partner_id", "presence_state", "presence_ref", "presence_min")
        names += ("check_in_at", "check_out_at", "check_in_verdict", "check_out_verdict")
        domain = [("uuid", "=", rep.visit_uuids[call.customer])]
        return self.office.admin.row("field.visit", domain, names)

    def stay_that_is(self, rep, witness):
        """The stay of the product that a stay of the reference algorithm corresponds to."""
        found = [
            stay
            for stay in self.stays_of(rep)
            if moment(stay["start"]) < witness.end and moment(stay["end"]) > witness.start
        ]
        self.assertEqual(len(found), 1, f"{witness} corresponds to {found}")
        return found[0]

    def assert_stays_agree_with_reference(self, rep):
        for witness in self.day.stays:
            stay = self.stay_that_is(rep, witness)
            for name in ("start", "end"):
                apart = abs(moment(stay[name]) - getattr(witness, name)).total_seconds()
                self.assertLessEqual(apart, SECONDS, (name, stay, witness))
            middle = geolife.Stay(witness.start, witness.end, stay["lat"], stay["lng"])
            self.assertLessEqual(geolife.distance_m(middle, witness), METRES)

    def assert_visits_are_judged_by_the_track(self, rep):
        for call in self.day.calls:
            visit = self.visit_of(rep, call)
            self.assertEqual(visit["state"], "done", call.customer)
            self.assertEqual(moment(visit["check_in_at"]), call.check_in)
            self.assertEqual(moment(visit["check_out_at"]), call.check_out)
            self.assertEqual(visit["presence_state"], call.presence, call.customer)
            self.assertEqual(visit["partner_id"], self.team.customers[call.customer])
        for call, witness in self.honest_calls():
            visit = self.visit_of(rep, call)
            stay = self.stay_that_is(rep, witness)
            self.assertEqual(visit["presence_ref"], f"field.stay,{stay['id']}")
            start = max(moment(stay["start"]), call.check_in)
            end = min(moment(stay["end"]), call.check_out)
            minutes = (end - start).total_seconds() / 60
            self.assertAlmostEqual(visit["presence_min"], minutes, delta=0.06)

    def honest_calls(self):
        honest = [call for call in self.day.calls if call.honest]
        return zip(honest, self.day.stays[1:], strict=True)

    def assert_expense_is_booked(self, rep, expense):
        km = road.claimable(self.day_of(rep)["distance_m"])
        amount = round(km * road.RATE, 2)
        names = ("quantity", "price_unit", "total_amount", "state", "employee_id", "date")
        row = self.office.admin.row("hr.expense", [("id", "=", expense)], names)
        self.assertEqual(row["quantity"], km)
        self.assertAlmostEqual(row["total_amount"], amount, places=2)
        self.assertEqual(row["employee_id"], rep.employee)
        self.assertEqual(row["date"], self.day.date.isoformat())
        self.assertEqual(row["state"], "posted")
        self.assert_entry(rep, expense, amount)

    def assert_entry(self, rep, expense, amount):
        admin = self.office.admin
        names = ("state", "amount_total", "partner_id")
        move = admin.row("account.move", [("expense_ids", "in", [expense])], names)
        contact = admin.row("hr.employee", [("id", "=", rep.employee)], ["work_contact_id"])
        self.assertEqual(move["state"], "posted")
        self.assertAlmostEqual(move["amount_total"], amount, places=2)
        self.assertEqual(move["partner_id"], contact["work_contact_id"])
        names = ("account_id", "account_type", "partner_id", "debit", "credit")
        lines = admin.rows("account.move.line", [("move_id", "=", move["id"])], names)
        cost = [line for line in lines if line["account_id"] == self.team.account]
        debt = [line for line in lines if line["account_type"] == "liability_payable"]
        self.assertEqual(len(lines), 2)
        self.assertAlmostEqual(sum(line["debit"] for line in cost), amount, places=2)
        self.assertAlmostEqual(sum(line["credit"] for line in debt), amount, places=2)
        self.assertEqual(debt[0]["partner_id"], contact["work_contact_id"])
