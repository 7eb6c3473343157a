from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: What decides who sees whom; anything else of an area is for reading.
CHART_FIELDS = {"active", "parent_id", "leader_ids", "member_ids"}


class FieldArea(models.Model):
    """A region of the company, with those who lead it and those who work in it.

    It opens what the organisation chart does not: its leaders see the work of its people, and of
    those below them, whoever their manager is. Areas within it belong to it.
    """

    _name = "field.area"
    _description = "Area"
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"
    _rec_names_search = ["name", "complete_name"]
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        "Area", compute="_compute_complete_name", store=True, recursive=True
    )
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "field.area", "Part of", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("field.area", "parent_id", "Areas within")
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    leader_ids = fields.Many2many(
        "res.users",
        "field_area_leader_rel",
        "area_id",
        "user_id",
        "Led by",
        domain="[('share', '=', False)]",
        check_company=True,
        help="They see the work of everybody in this area and in the areas within it. They need "
        "the role of a team leader.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "field_area_member_rel",
        "area_id",
        "user_id",
        "Work here",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    note = fields.Char(help="What belongs to it, in words: provinces, districts, chains.")
    people_count = fields.Integer("People", compute="_compute_people_count")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for area in self:
            names = [area.parent_id.complete_name, area.name]
            area.complete_name = " / ".join(name for name in names if name)

    @api.depends("member_ids", "child_ids.member_ids")
    def _compute_people_count(self):
        for area in self:
            area.people_count = len(area._people())

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("An area cannot be a part of itself."))

    def _people(self):
        """Who works in this area or in one within it."""
        people, areas = self.env["res.users"], self
        while areas:
            people |= areas.member_ids
            areas = areas.child_ids
        return people

    def action_open_people(self):
        """The people behind the number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("People of %(area)s", area=self.complete_name),
            "res_model": "res.users",
            "view_mode": "list,form",
            "domain": [("id", "in", self._people().ids)],
            "context": {"create": False},
        }

    @api.model
    def _leaders_of(self, user, company):
        """Who leads the areas a person works in, the nearest first.

        :returns: res.users, in this order
        """
        areas = self.search(
            Domain("member_ids", "in", user.ids) & Domain("company_id", "in", [company.id, False])
        )
        leaders = self.env["res.users"]
        while areas:
            leaders |= areas.leader_ids.filtered("active")
            areas = areas.parent_id.filtered("active")
        return leaders

    # --- who sees whom has changed ---------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Whether this database has areas at all; most have none and pay nothing for them."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        areas = super().create(vals_list)
        self._chart_changed()
        return areas

    def write(self, vals):
        result = super().write(vals)
        if CHART_FIELDS & vals.keys():
            self._chart_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._chart_changed()
        return result

    def _chart_changed(self):
        self.env.registry.clear_cache()
        self.env["res.users"].invalidate_model(
            ["field_leader_ids", "field_track_viewer_ids"], flush=False
        )
