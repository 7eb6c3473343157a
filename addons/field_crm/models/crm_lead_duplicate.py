"""The same company or person twice: found by index, weighed, explained."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.duplicates import MERGE, lead_linkage
from ..tools.trigrams import has_trigrams
from odoo.addons.field_base.tools import tax_number
from odoo.addons.field_base.tools.company_name import (
    company_key,
    email_domain,
    name_variants,
    simplify,
)
from odoo.addons.field_base.tools.geo import haversine_m

NEAREST = 20  # names of a trigram search that are compared
EXACT = 50  # leads that share one exact key
SIMILARITY = 0.5
AT_ONCE = 20  # of one create; more are looked at by the job
CHECKS_PER_MINUTE = 60

# Domains of everybody, beside those Odoo knows.
COMMON_DOMAINS = frozenset({"qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "139.com"})


class LeadKnown(UserError):
    """A new lead is certainly there already, and the company refuses it."""


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_tax_id = fields.Char(
        "Tax Number",
        index="btree_not_null",
        copy=False,
        help="For China the unified social credit code of 18 characters; others as on an invoice.",
    )
    field_tax_info = fields.Char("Tax Number Says", compute="_compute_field_tax_info")
    field_name_key = fields.Char(
        compute="_compute_field_name_key", store=True, groups="base.group_system"
    )
    # Separated by blanks, see `name_variants`.
    field_name_variants = fields.Char(
        compute="_compute_field_name_key", store=True, groups="base.group_system"
    )
    field_merged_into_id = fields.Many2one(
        "crm.lead",
        "Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    field_check_pending = fields.Boolean(readonly=True, copy=False)
    field_duplicate_info = fields.Text(
        "Already There", compute="_compute_field_duplicate_info", compute_sudo=True
    )

    _field_name_key_idx = models.Index("(field_name_key) WHERE field_name_key IS NOT NULL")
    # Without a list of what is still to be sorted in, which every search would read.
    _field_variants_idx = models.Index(
        "USING gin (string_to_array(field_name_variants, ' ')) WITH (fastupdate = off)"
        " WHERE field_name_variants IS NOT NULL"
    )
    _field_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _field_pending_idx = models.Index("(id) WHERE field_check_pending")

    def init(self):
        super().init()
        if has_trigrams(self.env.cr):
            self.env.cr.execute(
                "CREATE INDEX IF NOT EXISTS crm_lead__field_name_key_trgm_index ON crm_lead "
                "USING gin (field_name_key gin_trgm_ops)"
            )

    @api.depends("partner_name", "contact_name")
    def _compute_field_name_key(self):
        for lead in self:
            name = lead.partner_name or lead.contact_name
            key = company_key(name) if name else False
            lead.field_name_key = key
            lead.field_name_variants = " ".join(sorted(name_variants(key))) or False

    @api.depends("field_tax_id", "country_id")
    def _compute_field_tax_info(self):
        for lead in self:
            lead.field_tax_info = lead._describe_tax_number()

    def _describe_tax_number(self):
        """What a reader is told of the number: valid or not, kind and region of a Chinese one."""
        if not self.field_tax_id:
            return False
        number = tax_number.normalise(self.field_tax_id, self.country_id.code)
        said = tax_number.describe(number)
        if said:
            return self.env._(
                "Valid; %(kind)s, registered in %(region)s",
                kind=self._tax_kinds().get(said["kind"], said["kind"]),
                region=said["region"],
            )
        return self.env._("Valid") if number else self.env._("Not a valid number")

    @api.model
    def _tax_kinds(self):
        return {
            "company": self.env._("company"),
            "individual business": self.env._("individual business"),
            "state organ": self.env._("state organ"),
            "public institution": self.env._("public institution"),
            "farmers' cooperative": self.env._("farmers' cooperative"),
            "other": self.env._("other organisation"),
        }

    # --- the record that is compared -----------------------------------------------------------

    def _get_duplicate_record(self):
        """What :func:`~..tools.duplicates.lead_linkage` compares, of one lead (sudo)."""
        street = simplify(" ".join(filter(None, (self.street, self.street2))))
        return {
            "tax": tax_number.normalise(self.field_tax_id, self.country_id.code),
            "phones": {self.phone_sanitized} - {False},
            "emails": {self.email_normalized} - {False},
            "domain": email_domain(self.email_normalized, COMMON_DOMAINS),
            "name": self.field_name_key,
            "place": (self.field_lat or self.field_lng)
            and (self.field_lat, self.field_lng, haversine_m),
            "address": street,
            "city": simplify(self.city),
            "contact": simplify(self.contact_name),
        }

    @api.model
    def _compare_duplicates(self, left, right):
        """:returns: ``(score, [(field, level, bits)])``"""
        linkage = lead_linkage()
        if left["emails"] & right["emails"]:
            right = {**right, "domain": None}  # said already
        levels = linkage.compare(left, right)
        return linkage.score(levels), linkage.explain(levels)

    # --- candidates ----------------------------------------------------------------------------

    def _get_duplicates(self, lowest=None):
        """Leads that may be the same as this one (sudo), best first.

        First by exact keys; by similar names only when those decide nothing.

        :param lowest: score from which on one counts; the company's threshold for the queue
        :returns: ``[(lead, score, [(field, level, bits)])]``
        """
        self.ensure_one()
        lowest = lowest or (self.company_id or self.env.company).field_duplicate_review
        record = self._get_duplicate_record()
        found = self._weigh(record, self._get_same_key(record), lowest)
        if not found or found[0][1] < MERGE:
            known = self.browse([lead.id for lead, _score, _why in found])
            found += self._weigh(record, self._get_similar(record) - known, lowest)
        return sorted(found, key=lambda row: -row[1])

    def _weigh(self, record, candidates, lowest):
        rows = []
        for lead in candidates:
            score, why = self._compare_duplicates(record, lead._get_duplicate_record())
            if score >= lowest:
                rows.append((lead, score, why))
        return sorted(rows, key=lambda row: -row[1])

    def _get_same_key(self, record):
        domain = [
            ("phone_sanitized", tuple(record["phones"])),
            ("email_normalized", tuple(record["emails"])),
            ("field_tax_id", tuple(filter(None, {record["tax"], self.field_tax_id}))),
            ("field_name_key", (record["name"],) if record["name"] else ()),
            ("email_domain_criterion", (f"@{record['domain']}",) if record["domain"] else ()),
        ]
        parts = [
            SQL(
                "(SELECT l.id FROM crm_lead l WHERE %s IN %s AND %s ORDER BY %s LIMIT %s)",
                SQL.identifier("l", name),
                values,
                self._candidate_sql(),
                self._nearby_sql(),
                EXACT,
            )
            for name, values in domain
            if values
        ]
        return self._execute_candidates(parts)

    def _get_similar(self, record):
        """Chinese names are found by their variants, the others by their trigrams."""
        key = record["name"]
        if not key or len(key) < 2:
            return self.browse()
        if variants := name_variants(key):
            return self._execute_candidates([self._variants_sql(variants)])
        if not has_trigrams(self.env.cr):
            return self.browse()
        self.env.cr.execute(SQL("SET LOCAL pg_trgm.similarity_threshold = %s", SIMILARITY))
        return self._execute_candidates([self._trigrams_sql(key)])

    def _variants_sql(self, variants):
        return SQL(
            "(SELECT l.id FROM crm_lead l WHERE l.field_name_variants IS NOT NULL"
            " AND string_to_array(l.field_name_variants, ' ') && %s::text[] AND %s"
            " ORDER BY %s LIMIT %s)",
            sorted(variants),
            self._candidate_sql(),
            self._nearby_sql(),
            EXACT,
        )

    def _nearby_sql(self):
        """Of a chain with hundreds of shops, those in the same city are looked at first. (Without
        an order PostgreSQL would read the table from its start until it has its fifty.)"""
        return SQL("(l.city = %s) DESC NULLS LAST, l.id DESC", self.city or "")

    def _trigrams_sql(self, key):
        return SQL(
            "(SELECT l.id FROM crm_lead l WHERE l.field_name_key %% %s AND %s "
            "ORDER BY similarity(l.field_name_key, %s) DESC LIMIT %s)",
            key,
            self._candidate_sql(),
            key,
            NEAREST,
        )

    def _candidate_sql(self):
        company = self.company_id
        same = (
            SQL("(l.company_id IS NULL OR l.company_id = %s)", company.id)
            if company
            else SQL("TRUE")
        )
        return SQL("l.id != %s AND l.active AND %s", self._origin.id or 0, same)

    def _execute_candidates(self, parts):
        if not parts:
            return self.browse()
        self.flush_model(["phone_sanitized", "email_normalized", "field_tax_id", "field_name_key"])
        self.flush_model(["email_domain_criterion", "active", "company_id", "field_name_variants"])
        rows = self.env.execute_query(SQL(" UNION ").join(parts))
        return self.browse([row[0] for row in rows])

    # --- what happens with them ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A new lead is checked as its company says: not at all, for the queue, or refused."""
        leads = super().create(vals_list)
        if not self.env.context.get("field_no_duplicate_check"):
            leads.sudo()._check_new()
        return leads

    def _check_new(self):
        checked = self.filtered(
            lambda lead: (lead.company_id or self.env.company).field_duplicate_mode != "off"
        )
        if len(checked) > AT_ONCE:
            blocking = checked.filtered(
                lambda le: (le.company_id or self.env.company).field_duplicate_mode == "block"
            )
            (checked - blocking).field_check_pending = True
            checked = blocking
        for lead in checked:
            lead._note_duplicates()

    def _note_duplicates(self):
        """Look for duplicates of one new lead (sudo): queue, merge or refuse.

        :raises UserError: the company refuses what is certainly there already
        """
        company = self.company_id or self.env.company
        found = self._get_duplicates()
        if not found:
            return
        other, score, _why = found[0]
        if score >= company.field_duplicate_merge and company.field_duplicate_mode == "block":
            raise LeadKnown(
                self.env._(
                    "“%(lead)s” %(known)s. It is not entered again.",
                    lead=self.name,
                    known=other._describe_known(),
                )
            )
        Duplicate = self.env["field.lead.duplicate"]
        rows = Duplicate.create([Duplicate._prepare_vals(self, *row) for row in found])
        if score >= company.field_duplicate_merge and company.field_duplicate_mode == "merge":
            rows[0]._merge(automatic=True)

    @api.model
    def _cron_check_duplicates(self):
        """Names without a key first, then new leads that came in large numbers."""
        Cron = self.env["ir.cron"]
        Lead = self.sudo().with_context(active_test=False)
        unnamed = Domain("field_name_key", "=", False) & Domain("partner_name", "!=", False)
        pending = Domain("field_check_pending", "=", True)
        Cron._commit_progress(remaining=Lead.search_count(unnamed | pending, limit=100000))
        while leads := Lead.search(unnamed, limit=1000):
            leads._compute_field_name_key()
            leads.flush_recordset()
            if not Cron._commit_progress(len(leads)):
                return
        while leads := Lead.search(pending, limit=100, order="id").try_lock_for_update():
            for lead in leads:
                lead.field_check_pending = False
                if lead.active:
                    lead._note_duplicates()
            if not Cron._commit_progress(len(leads)):
                return

    # --- what a finder is told -----------------------------------------------------------------

    def _describe_known(self):
        """All that somebody learns of a lead that is not his: whose it is, and since when."""
        lead = self.sudo()
        since = format_date(self.env, lead.date_open or lead.create_date)
        if lead.user_id:
            return self.env._(
                "exists, owned by %(owner)s since %(date)s", owner=lead.user_id.name, date=since
            )
        return self.env._("exists, owned by nobody since %(date)s", date=since)

    @api.depends("name")
    def _compute_field_duplicate_info(self):
        rows = self.env["field.lead.duplicate"].search(
            [("lead_id", "in", self.ids), ("state", "=", "review")]
        )
        for lead in self:
            own = rows.filtered(lambda row, lead=lead: row.lead_id == lead)
            texts = [row.other_id._describe_known() for row in own[:3]]
            lead.field_duplicate_info = "\n".join(texts) or False

    @api.model
    def check_known(self, values):
        """Whether a lead with these details exists, before one enters it.

        :param dict values: some of ``partner_name contact_name phone email_from field_tax_id city
            street``, as texts
        :returns: list of texts such as "exists, owned by Li since 11/01/2026", nothing else
        :raises UserError: asked too often
        """
        self.browse().check_access("create")
        names = ("partner_name", "contact_name", "phone", "email_from", "field_tax_id", "city")
        allowed = {
            name: values[name]
            for name in (*names, "street")
            if isinstance(values.get(name), str) and values[name].strip()
        }
        rate = self.env["field.rate"].sudo()
        if not rate._is_allowed("lead_check", str(self.env.uid), CHECKS_PER_MINUTE):
            raise UserError(self.env._("Too many questions at once. Try again in a minute."))
        draft = self.sudo().new({"name": "?", **allowed, "company_id": self.env.company.id})
        return [other._describe_known() for other, _score, _why in draft._get_duplicates()[:3]]
