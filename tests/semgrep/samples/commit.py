class Visit:
    def close_all(self):
        for visit in self:
            visit.close()
            # ruleid: field-commit
            self.env.cr.commit()
        # ruleid: field-commit
        self._cr.commit()

    def undo(self, cr):
        # ruleid: field-commit
        cr.rollback()

    def _cron_close(self):
        # ok: field-commit
        self.env["ir.cron"]._commit_progress(1)

    def save(self, repository):
        # ok: field-commit
        repository.commit()
