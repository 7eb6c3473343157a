from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..tools import card_reader
from odoo.addons.field_base.tools.collection import Collection, plain

POOL_LEADS = 500
MY_LEADS = 1000
TIME_ASKED = 100
POOL_FIELDS = ("name", "partner_name", "city", "field_lat", "field_lng", "priority")
MY_FIELDS = (
    "name",
    "partner_name",
    "contact_name",
    "phone",
    "email_from",
    "street",
    "city",
    "field_lat",
    "field_lng",
    "field_recycle_at",
    "field_contact_at",
    "field_contact_deadline",
    "field_followup_deadline",
    "field_convert_deadline",
)


class FieldApp(models.AbstractModel):
    """On the phone: leads of one's pools without their contact, and one's own with it."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        open_leads = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        pooled = Domain("field_in_pool", "=", True)
        member = Domain("field_pool_id.member_ids", "in", [self.env.uid])
        mine = Domain("field_pool_id", "!=", False) & Domain("user_id", "=", self.env.uid)
        return super()._collections() | {
            "my_leads": Collection(
                "crm.lead",
                open_leads & mine,
                MY_FIELDS,
                order="field_recycle_at, id",
                cap=MY_LEADS,
                rows=self._my_leads,
                watch={"field.lead.extension": "lead_id"},
            ),
            "pool_leads": Collection(
                "crm.lead",
                open_leads & pooled & member,
                POOL_FIELDS,
                order="priority desc, id desc",
                cap=POOL_LEADS,
                rows=self._pool_leads,
            ),
            "time_asked": Collection(
                "field.lead.extension",
                self._time_asked_domain(),
                order="id",
                cap=TIME_ASKED,
                rows=self._time_asked,
                digest=True,
            ),
        }

    @api.model
    def _time_asked_domain(self):
        """What one's people ask for and nobody has decided yet."""
        mine = Domain("user_id.field_leader_ids", "in", [self.env.uid])
        return Domain("state", "=", "asked") & mine

    def _me_values(self, user):
        """Whether the server reads photos of business cards: no button where it does not."""
        return super()._me_values(user) | {"card_reader": card_reader.is_there()}

    @api.model
    def _pool_leads(self, leads):
        """Nothing but what helps to decide; the contact is hidden until the claim."""
        return [
            {
                "id": lead.id,
                "name": lead.name,
                "company": plain(lead.partner_name),
                "city": plain(lead.city),
                **_place(lead),
                "pool": lead.field_pool_id.sudo().name,
                "drawn": bool(lead.field_draw_closes_at),
            }
            for lead in leads
        ]

    @api.model
    def _my_leads(self, leads):
        return [
            {
                "id": lead.id,
                "name": lead.name,
                "company": plain(lead.partner_name),
                "contact": plain(lead.contact_name),
                "phone": plain(lead.phone),
                "email": plain(lead.email_from),
                "street": plain(lead.street),
                "city": plain(lead.city),
                **_place(lead),
                "recycle_at": plain(lead.field_recycle_at),
                "clock": plain(lead.field_clock),
                "contact_at": plain(lead.field_contact_at),
                "more_time": plain(lead._get_extension_state()),
                "more_days": lead.sudo().field_pool_id.extension_days,
            }
            for lead in leads
        ]

    @api.model
    def _time_asked(self, requests):
        return [
            {
                "id": request.id,
                "lead": request.lead_name,
                "person": request.user_id.sudo().name,
                "kind": request.kind,
                "reason": request.reason,
                "days": request.days,
                "deadline": plain(request.deadline),
            }
            for request in requests
        ]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _create_from_phone(self, values):
        """A lead its finder entered on the phone: his own, and in none of the pools."""
        country = self.env.company.country_id
        phone = self.env.ref("utm.utm_medium_phone", raise_if_not_found=False)
        return self.with_context(field_channel="phone").create(
            {
                "name": values["company"] or values["contact"],
                "partner_name": values["company"],
                "contact_name": values["contact"],
                "function": values["position"],
                "phone": values["phone"],
                "email_from": values["email"],
                "street": values["street"],
                "city": values["city"],
                "country_id": country.id,
                "field_lat": values["lat"] or 0,
                "field_lng": values["lng"] or 0,
                "description": values["note"] and plaintext2html(values["note"]),
                "type": "lead",
                "user_id": self.env.uid,
                "medium_id": phone and phone.id,
            }
        )


def _place(lead):
    known = bool(lead.field_lat or lead.field_lng)
    return {
        "lat": lead.field_lat if known else None,
        "lng": lead.field_lng if known else None,
    }
