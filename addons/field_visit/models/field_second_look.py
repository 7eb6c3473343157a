"""Second looks: visits drawn by chance are looked at by somebody who was not there."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.proofs import PRIVATE_STEPS
from ..tools.second_look import draw_one, is_drawn

STATES = [("open", "To be looked at"), ("agrees", "Agrees"), ("differs", "Does not agree")]
#: A second visit comes within so many days, so that what was seen can still be there.
SOON_DAYS = 7
# An object, not a value: no RPC context can carry it.
_STEP = object()


class FieldSecondLook(models.Model):
    """One visit, drawn by chance, for one person who had no part in it.

    He sees the customer, the steps and the photos through this row alone: no right to the visit
    itself comes with it, and no place or track.
    """

    _name = "field.second.look"
    _description = "Second look"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"
    _rec_name = "partner_name"

    user_id = fields.Many2one(string="Looks at it", readonly=True)
    visit_id = fields.Many2one(
        "field.visit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    rep_id = fields.Many2one(
        "res.users", "Visited by", required=True, readonly=True, index=True, ondelete="restrict"
    )
    visit_date = fields.Date("Day of the visit", required=True, readonly=True)
    partner_name = fields.Char("Customer", compute="_compute_content", compute_sudo=True)
    content = fields.Html(
        "What was entered", compute="_compute_content", compute_sudo=True, sanitize=False
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True)
    note = fields.Text("What was seen")
    decided_at = fields.Datetime("Looked at on", readonly=True)
    revisit_id = fields.Many2one(
        "field.visit", "Second visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")
    may_plan = fields.Boolean(compute="_compute_is_mine")

    _visit_uniq = models.UniqueIndex("(visit_id)", "A visit is drawn once.")
    _not_oneself = models.Constraint(
        "CHECK(user_id != rep_id)", "Nobody looks at a visit of his own."
    )

    @api.depends("user_id", "rep_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        leads = self.env.user.has_group("field_base.field_base_group_leader")
        for look in self:
            look.is_mine = look.user_id == self.env.user
            look.may_plan = leads and self.env.user in look.rep_id.sudo().field_leader_ids

    @api.depends("visit_id.step_ids.state", "visit_id.step_ids.photo_ids.attachment_id")
    @api.depends_context("lang")
    def _compute_content(self):
        for look in self:
            visit = look.visit_id
            look.partner_name = visit.partner_id.display_name
            rows = [look._show_step(step) for step in visit.step_ids if step.state != "todo"]
            note = Markup("<p>%s</p>") % visit.note if visit.note else ""
            look.content = Markup("").join([*rows, note])

    def _show_step(self, step):
        """A step with its photos, which this row alone opens."""
        picture = Markup(
            '<a href="%(url)s" target="_blank"><img src="%(url)s" alt="%(name)s"'
            ' class="img-thumbnail me-2 mb-2" style="height: 160px"/></a>'
        )
        pictures = [
            picture % {"url": f"/field/second-look/{self.id}/photo/{one.id}", "name": step.name}
            for one in self._get_photos()
            if one.step_id == step
        ]
        return Markup('<h5>%s</h5><p style="white-space: pre-line">%s</p>%s') % (
            step.name,
            step._get_report_answer(),
            Markup("").join(pictures),
        )

    def _get_photos(self):
        """What the one who looks may see."""
        photos = self.sudo().visit_id.step_ids.photo_ids
        return photos.filtered(lambda p: p.attachment_id and p.step_id.kind not in PRIVATE_STEPS)

    # ---------------------------------------------------------------- the draw

    @api.model
    def _draw(self, visits):
        """Draw among visits that are over, each once, by the policy it was made under."""
        for visit in visits.sudo():
            policy = visit.policy_id
            if policy.second_look_share and is_drawn(policy.second_look_share):
                self._give(visit, policy)

    @api.model
    def _give(self, visit, policy):
        """Give a drawn visit to one of the least busy who may look; to nobody if there is none."""
        people = self._find_people(visit, policy.second_look_by)
        chosen = draw_one(self._count_open(people))
        if not chosen:
            return self.browse()
        look = self.sudo().create(
            {
                "visit_id": visit.id,
                "rep_id": visit.user_id.id,
                "user_id": chosen.id,
                "company_id": visit.company_id.id,
                "visit_date": visit.plan_date,
            }
        )
        if is_drawn(policy.second_visit_share):
            look._plan_second_visit()
        return look

    @api.model
    def _find_people(self, visit, kind):
        """Who may look: above the person or beside him, never himself or who was with him."""
        person = visit.user_id
        chain = person._field_leader_chain(visit.company_id)
        there = person | visit.companion_ids
        if kind == "colleague":
            found = self._find_colleagues(person, chain[:1]) - there
            if found:
                return found
        leaders = self._only_ours(chain, visit.company_id, "field_base.field_base_group_leader")
        return (leaders - chain[:1] - there) or (leaders - there)

    @api.model
    def _find_colleagues(self, person, leader):
        """People who make visits for the same direct leader."""
        if not leader:
            return person.browse()
        Employee = self.env["hr.employee"].sudo()
        company = person.company_id
        domain = [("parent_id.user_id", "=", leader.id), ("company_id", "=", company.id)]
        users = Employee.search(domain).user_id
        return self._only_ours(users, company, "field_base.field_base_group_rep") - person

    @api.model
    def _only_ours(self, users, company, group):
        users = users.filtered(lambda user: user.active and company in user.company_ids)
        return users.filtered(lambda user: user.has_group(group))

    @api.model
    def _count_open(self, users):
        domain = [("user_id", "in", users.ids), ("state", "=", "open")]
        counts = dict(self.sudo()._read_group(domain, ["user_id"], ["__count"]))
        return {user: counts.get(user, 0) for user in users}

    # ---------------------------------------------------------------- the second visit

    def action_plan_second_visit(self):
        """Plan a visit to the same customer by somebody else, within a week.

        :raise AccessError: for those who do not lead the person of the visit
        :raise UserError: when there is one already, or nobody to make it
        """
        for look in self:
            if not look.may_plan:
                raise AccessError(self.env._("Only who leads this person plans a second visit."))
            if look.revisit_id:
                raise UserError(self.env._("A second visit is planned already."))
            if not look._plan_second_visit():
                raise UserError(self.env._("Nobody else works for the same leader."))
        return True

    def _plan_second_visit(self):
        """Planned for the least busy colleague; without the first person's name in it."""
        self.ensure_one()
        visit = self.sudo().visit_id
        leader = visit.user_id._field_leader_chain(visit.company_id)[:1]
        people = self._find_colleagues(visit.user_id, leader) - visit.companion_ids
        chosen = draw_one(self._count_ahead(people))
        if not chosen:
            return self.env["field.visit"]
        Visit = self.env["field.visit"].sudo().with_company(visit.company_id)
        day = fields.Date.context_today(self.with_context(tz=chosen._field_tz()))
        planned = Visit._with_planner().create(
            {
                "partner_id": visit.partner_id.id,
                "user_id": chosen.id,
                "company_id": visit.company_id.id,
                "plan_date": fields.Date.add(day, days=SOON_DAYS),
                "source": "second_look",
                "note": self.env._(
                    "Second look: somebody was here on %(day)s. What do you find?",
                    day=visit.plan_date,
                ),
            }
        )
        self._with_step().revisit_id = planned
        return planned

    @api.model
    def _count_ahead(self, users):
        domain = [("user_id", "in", users.ids), ("state", "=", "planned")]
        visits = self.env["field.visit"].sudo()
        counts = dict(visits._read_group(domain, ["user_id"], ["__count"]))
        return {user: counts.get(user, 0) for user in users}

    # ---------------------------------------------------------------- the answer

    def _with_step(self):
        return self.sudo().with_context(field_second_look_step=_STEP)

    def write(self, vals):
        """The note is written by who looks, as long as he has not decided; the rest by buttons."""
        if self.env.context.get("field_second_look_step") is not _STEP:
            if vals.keys() - {"note"}:
                raise UserError(self.env._("Use the buttons of the second look."))
            self._check_can_decide()
        return super().write(vals)

    def _check_can_decide(self):
        self.check_access("write")
        for look in self:
            if look.user_id != self.env.user:
                raise AccessError(self.env._("Somebody else was drawn to look at this visit."))
            if look.state != "open":
                raise UserError(self.env._("You have looked at this visit already."))

    def action_agree(self):
        """What was entered and photographed fits.

        :raise AccessError: for everybody but the one who was drawn
        """
        self._decide("agrees")

    def action_differ(self):
        """Something does not fit; the note says what, and the leader finds it in his queue.

        :raise UserError: without a note
        """
        if any(not (look.note or "").strip() for look in self):
            raise UserError(self.env._("Say in a few words what does not fit."))
        self._decide("differs")

    def _decide(self, state):
        self._check_can_decide()
        now = fields.Datetime.now()
        self._with_step().write({"state": state, "decided_at": now})
        for look in self:
            look.sudo().visit_id._with_evidence().write({"second_look": state})
        return True


class FieldVisit(models.Model):
    _inherit = "field.visit"

    source = fields.Selection(
        selection_add=[("second_look", "Second look")],
        ondelete={"second_look": "set default"},
    )
    second_look = fields.Selection(
        [state for state in STATES if state[0] != "open"],
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What somebody said who was drawn by chance to look at this visit.",
    )

    def _after_shown(self):
        """The person had the time to explain: from now on the visit takes part in the draw."""
        super()._after_shown()
        self.env["field.second.look"]._draw(self)

    @api.model
    def _get_review_doubt(self):
        return super()._get_review_doubt() | Domain("second_look", "=", "differs")

    def _get_review_reasons(self):
        reasons = super()._get_review_reasons()
        if self.second_look == "differs":
            look = self.env["field.second.look"].sudo().search([("visit_id", "=", self.id)])
            reasons.append(self.env._("Second look: %(note)s", note=look.note))
        return reasons
