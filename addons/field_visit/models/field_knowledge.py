"""Product papers and sales talk that people in the field have with them, network or not."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.articles import read_blocks
from odoo.addons.field_base.models.field_policy_choice import SELECTORS

#: A longer text is read at a desk; all articles of a phone are in its memory while one searches.
MOST_TEXT = 20_000
#: An object, not a value: no RPC context can carry it.
SAVING = object()


class FieldKnowledgeTag(models.Model):
    _name = "field.knowledge.tag"
    _description = "Tag of Articles"
    _order = "kind, name, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("subject", "Subject"), ("stage", "Stage"), ("objection", "Objection")],
        required=True,
        default="subject",
    )
    color = fields.Integer(default=4)  # cards show no tag without one
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the tag to every company."
    )


class FieldKnowledgeArticle(models.Model):
    """One article: for whom it is, where it helps, from when to when it holds."""

    _name = "field.knowledge.article"
    _description = "Article for the Field"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Title", required=True)
    body = fields.Html("Text", sanitize_attributes=True)
    keywords = fields.Char(help="Words somebody may look for that are not in the title.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Leave empty to offer the article to every company.",
    )
    author_id = fields.Many2one(
        "res.users",
        "Written by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date_from = fields.Date("Valid from")
    date_to = fields.Date("Valid until", help="Afterwards it leaves the phones.")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    version_ids = fields.One2many("field.knowledge.version", "article_id", "Versions")
    tag_ids = fields.Many2many("field.knowledge.tag", string="Tags", check_company=True)
    file_ids = fields.One2many("field.knowledge.file", "article_id", "Files", copy=True)
    policy_ids = fields.Many2many(
        "field.policy",
        string="For people under",
        check_company=True,
        help="Also under later versions of these policies. Empty for everybody.",
    )
    leader_ids = fields.Many2many(
        "res.users",
        string="For the teams of",
        help="These leaders and everybody below them. Empty for everybody.",
    )
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    rival_ids = fields.Many2many(
        "field.rival.product", string="Against competing products", check_company=True
    )
    grade_ids = fields.Many2many("field.grade", string="At grades", help="Empty for all.")
    channel_ids = fields.Many2many("field.channel", string="In channels", help="Empty for all.")
    is_for_me = fields.Boolean(
        "Meant for me", compute="_compute_is_for_me", search="_search_is_for_me"
    )
    is_valid = fields.Boolean("Valid today", compute="_compute_is_valid", search="_search_is_valid")
    edition = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Counts what changed beside the text, so that phones hear of it.",
    )
    use_ids = fields.One2many("field.knowledge.use", "article_id", "Used in visits")
    use_count = fields.Integer("Used in visits (number)", compute="_compute_use_counts")
    productive_count = fields.Integer("Productive visits", compute="_compute_use_counts")
    knows_orders = fields.Boolean(compute="_compute_order_count")
    order_count = fields.Integer(
        "Followed by an order",
        compute="_compute_order_count",
        help="Visits in which it was used, after which the customer ordered within 14 days. "
        "Nobody knows whether he ordered because of it.",
    )

    _validity = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "An article begins to be valid before it ends.",
    )

    @api.constrains("body")
    def _check_body(self):
        for article in self:
            if sum(len(block["text"]) for block in article._get_blocks()) > MOST_TEXT:
                raise ValidationError(
                    self.env._("An article has at most %(count)s characters.", count=MOST_TEXT)
                )

    # ---------------------------------------------------------------- for whom

    @api.depends_context("uid")
    def _compute_is_for_me(self):
        mine = self.filtered_domain(self._get_reader_domain())
        for article in self:
            article.is_for_me = article in mine

    @api.model
    def _search_is_for_me(self, operator, value):
        """Asked anew each time: rules are remembered, teams, policies and days change."""
        if operator != "in":
            return NotImplemented
        domain = self._get_reader_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_reader_domain(self):
        """What the current user is to read today: valid, for his team and under his policy."""
        leaders = self.env.user.sudo().field_leader_ids | self.env.user
        policies = self._get_policy_versions()
        team = Domain("leader_ids", "=", False) | Domain("leader_ids", "in", leaders.ids)
        rules = Domain("policy_ids", "=", False) | Domain("policy_ids", "in", policies.ids)
        return self._get_valid_domain() & team & rules

    @api.depends("date_from", "date_to")
    @api.depends_context("uid")
    def _compute_is_valid(self):
        valid = self.filtered_domain(self._get_valid_domain())
        for article in self:
            article.is_valid = article in valid

    @api.model
    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_valid_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_valid_domain(self):
        """By the calendar of the reader's own time zone."""
        zone = self.env.user._field_tz()
        today = fields.Date.context_today(self.with_context(tz=zone))
        begun = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        return begun & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))

    @api.model
    def _get_policy_versions(self):
        """The policy the current user works under, with all its other versions."""
        user = self.env.user
        Policy = self.env["field.policy"].sudo().with_context(active_test=False)
        policy = Policy._get_for_users(user)[user.id]
        same = [(name, "=", policy[name].id) for name in ("company_id", *SELECTORS)]
        return Policy.search(same)

    # ---------------------------------------------------------------- use

    @api.depends("use_ids")
    @api.depends_context("uid")
    def _compute_use_counts(self):
        """Of the visits the reader may see: a leader counts his people."""
        groups = self.env["field.knowledge.use"]._read_group(
            [("article_id", "in", self.ids)], ["article_id", "is_productive"], ["__count"]
        )
        counts = {(article.id, productive): count for article, productive, count in groups}
        for article in self:
            productive = counts.get((article.id, True), 0)
            article.use_count = productive + counts.get((article.id, False), 0)
            article.productive_count = productive

    @api.depends("use_ids")
    @api.depends_context("uid")
    def _compute_order_count(self):
        """Of the visits the reader may see, as the other figures."""
        followed = self._find_followed().grouped("article_id")
        for article in self:
            article.knows_orders = "sale.order" in self.env
            article.order_count = len(followed.get(article, ()))

    def _find_followed(self):
        uses = self.env["field.knowledge.use"].search([("article_id", "in", self.ids)])
        return uses._filter_followed_by_order()

    def action_open_visits(self):
        """The visits these articles were used in; with ``productive`` in the context only those
        that something came of, with ``ordered`` those after which the customer ordered."""
        domain = Domain("article_use_ids.article_id", "in", self.ids)
        if self.env.context.get("productive"):
            domain &= Domain("is_productive", "=", True)
        if self.env.context.get("ordered"):
            domain = Domain("id", "in", self._find_followed().visit_id.ids)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "field.visit",
            "domain": list(domain),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "context": {"create": False},
        }

    # ---------------------------------------------------------------- versions

    def _get_blocks(self):
        self.ensure_one()
        return read_blocks(self.body)

    def _get_content(self):
        """What makes a version: who used an article in a visit is known with what stood in it."""
        self.ensure_one()
        files = self.file_ids.mapped(lambda file: (file.sequence, file.name, file.checksum))
        return self.name, self.body, files

    @api.model_create_multi
    def create(self, vals_list):
        saving = self.with_context(field_knowledge=SAVING)
        articles = super(FieldKnowledgeArticle, saving).create(vals_list).with_env(self.env)
        articles._keep_version()
        return articles

    def write(self, vals):
        """Text and files that are saved together are one version."""
        if vals.keys() <= {"version", "edition"}:
            return super().write(vals)
        before = {article.id: article._get_content() for article in self}
        saving = self.with_context(field_knowledge=SAVING)
        result = super(FieldKnowledgeArticle, saving).write(vals)
        changed = self.filtered(lambda one: one._get_content() != before[one.id])
        changed._changed()
        (self - changed)._touch()
        return result

    def _changed(self):
        """What stands in it is another now: the next version, kept as it is."""
        for article in self:
            article.version += 1
        self._keep_version()

    def _touch(self):
        """Something beside the text: phones hear of it, uses do not."""
        for article in self:
            article.edition += 1

    def _keep_version(self):
        self.env["field.knowledge.version"].sudo().create(
            [
                {
                    "article_id": article.id,
                    "number": article.version,
                    "name": article.name,
                    "body": article.body,
                    "files": ", ".join(article.file_ids.mapped("name")),
                }
                for article in self
            ]
        )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", article.name))
            for article, vals in zip(self, vals_list, strict=True)
        ]


class FieldKnowledgeVersion(models.Model):
    """An article as it was at one time; uses refer to it by its number, so it never changes."""

    _name = "field.knowledge.version"
    _description = "Version of an Article"
    _order = "article_id, number desc"
    _rec_name = "number"

    article_id = fields.Many2one(
        "field.knowledge.article", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    name = fields.Char("Title", required=True, readonly=True)
    body = fields.Html("Text", readonly=True)
    files = fields.Char(readonly=True)

    _number_uniq = models.UniqueIndex("(article_id, number)", "Each version has its number.")
