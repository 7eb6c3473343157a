"""Merging leads so that it can be undone: the others are archived, not deleted, and everything that
was moved or overwritten is written down."""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What a merge moves: model, field that points to the lead, other fields it overwrites.
MOVED = (
    ("mail.message", "res_id", ("subject",)),
    ("mail.activity", "res_id", ()),
    ("ir.attachment", "res_id", ("name",)),
    ("calendar.event", "opportunity_id", ("res_id",)),
    ("sale.order", "opportunity_id", ()),
)


class FieldLeadSurvivor(models.Model):
    """Which of several values is kept when leads are merged; without a rule the main lead's."""

    _name = "field.lead.survivor"
    _description = "Which Value Survives a Merge"
    _order = "field_id"
    _rec_name = "field_id"

    field_id = fields.Many2one(
        "ir.model.fields",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('model', '=', 'crm.lead'), ('store', '=', True), ('ttype', 'in', "
        "['char', 'text', 'html', 'integer', 'float', 'monetary', 'date', 'datetime', "
        "'many2one', 'selection'])]",
    )
    rule = fields.Selection(
        [
            ("newest", "Of the lead changed last"),
            ("oldest", "Of the lead entered first"),
            ("longest", "The longest text"),
            ("largest", "The largest number or latest date"),
        ],
        required=True,
        default="newest",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")

    _field_uniq = models.UniqueIndex("(field_id, company_id)", "One rule per field.")

    def _choose(self, leads):
        """The surviving value among leads that have one, as ``write`` takes it."""
        name = self.field_id.name
        holding = leads.filtered(name)
        if not holding:
            return False
        if self.rule in ("newest", "oldest"):
            key = "write_date" if self.rule == "newest" else "create_date"
            chosen = holding.sorted(key, reverse=self.rule == "newest")[0]
        else:
            size = (lambda le: len(str(le[name]))) if self.rule == "longest" else name
            chosen = holding.sorted(size, reverse=True)[0]
        return leads._fields[name].convert_to_write(chosen[name], chosen)


class FieldLeadMerge(models.Model):
    _name = "field.lead.merge"
    _description = "Merge of Leads"
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Kept", readonly=True, index="btree_not_null", ondelete="set null"
    )
    merged_names = fields.Char("Merged", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    score = fields.Float(readonly=True, digits=(4, 3), aggregator=None)
    automatic = fields.Boolean(readonly=True)
    before = fields.Json(readonly=True, groups="base.group_system")
    state = fields.Selection(
        [("done", "Merged"), ("undone", "Undone")], default="done", required=True, readonly=True
    )
    undone_by_id = fields.Many2one("res.users", "Undone by", readonly=True, ondelete="set null")

    @api.model
    def _merge_leads(self, leads, score=0.0, automatic=False):
        """Merge leads (sudo) into the one that has come furthest.

        :returns: field.lead.merge
        :raises UserError: fewer than two of them are left
        """
        leads = leads.exists().filtered(lambda lead: not lead.field_merged_into_id)
        if len(leads) < 2:
            raise UserError(self.env._("One of these leads is gone already."))
        leads = leads._sort_by_confidence_level(reverse=True)
        kept, others = leads[0], leads[1:]
        values = self._get_survivors(leads, kept)
        before = self._take_down(kept, others, values)
        kept._merge_dependences(others)
        others.order_ids.write({"opportunity_id": kept.id})
        kept.write(values)
        others.write({"active": False, "field_merged_into_id": kept.id})
        before["after"] = _plain(kept, values)
        merge = self.create(
            {
                "lead_id": kept.id,
                "merged_names": ", ".join(others.mapped("name")),
                "company_id": (kept.company_id or self.env.company).id,
                "score": score,
                "automatic": automatic,
                "before": before,
            }
        )
        kept._message_log(body=self.env._("Merged: %(names)s", names=merge.merged_names))
        return merge

    @api.model
    def _get_survivors(self, leads, kept):
        """Values of the kept lead: what it lacks comes from the others, rules decide the rest."""
        values = leads._merge_data(leads._merge_get_fields())
        values = {
            name: value for name, value in values.items() if name not in ("order_ids", "tag_ids")
        }
        values["tag_ids"] = [fields.Command.set(leads.tag_ids.ids)]
        for name in ("field_tax_id", "field_segment_id", "field_region_id", "source_id"):
            chosen = leads.filtered(name)[:1]
            values[name] = leads._fields[name].convert_to_write(chosen[name], chosen)
        company = kept.company_id or self.env.company
        rules = self.env["field.lead.survivor"].search([("company_id", "in", [False, company.id])])
        values |= {rule.field_id.name: rule._choose(leads) for rule in rules}
        # Whose lead it is and where it stands is not for a merge to change.
        return {n: v for n, v in values.items() if n not in ("user_id", "team_id", "stage_id")}

    @api.model
    def _take_down(self, kept, others, values):
        """Everything a merge changes, as JSON."""
        moved = {}
        for model, link, names in MOVED:
            domain = [(link, "in", others.ids)]
            if link == "res_id":
                domain.append(
                    ("model" if model == "mail.message" else "res_model", "=", "crm.lead")
                )
            rows = self.env[model].with_context(active_test=False).search(domain)
            moved[model] = [_plain(row, [link, *names]) | {"id": row.id} for row in rows]
        return {
            "kept": _plain(kept, values),
            "others": {lead.id: lead.active for lead in others},
            "moved": moved,
        }

    def action_undo(self):
        """Separate the leads again: what was moved goes back, what nobody changed since too.

        :raises AccessError: only for sales managers and administrators
        :raises UserError: undone already, or a lead was deleted since
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["crm.lead"]._may_manage_pools():
            raise AccessError(self.env._("A sales manager can undo a merge."))
        merge = self.sudo()
        kept = merge.lead_id
        others = self.env["crm.lead"].sudo().browse([int(key) for key in merge.before["others"]])
        if merge.state == "undone" or not kept or others.exists() != others:
            raise UserError(self.env._("This merge cannot be undone any more."))
        merge._restore(kept, others)
        merge.write({"state": "undone", "undone_by_id": self.env.uid})
        pairs = (
            self.env["field.lead.duplicate"]
            .sudo()
            .search(
                [("lead_id", "in", (kept | others).ids), ("other_id", "in", (kept | others).ids)]
            )
        )
        pairs.write({"state": "distinct", "decided_by_id": self.env.uid})
        return True

    def _restore(self, kept, others):
        before, after = self.before["kept"], self.before["after"]
        now = _plain(kept, before)
        # What somebody has entered after the merge stays.
        kept.write({name: before[name] for name in before if now[name] == after[name]})
        for lead in others:
            lead.write(
                {"active": self.before["others"][str(lead.id)], "field_merged_into_id": False}
            )
        for model, rows in self.before["moved"].items():
            for row in rows:
                record = self.env[model].sudo().with_context(active_test=False).browse(row["id"])
                if record.exists():
                    record.write({name: value for name, value in row.items() if name != "id"})
        kept._message_log(body=self.env._("Separated again: %(names)s", names=self.merged_names))


def _plain(record, names):
    """Values that survive JSON and that ``write`` takes."""
    found = {}
    for name in names:
        field = record._fields[name]
        value = field.convert_to_write(record[name], record)
        if field.type in ("date", "datetime") and value:
            value = fields.Datetime.to_string(value) if field.type == "datetime" else str(value)
        elif field.type == "html" and value:
            value = str(value)
        found[name] = value
    return json.loads(json.dumps(found))
