"""What can be proposed of a customer's card: how a value is read, said, and put there."""

from odoo import api, models

from ..tools.customer_card import CONTACT, clock, read_contact, read_hours, read_place
from .field_partner_change import PROPOSED
from .field_visiting_hours import WEEKDAYS
from odoo.addons.field_base.tools.errors import FieldRejected

ENTRANCE = ("field_entrance_lat", "field_entrance_lng")


class FieldPartnerChange(models.Model):
    _inherit = "field.partner.change"

    # ---------------------------------------------------------------- reading

    @api.model
    def _read_values(self, values):
        """:raise FieldRejected: bad_payload, for what is no line of the card or cannot be there"""
        if not values or not set(values) <= set(PROPOSED):
            raise FieldRejected(
                "bad_payload", self.env._("Of a customer only the card can be proposed to change.")
            )
        return {name: self._read_value(name, values) for name in values}

    def _read_value(self, name, values):
        try:
            return self._parse_value(name, values)
        except ValueError:
            raise FieldRejected(
                "bad_payload",
                self.env._("“%(field)s” cannot be that.", field=self._get_label(name)),
            ) from None

    def _parse_value(self, name, values):
        """:raise ValueError: for what cannot be on the card"""
        value = values[name]
        if name == "visiting_hours":
            return read_hours(value)
        if name == "contact":
            return read_contact(value)
        if name in ENTRANCE:
            place = read_place(*(values.get(one) for one in ENTRANCE))
            return place[ENTRANCE.index(name)]
        if not self._is_possible(name, value):
            raise ValueError(name)
        return (value.strip() or False) if isinstance(value, str) else value

    def _is_possible(self, name, value):
        field = self.env["res.partner"]._fields[name]
        if field.type == "selection":
            return value == "closed"  # all else follows the data
        if field.type == "many2one":
            return self._is_known(field, value)
        if name == "name" and not (isinstance(value, str) and value.strip()):
            return False
        return isinstance(value, str) or value is False

    def _is_known(self, field, value):
        """Whether the proposer may see the record; of users only those who work here."""
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        domain = [("id", "=", value)]
        if field.comodel_name == "res.users":
            domain += [("share", "=", False), ("company_ids", "in", self.env.company.ids)]
        return bool(self.env[field.comodel_name].search_count(domain))

    @api.model
    def _get_current(self, partner, name, value):
        """What the card says now, in the form of a proposed value."""
        partner = partner.sudo()
        if name == "visiting_hours":
            return partner.field_visiting_hours_ids._as_windows()
        if name == "contact":
            known = self._find_contact(partner, value)._field_as_contact()
            return {key: text for key, text in known.items() if key in value}
        found = partner[name]
        return found.id if isinstance(found, models.BaseModel) else found

    @api.model
    def _find_contact(self, partner, value):
        """The person of that name at the customer's."""
        return partner.sudo().child_ids.filtered(
            lambda one: one.type == "contact" and (one.name or "").lower() == value["name"].lower()
        )[:1]

    # ---------------------------------------------------------------- saying

    @api.depends("new_values", "old_values")
    def _compute_text(self):
        for change in self:
            new, old = change.new_values or {}, change.old_values or {}
            change.text = "\n".join(
                f"{self._get_label(name)}: {self._say(name, old)} → {self._say(name, new)}"
                for name in new
                if name != ENTRANCE[1] or ENTRANCE[0] not in new
            )

    @api.model
    def _get_label(self, name):
        own = {
            "visiting_hours": self.env._("Visiting hours"),
            "contact": self.env._("Contact person"),
            **dict.fromkeys(ENTRANCE, self.env._("Entrance")),
        }
        if name in own:
            return own[name]
        return self.env["res.partner"].sudo().fields_get([name], ["string"])[name]["string"]

    def _say(self, name, values):
        """A value in words; – for none."""
        value = values.get(name)
        if name in ENTRANCE:
            place = [values.get(one) or 0.0 for one in ENTRANCE]
            return ", ".join(f"{one:.5f}" for one in place) if any(place) else "–"
        if not value:
            return self.env._("any time") if name == "visiting_hours" else "–"
        if name == "visiting_hours":
            return self._say_hours(value)
        if name == "contact":
            return " · ".join(value[key] for key in CONTACT if value.get(key))
        field = self.env["res.partner"]._fields[name]
        if field.type == "many2one":
            return self.env[field.comodel_name].sudo().browse(value).exists().display_name or "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    def _say_hours(self, windows):
        """``Monday, Tuesday 9:00–12:00``: days of the same hours together."""
        names = dict(
            self.env["field.visiting.hours"]._fields["weekday"]._description_selection(self.env)
        )
        days = {}
        for weekday, start, end in windows:
            days.setdefault((start, end), []).append(weekday)
        order = [code for code, _name in WEEKDAYS]
        return "; ".join(
            f"{', '.join(names[one] for one in sorted(own, key=order.index))} "
            f"{clock(start)}–{clock(end)}"
            for (start, end), own in days.items()
        )

    # ---------------------------------------------------------------- onto the card

    def _put_on_card(self):
        self.ensure_one()
        values = dict(self.new_values)
        partner = self.partner_id.sudo()
        hours, contact = values.pop("visiting_hours", None), values.pop("contact", None)
        if hours is not None:
            self._put_hours(partner, hours)
        if contact:
            self._put_contact(partner, contact)
        if values:
            partner.write(values)

    def _put_hours(self, partner, windows):
        partner.field_visiting_hours_ids.unlink()
        self.env["field.visiting.hours"].sudo().create(
            [
                {"partner_id": partner.id, "weekday": day, "hour_from": start, "hour_to": end}
                for day, start, end in windows
            ]
        )

    def _put_contact(self, partner, contact):
        """Somebody new, or more about a person who is there already."""
        found = self._find_contact(partner, contact)
        if found:
            found.write(contact)
        else:
            partner.create({**contact, "parent_id": partner.id, "type": "contact"})
