"""Articles on the phone: their text comes with the pull, their files one by one."""

from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain

ARTICLES = 300


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        shared = [("company_id", "in", (False, self.env.company.id))]
        return super()._collections() | {
            "articles": Collection(
                "field.knowledge.article",
                [*shared, ("is_for_me", "=", True)],
                ("name", "body", "keywords", "sequence", "version", "edition", "date_to"),
                order="sequence, id",
                cap=ARTICLES,
                rows=self._articles,
            ),
            "article_tags": Collection(
                "field.knowledge.tag", shared, ("name", "kind"), order="kind, name, id", cap=200
            ),
        }

    @api.model
    def _articles(self, articles):
        """With the names of products as they are now: one finds an article by them too."""
        return [
            {
                "id": article.id,
                "name": article.name,
                "keywords": article.keywords or "",
                "sequence": article.sequence,
                "version": article.version,
                "until": plain(article.date_to),
                "blocks": article._get_blocks(),
                "products": self._named(article.product_ids),
                "rivals": self._named(article.rival_ids),
                **{name: article[name].ids for name in ("tag_ids", "grade_ids", "channel_ids")},
                "files": [file._as_app_values() for file in article.file_ids],
            }
            for article in articles
        ]

    @api.model
    def _named(self, records):
        return [{"id": one.id, "name": one.sudo().display_name} for one in records]

    @api.model
    def _visits(self, visits):
        """Also which articles were used, so that a phone does not ask for them again."""
        rows = super()._visits(visits)
        groups = self.env["field.knowledge.use"]._read_group(
            [("visit_id", "in", visits.ids)], ["visit_id"], ["article_id:array_agg"]
        )
        used = {visit.id: ids for visit, ids in groups}
        for row in rows:
            row["articles"] = used.get(row["id"], [])
        return rows
