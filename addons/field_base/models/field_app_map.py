from odoo import api, models
from odoo.fields import Domain


class FieldApp(models.AbstractModel):
    """What the phone needs for its map and for navigation."""

    _inherit = "field.app"

    @api.model
    def _me_values(self, user):
        config = self.env["field.map.provider"].with_user(user)._get_client_config(phone=True)
        return super()._me_values(user) | {"map": config}

    @api.model
    def _customers_domain(self):
        return super()._customers_domain() & Domain("field_is_own_company", "=", False)

    @api.model
    def _customer_fields(self):
        return (
            *super()._customer_fields(),
            "country_id",
            "field_entrance_lat",
            "field_entrance_lng",
            "field_position_accuracy",
            "field_position_source",
        )

    @api.model
    def _customers(self, partners):
        """Countries by their code, which says where maps are shifted; the entrance as a pair."""
        codes = {country.id: country.code for country in partners.country_id.sudo()}
        rows = super()._customers(partners)
        for row in rows:
            row["country"] = codes.get(row.pop("country_id"))
            lat, lng = row.pop("field_entrance_lat"), row.pop("field_entrance_lng")
            row["entrance"] = [lat, lng] if lat or lng else None
            row["accuracy"] = row.pop("field_position_accuracy") or None
            row["position_source"] = row.pop("field_position_source")
        return rows
