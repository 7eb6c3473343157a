"""Customers found on the street: named by the phone before the server knows them, with a photo of
their sign that may come later."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_phone_uuid = fields.Char("Name on the phone", readonly=True, copy=False)
    field_sign_blob = fields.Char(
        "Photo of the sign", readonly=True, copy=False, index="btree_not_null"
    )

    _field_phone_uuid_uniq = models.UniqueIndex(
        "(field_phone_uuid) WHERE field_phone_uuid IS NOT NULL",
        "A phone names each customer once.",
    )

    @api.model
    def _field_find_named(self, uuid):
        """The customer that the current user's phone has named so, or none."""
        domain = [("field_phone_uuid", "=", uuid), ("create_uid", "=", self.env.uid)]
        return self.sudo().search(domain).with_env(self.env)

    def _field_expect_sign(self, uuid):
        """The photo of the sign becomes the customer's picture, now or when it arrives."""
        self.ensure_one()
        self.sudo().field_sign_blob = uuid
        self._field_take_signs(self.env["field.blob"].sudo().search([("uuid", "=", uuid)]))

    @api.model
    def _field_take_signs(self, blobs):
        """Give customers the photos that have arrived: only of who added them, and no picture that
        somebody has chosen since is replaced."""
        whole = {
            blob.uuid: blob
            for blob in blobs
            if blob.attachment_id and (blob.attachment_id.mimetype or "").startswith("image/")
        }
        if not whole:
            return
        for partner in self.sudo().search([("field_sign_blob", "in", list(whole))]):
            blob = whole[partner.field_sign_blob]
            if blob.user_id == partner.create_uid and not partner.image_1920:
                partner.image_1920 = blob.attachment_id.datas
