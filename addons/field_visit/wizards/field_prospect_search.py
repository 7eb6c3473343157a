from odoo import fields, models
from odoo.exceptions import UserError


class FieldProspectSearch(models.TransientModel):
    """Look round a customer (or a place) for businesses that are no customers yet."""

    _name = "field.prospect.search"
    _description = "Search for prospects"

    partner_id = fields.Many2one("res.partner", "Round the customer")
    lat = fields.Float("Latitude", digits=(10, 7))
    lng = fields.Float("Longitude", digits=(10, 7))
    radius = fields.Integer("Within (m)", required=True, default=500)
    words = fields.Char("Looking for")
    note = fields.Char(readonly=True)
    line_ids = fields.One2many("field.prospect.search.line", "search_id", "Found")

    def action_search(self):
        """Ask the providers and list what is new.

        :raises UserError: nobody said where
        """
        self.ensure_one()
        position = self.partner_id._field_position() if self.partner_id else None
        lat, lng = position or (self.lat, self.lng)
        if not lat and not lng:
            raise UserError(self.env._("Choose a customer with a position, or type one in."))
        found = self.env["field.prospect.provider"].find_nearby(lat, lng, self.radius, self.words)
        self.line_ids.unlink()
        self.line_ids = [
            fields.Command.create(self._prepare_line(place)) for place in found["places"]
        ]
        self.note = self._get_note(found)
        return self._reopen()

    def _prepare_line(self, place):
        names = ("ref", "name", "lat", "lng", "phone", "address", "metres")
        return {**{name: place[name] for name in names}, "business": place["kind"]}

    def _get_note(self, found):
        if not found["providers"]:
            return self.env._("No source is set up: ask an administrator.")
        note = self.env._(
            "%(new)s new, %(hidden)s are customers already.",
            new=len(found["places"]),
            hidden=found["hidden"],
        )
        if found["silent"]:
            silent = ", ".join(found["silent"])
            note += " " + self.env._("No answer from %(names)s.", names=silent)
        return note

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find prospects"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class FieldProspectSearchLine(models.TransientModel):
    _name = "field.prospect.search.line"
    _description = "Prospect that was found"
    _order = "metres, id"

    search_id = fields.Many2one(
        "field.prospect.search", required=True, index=True, ondelete="cascade"
    )
    ref = fields.Char()
    name = fields.Char()
    business = fields.Char("Kind")
    address = fields.Char()
    phone = fields.Char()
    metres = fields.Integer("Metres away")
    lat = fields.Float("Latitude", digits=(10, 7))
    lng = fields.Float("Longitude", digits=(10, 7))
    partner_id = fields.Many2one("res.partner", "Customer")

    def action_add(self):
        """Make a customer of it."""
        self.ensure_one()
        self._add()
        return self.search_id._reopen()

    def action_add_and_visit(self):
        """Make a customer of it and open today's visit."""
        self.ensure_one()
        answer = self._add(start_visit=True)
        return {
            "type": "ir.actions.act_window",
            "res_model": "field.visit",
            "res_id": answer["visit_id"],
            "views": [(False, "form")],
        }

    def _add(self, start_visit=False):
        names = ("ref", "name", "lat", "lng", "phone", "address")
        place = {name: self[name] for name in names}
        answer = self.env["field.prospect.provider"].add_prospect(place, start_visit)
        self.partner_id = answer["partner_id"]
        return answer
