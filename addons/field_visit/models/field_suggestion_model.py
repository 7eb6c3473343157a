"""A model beside the transparent score: optional, off until chosen, and its say is one more line
of the sum."""

import logging
from collections import Counter
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: A model moves a customer up by so many points at most; it gives nobody a reason he has not.
MOST_POINTS = 20
#: The answers of half a year, and so many at least, are something to learn from.
_ANSWERS_DAYS = 180
_ANSWERS_LEAST = 10


class ResCompany(models.Model):
    _inherit = "res.company"

    field_suggestion_model = fields.Selection(
        [
            ("none", "None: the reasons alone"),
            ("answers", "What was followed before (reckoned on this server)"),
        ],
        "Model for suggestions",
        required=True,
        default="none",
        help="A model may move customers up in the suggestions of the day, by 20 points at most "
        "and only those with a reason of their own. What it adds is a line of the sum.",
    )


class FieldSuggestion(models.Model):
    """A kind of model is added by extending the selection of the company and writing
    ``_rate_<kind>(user, date, sums)``, which answers ``{partner.id: (points, words)}``."""

    _inherit = "field.suggestion"

    @api.model
    def _ask_model(self, user, date, sums):
        """What the model of the company says of customers with a reason, as parts of their sums.

        :param dict sums: ``{partner.id: [[code, points, words]]}``; a model is told no more
        :return: the sums with the model's part; without it where it fails or says what is no number
        """
        kind = self.env.company.sudo().field_suggestion_model
        if kind == "none" or not sums:
            return sums
        try:
            with self.env.cr.savepoint():
                rated = getattr(self, f"_rate_{kind}")(user, date, sums)
                parts = {one: self._prepare_model_part(*said) for one, said in rated.items()}
        except OperationalError:
            raise  # Odoo tries again
        except Exception:
            # Whatever somebody's model does, the day has its suggestions.
            _logger.exception("the model %s for suggestions does not work", kind)
            return sums
        return {
            partner_id: [*own, parts[partner_id]] if parts.get(partner_id) else own
            for partner_id, own in sums.items()
        }

    @api.model
    def _prepare_model_part(self, points, words):
        points = min(MOST_POINTS, round(float(points)))
        return ["model", points, str(words)] if points > 0 else None

    @api.model
    def _rate_answers(self, user, date, sums):
        """Kind ``answers``: how often customers with the same reasons went into the plan.

        Each reason has the share of its suggestions that were followed, (followed + 1) / (answered
        + 2); a customer has the mean of his reasons, and what is above one half as points.
        """
        followed, answered = self._count_answers(date)
        if sum(answered.values()) < _ANSWERS_LEAST:
            return {}
        rated = {}
        for partner_id, parts in sums.items():
            shares = [(followed[one[0]] + 1) / (answered[one[0]] + 2) for one in parts]
            share = sum(shares) / len(shares)
            words = self.env._(
                "reasons like these were followed %(percent)s %% of the time",
                percent=round(share * 100),
            )
            rated[partner_id] = (MOST_POINTS * (2 * share - 1), words)
        return rated

    @api.model
    def _count_answers(self, date):
        """:return: ``{code: times}`` followed and answered in this company"""
        followed, answered = Counter(), Counter()
        domain = (
            Domain("company_id", "=", self.env.company.id)
            & Domain("date", ">=", date - timedelta(days=_ANSWERS_DAYS))
            & Domain("state", "in", ("accepted", "dismissed"))
            & Domain("teaches", "=", True)
        )
        # sudo: shares of a company say nothing about a person
        for one in self.sudo().search_fetch(domain, ["parts", "state"]):
            codes = {part[0] for part in one.parts or ()} - {"model"}
            answered.update(codes)
            followed.update(codes if one.state == "accepted" else ())
        return followed, answered
