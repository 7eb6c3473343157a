from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .field_blob import FILES
from odoo.addons.field_base.tools.erased import erased

PLACES = ("check_in_lat", "check_in_lng", "check_out_lat", "check_out_lng")


class FieldRetention(models.AbstractModel):
    """Visits: their photos and the places of check-ins go, the visit itself stays."""

    _inherit = "field.retention"

    @api.model
    def _erase_place(self, company, users, cutoff, limit):
        self._erase_pins(company, users, cutoff)
        self._erase_fixes(company, users, cutoff)
        visits = self._erase_coordinates(
            "field.visit", "check_in_at", PLACES, company, users, cutoff, limit
        )
        return [*super()._erase_place(company, users, cutoff, limit), visits]

    @api.model
    def _erase_pins(self, company, users, cutoff):
        """The map's pin of a visit is the check-in where the customer has no place."""
        self.env["field.visit"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE field_visit SET lat = NULL, lng = NULL"
                " WHERE company_id = %s AND user_id IN %s AND check_in_at < %s"
                " AND lat = check_in_lat AND lng = check_in_lng",
                company.id,
                tuple(users.ids),
                cutoff,
            )
        )
        self.env["field.visit"].invalidate_model(["lat", "lng"], flush=False)

    @api.model
    def _erase_fixes(self, company, users, cutoff):
        """The raw positions go with the place they led to."""
        self.env["field.visit"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE field_visit SET check_in_fixes = NULL"
                " WHERE company_id = %s AND user_id IN %s AND check_in_at < %s"
                " AND check_in_fixes IS NOT NULL",
                company.id,
                tuple(users.ids),
                cutoff,
            )
        )
        self.env["field.visit"].invalidate_model(["check_in_fixes"], flush=False)

    @api.model
    def _release_files(self, files):
        super()._release_files(files)
        for model in FILES:
            rows = self.env[model].search([("attachment_id", "in", files.ids)])
            rows.attachment_id = False
            rows.flush_recordset()

    @api.model
    def _erase_photo(self, company, users, cutoff, limit):
        """Also those that were uploaded in the web client, which are no blobs."""
        domain = self._mine(company, users) & Domain("create_date", "<", cutoff)
        domain &= Domain("attachment_id", "!=", False) & Domain("source", "=", "upload")
        photos = self.env["field.visit.photo"].search(domain, order="id", limit=limit)
        facts = [(p.create_date, f"{p.blob_uuid} {p.attachment_id.checksum}") for p in photos]
        what = erased(photos._name, facts)
        files = photos.attachment_id
        self._release_files(files)
        self._unlink_files(files)
        return [*super()._erase_photo(company, users, cutoff, limit), what]
