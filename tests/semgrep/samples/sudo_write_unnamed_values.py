class Visit:
    def receive(self, payload, record, post):
        # ruleid: field-sudo-write-unnamed-values
        record.sudo().write(payload)
        # ruleid: field-sudo-write-unnamed-values
        self.env["field.visit"].sudo().create({"state": "done", **post})
        # ok: field-sudo-write-unnamed-values
        record.sudo().write({"state": payload["state"]})
        # ok: field-sudo-write-unnamed-values
        record.write(payload)
