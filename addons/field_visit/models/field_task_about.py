"""What a work package is about besides its customers: a lead or an opportunity, where there are
any. The two halves are kept as other modules keep the document a row is about, so a system that
gives up its leads keeps its work packages."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FieldTask(models.Model):
    _inherit = "field.task"

    about_model = fields.Char("Kind of document", readonly=True)
    about_id = fields.Many2oneReference(
        "Document", model_field="about_model", readonly=True, index="btree_not_null"
    )
    about_ref = fields.Reference(
        selection="_selection_about",
        string="About",
        compute="_compute_about_ref",
        readonly=False,
        store=False,
        help="The lead or opportunity this work serves. Its customer and its person are proposed.",
    )
    has_about = fields.Boolean("Can be about a document", compute="_compute_has_about")

    @api.model
    def _selection_about(self):
        """Documents a work package can be about, of the modules that are there."""
        known = [("crm.lead", self.env._("Lead or opportunity"))]
        return [(model, name) for model, name in known if model in self.env]

    def _compute_has_about(self):
        self.has_about = bool(self._selection_about())

    @api.depends("about_model", "about_id")
    @api.depends_context("uid")
    def _compute_about_ref(self):
        for task in self:
            task.about_ref = task._get_about() or False

    def _get_about(self):
        """The document, if it is still there and the user may read it; else nothing.

        :rtype: recordset or None
        """
        self.ensure_one()
        own = self.sudo()
        if not own.about_id or own.about_model not in dict(self._selection_about()):
            return None
        document = self.env[own.about_model].browse(own.about_id)
        return document.exists()._filtered_access("read") or None

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._split_about(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._split_about(vals))

    @api.model
    def _split_about(self, vals):
        """``about_ref`` as the two columns that keep it: one write, hence one version."""
        if "about_ref" not in vals:
            return vals
        rest = dict(vals)
        value = rest.pop("about_ref") or ""
        if isinstance(value, models.BaseModel):
            value = f"{value._name},{value.id}"
        model, _comma, res_id = value.partition(",")
        return rest | {"about_model": model or False, "about_id": int(res_id or 0)}

    @api.constrains("about_model", "about_id")
    def _check_about(self):
        """:raise ValidationError: nothing the user may read, or of another company"""
        for task in self.filtered("about_id"):
            document = task._get_about()
            if not document:
                raise ValidationError(
                    self.env._("Choose a lead or opportunity that you may read yourself.")
                )
            if document.company_id and document.company_id != task.company_id:
                raise ValidationError(
                    self.env._(
                        "%(document)s belongs to %(company)s.",
                        document=document.display_name,
                        company=document.company_id.sudo().display_name,
                    )
                )

    @api.onchange("about_ref")
    def _onchange_about_ref(self):
        """Its customer and its person, where nothing was chosen yet."""
        document = self.about_ref
        if not document:
            return
        self.partner_ids = self.partner_ids or document.partner_id
        if not self.partner_ids and not self.department_id:
            self.assignee_id = self.assignee_id or document.user_id


class FieldTaskWork(models.Model):
    _inherit = "field.task.work"

    about_ref = fields.Reference(
        selection=lambda self: self.env["field.task"]._selection_about(),
        string="About",
        compute="_compute_about_ref",
    )

    @api.depends("task_id.about_model", "task_id.about_id")
    @api.depends_context("uid")
    def _compute_about_ref(self):
        """Only for who may read the document: to be given work is no right to read more."""
        for work in self:
            work.about_ref = work.sudo().task_id.with_env(self.env)._get_about() or False
