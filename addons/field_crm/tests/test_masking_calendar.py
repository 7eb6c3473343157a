from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LeadPoolCommon

PHONE, MAIL = "+86 138 1234 5678", "boss@secret-shop.example"
SECRETS = ("1381234", "138 1234", "secret-shop", "Mrs. Hidden", "Tasting")


@tagged("post_install", "-at_install")
class TestMeetingsOfHiddenLeads(LeadPoolCommon):
    """Odoo's shared calendar tells nobody how to reach the customer of an unclaimed lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.group_ids |= cls.env.ref("base.group_allow_export")
        cls.guest = cls.env["res.partner"].create(
            {"name": "Mrs. Hidden", "phone": PHONE, "email": MAIL}
        )
        cls.by_link = cls._meet(opportunity_id=cls.lead.id)
        cls.by_document = cls._meet(
            res_model_id=cls.env["ir.model"]._get_id("crm.lead"), res_id=cls.lead.id
        )
        cls.meetings = cls.by_link | cls.by_document
        cls.env.flush_all()
        cls.env.invalidate_all()
        cls.Event = cls.env["calendar.event"].with_user(cls.rep)
        cls.that_day = [("start", ">=", "2027-03-01"), ("stop", "<", "2027-03-02")]

    @classmethod
    def _meet(cls, **values):
        return cls.env["calendar.event"].create(
            {
                "name": f"Tasting, {PHONE}",
                "description": f"<p>Ask {MAIL}</p>",
                "location": "secret-shop",
                "start": "2027-03-01 02:00:00",
                "stop": "2027-03-01 03:00:00",
                "user_id": cls.leader.id,
                "partner_ids": [(6, 0, (cls.leader.partner_id | cls.guest).ids)],
                **values,
            }
        )

    def assertNothingLeaks(self, answer):
        for secret in SECRETS:
            self.assertNotIn(secret, str(answer))

    def _answers(self):
        """What every way of asking for the meetings of that day says."""
        names = ["name", "description", "location", "partner_ids", "display_name"]
        spec = {name: {} for name in names} | {"attendee_ids": {"fields": {"email": {}}}}
        for method, args in (
            ("search_read", [self.that_day, names]),
            ("web_search_read", [self.that_day, spec]),
            ("name_search", ["Tasting"]),
            ("web_name_search", ["Tasting", {"name": {}}]),
            ("formatted_read_group", [self.that_day, ["name"], ["__count"]]),
            ("formatted_read_group", [self.that_day, [], ["name:array_agg", "__count"]]),
            ("formatted_read_group", [self.that_day, ["start:day"], ["__count"]]),
            ("web_read_group", [self.that_day, ["partner_ids"]]),
            ("search_count", [[*self.that_day, ("name", "ilike", "Tasting")]]),
        ):
            yield method, call_kw(self.Event, method, args, {})

    def test_no_way_of_asking_finds_them(self):
        self.assertFalse(self.Event.search(self.that_day))
        for condition in (
            ("name", "ilike", "138"),
            ("description", "ilike", "secret"),
            ("location", "=", "secret-shop"),
            ("attendee_ids.email", "ilike", "secret"),
            ("partner_ids", "ilike", "Hidden"),
            ("opportunity_id", "=", self.lead.id),
        ):
            self.assertFalse(self.Event.search([condition, *self.that_day]), condition)
        for method, answer in self._answers():
            with self.subTest(method=method):
                self.assertNothingLeaks(answer)
                if method == "formatted_read_group":
                    self.assertFalse(sum(row["__count"] for row in answer))

    def test_who_knows_the_number_reads_nothing(self):
        for method, args in (
            ("read", [["name", "description"]]),
            ("web_read", [{"name": {}}]),
            ("export_data", [["name", "partner_ids/email"]]),
            ("write", [{"name": "Mine"}]),
            ("unlink", []),
        ):
            for meeting in self.meetings:
                self.env.invalidate_all()
                with (
                    self.subTest(method=method),
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
                ):
                    call_kw(self.Event, method, [meeting.ids, *args], {})

    def test_what_hangs_on_them_is_hidden(self):
        Attendee = self.env["calendar.attendee"].with_user(self.rep)
        there = [("event_id", "in", self.meetings.ids)]
        self.assertTrue(Attendee.sudo().search(there))
        self.assertFalse(Attendee.search(there))
        self.assertFalse(Attendee.name_search("Mrs. Hidden"))
        with self.assertRaises(AccessError):
            self.by_link.attendee_ids.with_user(self.rep).read(["email"])
        self.assertFalse(self.guest.with_user(self.rep).meeting_ids)
        message = self.by_link.message_post(body=f"Call {PHONE}")
        paper = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"1", "res_model": "calendar.event", "res_id": self.by_link.id}
        )
        for row in (message, paper):
            mine = row.with_user(self.rep)
            self.assertFalse(mine.search([("id", "=", row.id)]), row)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                mine.read([])

    def test_meant_for_whom_they_are_meant(self):
        self.assertEqual(
            self.env["calendar.event"].with_user(self.leader).search(self.that_day), self.meetings
        )
        self.by_link.partner_ids |= self.rep.partner_id
        self.assertEqual(self.Event.search(self.that_day), self.by_link)
        self.assertIn(PHONE, self.by_link.with_user(self.rep).name)
        self.by_document.user_id = self.rep
        self.assertEqual(self.Event.search(self.that_day), self.meetings)

    def test_invitations_are_answered_as_in_odoo(self):
        for meeting in (self.by_link, self._meet(name="Lunch")):
            meeting.partner_ids |= self.rep.partner_id
            mine = meeting.attendee_ids.filtered(lambda a: a.partner_id == self.rep.partner_id)
            self.env.flush_all()
            self.env.invalidate_all()
            mine.with_user(self.rep).do_decline()
            self.assertEqual(mine.state, "declined")
            self.assertEqual(mine.with_user(self.rep).event_id, meeting)

    def test_seen_again_where_the_contact_is(self):
        overseer = self._new_user("calendar_all", "sales_team.group_sale_salesman_all_leads")
        Event = self.env["calendar.event"].with_user(overseer)
        self.assertEqual(Event.search(self.that_day), self.meetings)
        self.pool.mask_contacts = False
        self.assertEqual(self.Event.search(self.that_day), self.meetings)
        self.pool.mask_contacts = True
        self.assertFalse(self.Event.search(self.that_day))
        self.lead.with_user(self.rep).action_claim()
        self.env.invalidate_all()
        self.assertEqual(self.Event.search(self.that_day), self.meetings)
        self.assertIn(PHONE, self.meetings.with_user(self.rep).mapped("name")[0])

    def test_meetings_of_nothing_hidden_are_as_in_odoo(self):
        other = self._meet(name="Lunch", partner_ids=[(6, 0, self.leader.partner_id.ids)])
        self.assertEqual(self.Event.search(self.that_day), other)
        self.assertEqual(other.with_user(self.rep).name, "Lunch")

    def test_their_people_are_busy(self):
        plan = self.Event.create(
            {
                "name": "Lunch",
                "start": "2027-03-01 02:00:00",
                "stop": "2027-03-01 03:00:00",
                "partner_ids": [(6, 0, (self.rep | self.leader).partner_id.ids)],
            }
        )
        self.assertIn(self.leader.partner_id, plan.unavailable_partner_ids)
