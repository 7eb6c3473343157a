from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .pipeline import EXPERT, REP, PipelineCommon


@tagged("post_install", "-at_install")
class TestDealTeam(PipelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expert = cls._new_user("deal_expert", EXPERT)
        cls.role = cls.env.ref("field_crm.field_deal_role_expert")
        cls.contact = cls.env["field.lead.contact"].create(
            {
                "lead_id": cls.deal.id,
                "partner_id": cls.customer.id,
                "role_id": cls.env.ref("field_crm.field_contact_role_decider").id,
            }
        )
        cls.paper = cls.env["ir.attachment"].create(
            {"name": "Quote", "raw": b"x", "res_model": "crm.lead", "res_id": cls.deal.id}
        )

    def _join(self, user, right, **values):
        return self.env["field.deal.member"].create(
            {
                "lead_id": self.deal.id,
                "user_id": user.id,
                "role_id": self.role.id,
                "right": right,
                **values,
            }
        )

    def _can(self, user):
        """What somebody can do with the deal, tried path by path."""
        deal = self.deal.with_user(user)
        self.env.invalidate_all()

        def works(way):
            try:
                with self.cr.savepoint(), mute_logger("odoo.addons.base.models.ir_rule"):
                    return bool(way())
            except AccessError:
                return False

        domain = [("id", "=", self.deal.id)]
        reads = {
            works(lambda: deal.search(domain)),
            works(lambda: deal.web_read({"name": {}})),
            works(lambda: deal.formatted_read_group(domain, ["stage_id"], ["__count"])),
            works(lambda: self.paper.with_user(user).read(["name", "raw"])),
            works(lambda: self.contact.with_user(user).read(["note"])),
            works(
                lambda: (
                    self.env["field.stage.history"]
                    .with_user(user)
                    .search([("lead_id", "=", self.deal.id)])
                )
            ),
        }
        self.assertEqual(len(reads), 1, "the ways to read do not agree")
        comments = works(lambda: deal.message_post(body="Seen"))
        writes = {
            works(lambda: deal.write({"priority": "1"})),
            works(lambda: deal.web_save({"priority": "2"}, {})),
            works(lambda: self.contact.with_user(user).write({"note": "x"}) or True),
        }
        self.assertEqual(len(writes), 1, "the ways to write do not agree")
        self.assertFalse(works(lambda: deal.copy()) and user == self.expert)
        return reads.pop(), comments, writes.pop()

    def test_each_right_opens_what_it_says_and_no_more(self):
        for user in (self.rep2, self.expert):
            self.assertEqual(self._can(user), (False, False, False))
            member = self._join(user, "read")
            self.assertEqual(self._can(user), (True, False, False))
            member.right = "comment"
            self.assertEqual(self._can(user), (True, True, False))
            member.right = "edit"
            self.assertEqual(self._can(user), (True, True, True))
            member.unlink()
            self.assertEqual(self._can(user), (False, False, False))

    def test_the_day_after_the_last_it_is_closed(self):
        today = fields.Date.context_today(self.deal.with_user(self.expert))
        member = self._join(self.expert, "edit", until=today)
        self.assertEqual(self._can(self.expert), (True, True, True))
        member.until = today - timedelta(days=1)
        self.assertEqual(self._can(self.expert), (False, False, False))

    def test_other_deals_stay_closed(self):
        self._join(self.expert, "edit")
        other = self._new_deal("Other")
        seen = self.env["crm.lead"].with_user(self.expert).search([])
        self.assertEqual(seen, self.deal)
        with self.assertRaises(AccessError):
            other.with_user(self.expert).read(["name"])

    def test_two_cards_of_one_contact_are_merged(self):
        cards = self.env["res.partner"].create([{"name": "Wang Fang"}, {"name": "Fang Wang"}])
        role = self.env.ref("field_crm.field_contact_role_decider")
        contacts = self.env["field.lead.contact"].create(
            [{"lead_id": self.deal.id, "partner_id": card.id, "role_id": role.id} for card in cards]
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(cards.ids, cards[0])
        self.assertEqual(contacts.exists(), contacts[0])

    def test_members_cannot_extend_their_own_place(self):
        member = self._join(self.rep2, "edit").with_user(self.rep2)
        for change in (
            lambda: member.write({"commission_share": 50}),
            lambda: member.write({"right": "edit", "until": False}),
            lambda: member.create(
                {
                    "lead_id": self.deal.id,
                    "user_id": self.expert.id,
                    "role_id": self.role.id,
                }
            ),
            lambda: self.deal.with_user(self.rep2).write(
                {"field_member_ids": [(1, member.id, {"commission_share": 50})]}
            ),
            member.unlink,
        ):
            with (
                self.assertRaises(AccessError),
                self.cr.savepoint(),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                change()

    def test_outsiders_join_no_deal(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env["field.deal.member"].with_user(self.rep2).create(
                {"lead_id": self.deal.id, "user_id": self.rep2.id, "role_id": self.role.id}
            )
        mine = self._new_deal("Mine", user_id=self.rep2.id)
        member = (
            self.env["field.deal.member"]
            .with_user(self.rep2)
            .create({"lead_id": mine.id, "user_id": self.rep2.id, "role_id": self.role.id})
        )
        with self.assertRaises(ValidationError):
            member.write({"lead_id": self.deal.id})

    def test_somebody_without_any_group_cannot_be_taken_in(self):
        plain = self._new_user("deal_plain", "base.group_user")
        with self.assertRaises(ValidationError):
            self._join(plain, "read")

    def test_shares_of_commission(self):
        self._join(self.expert, "comment", commission_share=20)
        second = self._join(self.rep2, "edit", commission_share=30)
        self.assertEqual(
            self.deal._field_get_commission_shares(),
            {self.expert: 20, self.rep2: 30, self.rep: 50},
        )
        with self.assertRaises(ValidationError):
            second.commission_share = 81

    def test_role_brings_right_and_share(self):
        role = self.env.ref("field_crm.field_deal_role_partner")
        with (
            Form(self.deal.with_user(self.rep)) as form,
            form.field_member_ids.new() as line,
        ):
            line.user_id = self.rep2
            line.role_id = role
        member = self.deal.field_member_ids
        self.assertEqual((member.right, member.commission_share), ("edit", 30))
        self.assertNotIn(self.rep2.partner_id, self.deal.message_partner_ids)
        told = self.env["field.notice"].search([("user_id", "=", self.rep2.id)])
        self.assertEqual((told.kind, told.author_id, told.res_id), ("deal", self.rep, self.deal.id))
        self.assertIn(role.name, told.body)

    def test_who_followed_hears_nothing_after_the_end(self):
        member = self._join(self.expert, "read")
        self.deal.message_subscribe(partner_ids=self.expert.partner_id.ids)
        member.until = fields.Date.today()
        member._gc_ended()
        self.assertIn(self.expert.partner_id, self.deal.message_partner_ids)
        member.until = fields.Date.today() - timedelta(days=1)
        member._gc_ended()
        self.assertNotIn(self.expert.partner_id, self.deal.message_partner_ids)

    def test_the_expert_opens_the_form(self):
        self._join(self.expert, "comment")
        form = Form(self.deal.with_user(self.expert))
        self.assertEqual(form.name, "Shelves")

    def test_tasks_of_the_team(self):
        """Given to a member from the deal, seen on the deal by who may open it."""
        self._join(self.expert, "comment")
        action = self.deal.with_user(self.rep).action_field_give_task()
        Schedule = self.env[action["res_model"]].with_user(self.rep)
        with Form(Schedule.with_context(**action["context"])) as form:
            form.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
            form.summary = "Check the voltage"
            form.activity_user_id = self.expert
        form.save().action_schedule_activities()
        task = self.deal.activity_ids
        self.assertEqual((task.summary, task.user_id), ("Check the voltage", self.expert))
        seen = Form(self.deal.with_user(self.expert)).activity_ids
        self.assertEqual(len(seen), 1)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.deal.with_user(self.rep2).action_field_give_task()

    def test_merge_keeps_the_people(self):
        other = self._new_deal("Other")
        other.stage_id = self.negotiation
        self._join(self.expert, "comment", commission_share=20)
        merged = (self.deal | other).merge_opportunity()
        self.assertEqual(merged, other)
        self.assertEqual(merged.field_member_ids.user_id, self.expert)
        self.assertEqual(merged.field_contact_ids.partner_id, self.customer)


@tagged("post_install", "-at_install")
class TestDealRequests(PipelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expert = cls._new_user("deal_expert", EXPERT)
        boss = cls.env["hr.employee"].create({"name": "Chief", "user_id": cls.sibling.id})
        cls.env["hr.employee"].create(
            {"name": "Expert", "user_id": cls.expert.id, "parent_id": boss.id}
        )
        cls.role = cls.env.ref("field_crm.field_deal_role_expert")

    def _ask(self, **values):
        return (
            self.env["field.deal.request"]
            .with_user(self.rep)
            .create(
                {
                    "lead_id": self.deal.id,
                    "user_id": self.expert.id,
                    "role_id": self.role.id,
                    "purpose": "Explain the cooling",
                    "hours": 6,
                    **values,
                }
            )
        )

    def test_the_leader_of_the_person_decides(self):
        request = self._ask(state="approved", decided_by_id=self.rep.id)
        self.assertEqual((request.state, request.asked_by_id), ("asked", self.rep))
        self.assertEqual(request.sudo().activity_ids.user_id, self.sibling)
        for user in (self.rep, self.expert, self.leader):
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        request.with_user(self.sibling).action_approve()
        self.assertEqual(request.state, "approved")
        self.assertFalse(request.sudo().activity_ids)
        self.assertEqual(self.deal.field_member_ids.user_id, self.expert)
        self.assertTrue(self.deal.with_user(self.expert).has_access("read"))
        with self.assertRaises(UserError):
            request.with_user(self.sibling).action_refuse()

    def test_hours_and_done(self):
        request = self._ask()
        with self.assertRaises(UserError):
            request.with_user(self.expert).action_done()
        request.with_user(self.sibling).action_approve()
        request.with_user(self.expert).hours_used = 5
        request.with_user(self.expert).action_done()
        self.assertEqual((request.state, request.hours_used), ("done", 5))

    def test_the_company_may_ask_what_the_help_took(self):
        request = self._ask()
        request.with_user(self.sibling).action_approve()
        helper = request.with_user(self.expert)
        self.company.field_request_needs = "hours"
        with self.assertRaisesRegex(UserError, "hours used"):
            helper.action_done()
        helper.hours_used = 5
        self.company.field_request_needs = "cost"
        with self.assertRaisesRegex(UserError, "cost"):
            helper.action_done()
        helper.cost_used = 80
        helper.action_done()
        self.assertEqual(request.state, "done")
        self.assertEqual(self.env["res.config.settings"].create({}).field_request_needs, "cost")

    def test_what_it_took_stands_from_the_decision_to_the_end(self):
        request = self._ask(hours_used=3, cost_used=9)
        self.assertFalse(request.hours_used or request.cost_used)
        for change in ({"hours_used": 1}, {"cost_used": 1}):
            with self.assertRaises(UserError):
                request.write(change)
        request.with_user(self.sibling).action_approve()
        request.with_user(self.expert).hours_used = 4
        request.with_user(self.expert).action_done()
        with self.assertRaises(UserError):
            request.with_user(self.expert).hours_used = 40

    def test_nobody_decides_past_the_buttons(self):
        request = self._ask()
        for user in (self.rep, self.expert, self.sibling):
            with self.assertRaises(UserError):
                request.with_user(user).write({"state": "approved"})
        self.assertEqual(request.state, "asked")

    def test_totals_of_a_deal_and_the_requests_behind_them(self):
        first, second = self._ask(hours=6), self._ask(hours=2)
        refused, open_ = self._ask(hours=40), self._ask(hours=8)
        (first | second).with_user(self.sibling).action_approve()
        refused.with_user(self.sibling).action_refuse()
        first.with_user(self.expert).write({"hours_used": 5, "cost_used": 80})
        first.with_user(self.expert).action_done()
        second.with_user(self.expert).write({"hours_used": 1.5, "cost_used": 20})
        deal = self.deal.with_user(self.rep)
        self.assertEqual(
            (deal.field_request_hours, deal.field_request_hours_used, deal.field_request_cost),
            (8, 6.5, 100),
        )
        action = deal.action_field_open_requests()
        behind = self.env[action["res_model"]].with_user(self.rep).search(action["domain"])
        self.assertEqual(behind, first | second | refused | open_)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.deal.with_user(self.rep2).action_field_open_requests()

    def test_what_was_decided_is_not_changed_afterwards(self):
        request = self._ask()
        request.hours = 8
        request.with_user(self.sibling).action_refuse()
        with self.assertRaises(UserError):
            request.hours = 40
        self.assertFalse(self.deal.field_member_ids)

    def test_who_may_ask_and_see(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._ask(lead_id=self._new_deal("Not his", user_id=self.rep2.id).id)
        request = self._ask()
        for user, sees in (
            (self.rep, True),
            (self.rep2, False),
            (self.expert, True),
            (self.sibling, True),
            (self.leader, True),
        ):
            found = self.env["field.deal.request"].with_user(user).search([])
            self.assertEqual(request in found, sees, user.login)


@tagged("post_install", "-at_install")
class TestJointVisit(PipelineCommon):
    def test_several_people_go_together(self):
        self.env["field.deal.member"].create(
            {
                "lead_id": self.deal.id,
                "user_id": self.rep2.id,
                "role_id": self.env.ref("field_crm.field_deal_role_presales").id,
            }
        )
        action = self.deal.with_user(self.rep).action_field_plan_joint_visit()
        wizard = self.env["field.joint.visit"].with_user(self.rep).with_context(action["context"])
        visit = wizard.create({"start": datetime(2027, 3, 1, 2, 30), "hours": 2})
        self.assertEqual(visit.user_ids, self.rep | self.rep2)
        visit.action_plan()
        meeting = self.env["calendar.event"].search([("opportunity_id", "=", self.deal.id)])
        self.assertEqual(meeting.partner_ids, (self.rep | self.rep2).partner_id)
        self.assertEqual(meeting.stop, datetime(2027, 3, 1, 4, 30))
        if "field.visit" in self.env:
            visits = self.env["field.visit"].search([("partner_id", "=", self.customer.id)])
            self.assertEqual(visits.user_id, self.rep | self.rep2)
            self.assertEqual(set(visits.mapped("plan_time")), {10.5})

    def test_strangers_stay_at_home(self):
        stranger = self._new_user("deal_other", REP)
        wizard = self.env["field.joint.visit"].with_user(self.rep)
        visit = wizard.create(
            {
                "lead_id": self.deal.id,
                "start": datetime(2027, 3, 1, 2, 30),
                "user_ids": [(6, 0, stranger.ids)],
            }
        )
        with self.assertRaises(UserError):
            visit.action_plan()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            visit.with_user(self.rep2).action_plan()
