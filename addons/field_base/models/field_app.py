from odoo import api, models
from odoo.fields import Domain

from ..tools.collection import Collection, plain

CUSTOMERS = 20000


class FieldApp(models.AbstractModel):
    """What the phone app is given; modules add their collections.

    ::

        def _collections(self):
            return super()._collections() | {"visits": Collection("field.visit", domain, (…))}
    """

    _name = "field.app"
    _description = "Phone app"

    @api.model
    def _collections(self):
        """Everything the current user's phone keeps a copy of, most urgent first.

        Called as the person himself; once as superuser without a person, to learn which models
        and fields are watched for changes.

        :returns: ``{name: tools.collection.Collection}``
        """
        return {
            "me": Collection("res.users", [("id", "=", self.env.uid)], rows=self._me, digest=True),
            "customers": Collection(
                "res.partner",
                self._customers_domain(),
                self._customer_fields(),
                order="id desc",
                cap=CUSTOMERS,
                rows=self._customers,
            ),
        }

    # --- me ------------------------------------------------------------------------------------

    @api.model
    def _me(self, users):
        """The one row of ``me``: who he is and which rules he works under."""
        return [self._me_values(user) for user in users]

    @api.model
    def _me_values(self, user):
        """Hook: modules add what the app must know about its person."""
        company = self.env.company
        return {
            "id": user.id,
            "name": user.name,
            "lang": user.lang or "en_US",
            "tz": user._field_tz(),
            "company": {"id": company.id, "name": company.name},
            **self.env["field.policy"]._get_app_values(user),
        }

    # --- customers -----------------------------------------------------------------------------

    @api.model
    def _customers_domain(self):
        """Hook: whose customers are on the phone: one's own and those who are nobody's."""
        return Domain(
            [
                ("partner_share", "=", True),
                ("type", "=", "contact"),
                ("parent_id", "=", False),
                ("user_id", "in", (self.env.uid, False)),
            ]
        )

    @api.model
    def _customer_fields(self):
        """Hook: the partner's fields that are read for :meth:`_customers`."""
        return (
            "name",
            "ref",
            "street",
            "street2",
            "field_place_hint",
            "city",
            "zip",
            "phone",
            "is_company",
            "partner_latitude",
            "partner_longitude",
            "field_fence_radius",
            "user_id",
        )

    @api.model
    def _customers(self, partners):
        rows = []
        for values in partners.read(["id", *self._customer_fields()], load=None):
            row = {name: plain(value) for name, value in values.items()}
            lat, lng = row.pop("partner_latitude"), row.pop("partner_longitude")
            known = bool(lat or lng)  # 0/0 is Odoo's "not geocoded"
            row["lat"], row["lng"] = (lat, lng) if known else (None, None)
            row["fence_radius"] = row.pop("field_fence_radius") or None
            rows.append(row)
        return rows

    # --- change log ----------------------------------------------------------------------------

    def _register_hook(self):
        """The collections may have changed with the modules; so do the triggers."""
        super()._register_hook()
        self.env["field.change"]._watch(self._watched())

    @api.model
    def _watched(self):
        """``{(table, model of the collection): [id column, columns …]}``"""
        watched = {}
        for collection in self._collections().values():
            if collection.digest:
                continue
            model = collection.model
            columns = watched.setdefault((self.env[model]._table, model), {"id": None})
            columns |= dict.fromkeys(self._columns(model, collection))
            for child, inverse in collection.watch.items():
                names = dict.fromkeys([inverse, *self._stored(child)])
                watched.setdefault((self.env[child]._table, model), {}).update(names)
        for model, names in self.env["field.open.api"]._watched_columns().items():
            columns = watched.setdefault((self.env[model]._table, model), {"id": None})
            columns |= dict.fromkeys(sorted(names))
        return {key: list(columns) for key, columns in watched.items()}

    @api.model
    def _columns(self, model, collection):
        """The stored columns among the fields; without any, all of the model."""
        names = [name for name in collection.fields if name in self._stored(model)]
        return names or self._stored(model)

    @api.model
    def _stored(self, model):
        skipped = {"write_date", "write_uid", "create_date", "create_uid"}
        fields_ = self.env[model]._fields.values()
        return sorted(
            f.name for f in fields_ if f.store and f.column_type and f.name not in skipped
        )
