import json

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.masking import MASK
from .common import LeadPoolCommon

PHONE, MAIL, SITE = "+86 138 1234 5678", "boss@secret-shop.example", "https://secret-shop.example"
SECRETS = ("1381234", "138 1234", "secret-shop", "Mrs. Hidden")
AGGREGATES = ("array_agg", "array_agg_distinct", "max", "min", "count_distinct")


@tagged("post_install", "-at_install")
class TestMasking(LeadPoolCommon):
    """How to reach the customer stays hidden until the lead is claimed, whatever way one asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.group_ids |= cls.env.ref("base.group_allow_export")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Mrs. Hidden", "phone": PHONE, "email": MAIL}
        )
        cls.lead.write(
            {
                "partner_id": cls.partner.id,
                "phone": PHONE,
                "email_from": MAIL,
                "email_cc": MAIL,
                "website": SITE,
                "description": f"<p>Wants 20 chairs, call {PHONE} or {MAIL} before 2026-11-30</p>",
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()
        cls.mine = cls.lead.with_user(cls.rep)
        cls.Lead = cls.env["crm.lead"].with_user(cls.rep)
        cls.in_pool = [("field_pool_id", "=", cls.pool.id)]

    def assertNothingLeaks(self, answer):
        text = json.dumps(answer, default=str)
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    # reading

    def test_read_search_read_and_web_read_give_the_mask(self):
        names = ["phone", "phone_sanitized", "email_from", "email_normalized", "email_cc"]
        (row,) = self.mine.read([*names, "website", "partner_id", "description"])
        self.assertEqual({row[name] for name in names} | {row["website"]}, {MASK})
        self.assertFalse(row["partner_id"])
        self.assertIn("20 chairs", row["description"])
        self.assertIn("2026-11-30", row["description"], "a date is no telephone number")
        self.assertNothingLeaks(row)
        self.assertNothingLeaks(self.Lead.search_read(self.in_pool))
        spec = {name: {} for name in [*names, "website", "description"]}
        spec["partner_id"] = {"fields": {"phone": {}, "email": {}}}
        self.assertNothingLeaks(self.mine.web_read(spec))
        self.assertNothingLeaks(self.Lead.web_search_read(self.in_pool, spec))
        self.assertNothingLeaks(self.mine.read())

    def test_value_in_the_cache_of_the_superuser_is_masked_too(self):
        self.assertEqual(self.lead.phone, PHONE)
        self.assertEqual(self.mine.phone, MASK)
        self.assertEqual(self.mine.read(["phone"])[0]["phone"], MASK)
        self.assertEqual(self.lead.phone, PHONE, "and the other way round")

    def test_export_gives_the_mask(self):
        names = ["phone", "email_from", "partner_id", "partner_id/phone", "description"]
        self.assertNothingLeaks(self.mine.export_data(names)["datas"])

    def test_form_and_onchange_give_the_mask(self):
        form = Form(self.mine)
        self.assertEqual(form.phone, MASK)
        spec = {"phone": {}, "email_from": {}, "partner_id": {}, "website": {}, "user_id": {}}
        answer = self.mine.onchange({"user_id": self.rep.id}, ["user_id"], spec)
        self.assertNothingLeaks(answer)

    def test_saving_what_was_shown_changes_nothing(self):
        self.mine.write({"phone": MASK, "email_from": MASK, "city": "Shanghai"})
        self.assertEqual((self.lead.phone, self.lead.email_from), (PHONE, MAIL))
        self.assertEqual(self.lead.city, "Shanghai")

    def test_copy_does_not_carry_the_contact(self):
        self.assertFalse(self.mine.copy().sudo().phone)

    # searching: a condition on a hidden value finds nothing, right or wrong, plain or negated

    def test_search_by_a_hidden_value_tells_nothing(self):
        for field, right, wrong in (
            ("phone", "138", "139"),
            ("phone_sanitized", "138", "139"),
            ("email_from", "secret", "other"),
            ("email_normalized", "secret", "other"),
            ("email_domain_criterion", "secret", "other"),
            ("website", "secret", "other"),
            ("description", "138", "139"),
            ("partner_id", "Hidden", "Other"),
            ("partner_id.phone", "138", "139"),
            ("phone_mobile_search", "138", "139"),
            ("message_ids.body", "138", "139"),
        ):
            self.lead.message_post(body=f"Call {PHONE}")
            for operator in ("ilike", "not ilike"):
                found = [
                    self.Lead.search([*self.in_pool, (field, operator, value)])
                    for value in (right, wrong)
                ]
                self.assertEqual(found[0], found[1], (field, operator))
        self.assertNotIn(self.lead, self.Lead.search([("phone", "=", PHONE)]))
        self.assertFalse(self.mine.filtered_domain([("phone", "=", PHONE)]))
        orders = self.env["sale.order"].with_user(self.rep)
        self.assertFalse(orders.search([("opportunity_id.phone", "like", "138")]))

    def test_search_of_what_is_not_hidden_still_works(self):
        own = self.env["crm.lead"].create(
            {"name": "Own", "user_id": self.rep.id, "phone": PHONE, "email_from": MAIL}
        )
        self.assertEqual(self.Lead.search([("phone", "like", "138")]), own)
        self.assertEqual(self.Lead.search([("phone_mobile_search", "like", "138")]), own)
        self.assertEqual(own.with_user(self.rep).phone, PHONE)

    def test_name_search_by_a_hidden_value_finds_nothing(self):
        for text in ("138", "secret", "Hidden"):
            self.assertNotIn(self.lead.id, [row[0] for row in self.Lead.name_search(text)])
        self.assertTrue(self.Lead.name_search("Corner"))

    def test_order_and_groups_tell_nothing(self):
        self.lead2.write({"phone": "+86 100", "email_from": "a@a.example"})
        for field in ("phone", "email_from", "partner_id"):
            orders = {
                tuple(self.Lead.search(self.in_pool, order=f"{field} {way}, id").ids)
                for way in ("asc", "desc")
            }
            self.assertEqual(len(orders), 1, field)
            groups = self.Lead.formatted_read_group(self.in_pool, [field], ["__count"])
            self.assertEqual([group[field] for group in groups], [False])
        counted = self.Lead.formatted_read_group(self.in_pool, [], ["phone:count_distinct"])
        self.assertEqual(counted[0]["phone:count_distinct"], 0)

    def test_no_aggregate_and_no_panel_tells_anything(self):
        spec = [f"{name}:{how}" for name in ("phone", "email_from") for how in AGGREGATES]
        self.assertNothingLeaks(self.Lead.formatted_read_group(self.in_pool, [], spec))
        self.assertNothingLeaks(self.Lead.formatted_read_group(self.in_pool, ["stage_id"], spec))
        for name in ("phone", "partner_id", "contact_name"):
            self.assertNothingLeaks(
                self.Lead.web_read_group(
                    self.in_pool,
                    [name],
                    auto_unfold=True,
                    unfold_read_specification={name: {}, "description": {}},
                )
            )
        panel = self.Lead.search_panel_select_range("partner_id", search_domain=self.in_pool)
        self.assertNotIn(self.partner.id, [row["id"] for row in panel["values"]])
        bar = {"field": "stage_id", "colors": {}}
        self.assertNothingLeaks(self.Lead.read_progress_bar(self.in_pool, "phone", bar))

    def test_rpc_gives_the_mask(self):
        for method, args in (
            ("read", [[self.lead.id]]),
            ("search_read", [self.in_pool]),
            ("export_data", [[self.lead.id], ["phone", "email_from", "partner_id/name"]]),
            ("web_search_read", [self.in_pool, {"phone": {}, "partner_id": {"fields": {}}}]),
            ("copy_data", [[self.lead.id]]),
            ("web_name_search", ["Corner", {"phone": {}, "display_name": {}}]),
        ):
            with self.subTest(method=method):
                answer = call_kw(self.Lead, method, args, {})
                self.assertTrue(answer)
                self.assertNothingLeaks(answer)

    def test_report_of_activities_is_hidden(self):
        self.lead.message_post(
            body=f"Called {PHONE}",
            subtype_xmlid="mail.mt_note",
            mail_activity_type_id=self.env.ref("mail.mail_activity_data_call").id,
        )
        self.env.flush_all()
        Report = self.env["crm.activity.report"].with_user(self.rep)
        domain = [("lead_id", "=", self.lead.id)]
        self.assertFalse(Report.search(domain))
        self.assertFalse(Report.formatted_read_group(domain, ["partner_id"], ["__count"]))
        self.mine.action_claim()
        self.env.flush_all()
        self.assertIn(PHONE, Report.search(domain).body)

    def test_partner_does_not_lead_to_the_lead(self):
        partner = self.partner.with_user(self.rep)
        self.lead.type = "opportunity"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(partner.opportunity_ids)
        self.assertFalse(partner.opportunity_count)

    # beside the lead

    def test_messages_are_hidden(self):
        message = self.lead.message_post(body=f"Call {PHONE}")
        Message = self.env["mail.message"].with_user(self.rep)
        domain = [("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        self.assertFalse(Message.search(domain))
        self.assertFalse(self.mine.message_ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            message.with_user(self.rep).read(["body"])
        self.mine.action_claim()
        self.assertIn(message.with_user(self.rep), Message.search(domain))

    def test_files_are_hidden(self):
        card = self.env["ir.attachment"].create(
            {"name": "card.txt", "raw": b"138", "res_model": "crm.lead", "res_id": self.lead.id}
        )
        mine = card.with_user(self.rep)
        self.assertFalse(mine.search([("res_id", "=", self.lead.id), ("name", "=", "card.txt")]))
        with self.assertRaises(AccessError):
            mine.read(["raw"])
        self.mine.action_claim()
        self.assertEqual(mine.read(["raw"])[0]["raw"], b"138")

    def test_followers_and_suggested_recipients_are_hidden(self):
        self.lead.message_subscribe(self.partner.ids)
        self.assertFalse(self.mine._message_get_suggested_recipients())
        self.assertNothingLeaks(self.mine.message_get_followers())
        self.env.flush_all()
        self.env.invalidate_all()
        Follower = self.env["mail.followers"].with_user(self.rep)
        there = [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        of_customer = [*there, ("partner_id", "=", self.partner.id)]
        self.assertTrue(Follower.sudo().search(of_customer))
        self.assertFalse(Follower.search(of_customer))
        self.assertNothingLeaks(Follower.search_read(there))
        self.assertFalse(Follower.formatted_read_group(of_customer, ["partner_id"], ["__count"]))
        with self.assertRaises(AccessError):
            Follower.browse(Follower.sudo().search(of_customer).ids).read(["partner_id"])
        (row,) = self.mine.read(["message_follower_ids", "message_partner_ids"])
        self.assertNotIn(self.partner.id, row["message_partner_ids"])
        self.mine.message_subscribe(self.rep.partner_id.ids)
        own = [*there, ("partner_id", "=", self.rep.partner_id.id)]
        self.assertTrue(Follower.search(own), "one's own are one's own")
        self.mine.action_claim()
        self.assertTrue(Follower.search(of_customer))

    def test_messages_to_be_sent_are_hidden(self):
        def schedule(author):
            return self.env["mail.scheduled.message"].create(
                {
                    "model": "crm.lead",
                    "res_id": self.lead.id,
                    "author_id": author.partner_id.id,
                    "subject": "Offer",
                    "body": f"<p>Call {PHONE}</p>",
                    "scheduled_date": "2099-01-01 00:00:00",
                }
            )

        others, own = schedule(self.leader), schedule(self.rep)
        self.env.flush_all()
        self.env.invalidate_all()
        Message = self.env["mail.scheduled.message"].with_user(self.rep)
        there = [("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        self.assertNotIn(others, Message.search(there).sudo())
        with self.assertRaises(AccessError):
            others.with_user(self.rep).read(["body"])
        self.mine.action_claim()
        self.env.invalidate_all()
        self.assertEqual(Message.search(there).sudo(), others | own)

    def test_activities_of_others_are_hidden(self):
        others = self.lead.activity_schedule(
            "mail.mail_activity_data_call",
            summary=f"Call {PHONE}",
            note=f"Call {PHONE}",
            user_id=self.leader.id,
        )
        own = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", summary="Look at it", user_id=self.rep.id
        ).with_user(self.rep)
        self.env.flush_all()
        self.env.invalidate_all()
        Activity = self.env["mail.activity"].with_user(self.rep)
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        self.assertEqual(Activity.search(domain), own)
        self.assertEqual(self.mine.activity_ids, own)
        self.assertNothingLeaks(self.mine.read(["activity_summary", "activity_ids"]))
        self.assertNothingLeaks(Activity.search_read(domain))
        hidden = others.with_user(self.rep)
        for name in ("activity_summary", "activity_ids.note", "activity_ids"):
            self.assertFalse(self.Lead.search([*self.in_pool, (name, "ilike", "138")]), name)
        with self.assertRaises(AccessError):
            hidden.read(["note"])
        self.mine.action_claim()
        self.env.invalidate_all()
        self.assertEqual(Activity.search(domain), own | hidden)
        self.assertIn(PHONE, hidden.note)

    def test_appointments_are_hidden(self):
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-11-23 10:00:00",
                "stop": "2026-11-23 11:00:00",
                "opportunity_id": self.lead.id,
                "user_id": self.leader.id,
            }
        )
        self.env.invalidate_all()
        self.assertFalse(self.mine.calendar_event_ids)
        self.mine.action_claim()
        self.env.invalidate_all()
        self.assertEqual(len(self.mine.calendar_event_ids), 1)

    def test_who_follows_or_writes_is_sent_nothing_before_the_claim(self):
        self.mine.message_subscribe(self.rep.partner_id.ids)
        self.mine.message_post(body="Who knows them?", subtype_xmlid="mail.mt_comment")

        def write(**values):
            message = self.lead.message_post(
                body=f"Call {PHONE}",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.partner.id,
                **values,
            )
            self.env.flush_all()
            self.env.invalidate_all()
            return message

        message = write()
        self.assertNotIn(self.rep.partner_id, message.notified_partner_ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            message.with_user(self.rep).read(["body"])
        named = write(partner_ids=self.rep.partner_id.ids)
        self.assertIn(self.rep.partner_id, named.notified_partner_ids, "named on purpose")
        self.mine.action_claim()
        self.mine.message_subscribe(self.rep.partner_id.ids)
        self.assertIn(self.rep.partner_id, write().notified_partner_ids)

    def test_templates_give_the_mask(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "body_html": "<p>Call <t t-out='object.phone'/> <t t-out='object.email_from'/></p>",
            }
        )
        context = {"default_model": "crm.lead", "default_res_ids": self.lead.ids}
        composer = self.env["mail.compose.message"].with_user(self.rep).with_context(**context)
        mail = composer.create({"template_id": template.id})
        self.assertIn("Call", mail.body)
        self.assertNothingLeaks(mail.read(["body", "subject", "email_from"]))

    def test_conversion_claims_before_it_makes_a_customer(self):
        self.lead.partner_id = False
        self.lead.write({"phone": PHONE, "email_from": MAIL, "partner_name": "Corner"})
        context = {"active_model": "crm.lead", "active_id": self.lead.id}
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.rep)
            .with_context(**context, active_ids=self.lead.ids)
            .create({"name": "convert", "action": "create", "user_id": self.rep.id})
        )
        wizard.action_apply()
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertEqual(self.lead.partner_id.email, MAIL)
        with self.assertRaises(UserError):
            self.lead2.with_user(self.rep)._handle_partner_assignment()

    # who and when

    def test_claim_lifts_the_mask_and_return_lowers_it(self):
        self.mine.action_claim()
        self.assertEqual(self.mine.phone, PHONE)
        self.assertEqual(self.mine.partner_id, self.partner)
        self.assertIn(self.lead, self.Lead.search([("phone", "=", PHONE)]))
        self.mine.action_return_to_pool("Not mine")
        self.assertEqual(self.mine.phone, MASK)
        # a claim by the salesperson field: no change of the contact is noted
        self.mine.user_id = self.rep
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.lead.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertNotIn("phone", tracked)
        self.assertEqual(self.mine.phone, PHONE)

    def test_who_oversees_the_pools_sees_the_contact(self):
        for login, group in (
            ("mask_all", "sales_team.group_sale_salesman_all_leads"),
            ("mask_admin", "field_base.field_base_group_admin"),
            ("mask_audit", "field_base.field_base_group_auditor"),
        ):
            user = self._new_user(login, group)
            self.assertEqual(self.lead.with_user(user).phone, PHONE)
            self.assertIn(self.lead, self.lead.with_user(user).search([("phone", "=", PHONE)]))
        self.assertEqual(self.lead.with_user(self.leader).phone, MASK)

    def test_pool_may_show_the_contact(self):
        self.pool.mask_contacts = False
        self.assertEqual(self.mine.phone, PHONE)
        self.assertIn(self.lead, self.Lead.search([("phone", "=", PHONE)]))

    def test_typing_a_new_lead_of_the_pool_shows_what_is_typed(self):
        new = self.Lead.with_context(default_field_pool_id=self.pool.id, default_user_id=False)
        with Form(new) as form:
            form.name = "New"
            form.phone = PHONE
            self.assertEqual(form.phone, PHONE)
        self.assertEqual(form.record.sudo().phone, PHONE)
