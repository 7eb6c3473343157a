"""The suite's data for other systems: everything once, then what has changed."""

import time

from odoo import api, models
from odoo.fields import Domain

from ..tools.errors import FieldRejected
from ..tools.place import Place, decode
from ..tools.resource import Resource
from .field_app_pull import CURSOR_SECONDS

SAMPLE_ROWS = 3


class FieldOpenApi(models.AbstractModel):
    """Resources of the API; modules add theirs, see docs/open-api.md."""

    _name = "field.open.api"
    _description = "API for other systems"

    @api.model
    def _resources(self):
        """Hook.

        :returns: list of tools.resource.Resource
        """
        return [
            Resource(
                name="customers",
                model="res.partner",
                domain=(("partner_share", "=", True), ("type", "=", "contact")),
                fields={
                    "id": "id",
                    "reference": "ref",
                    "name": "name",
                    "is_company": "is_company",
                    "parent_id": "parent_id",
                    "street": "street",
                    "street2": "street2",
                    "city": "city",
                    "zip": "zip",
                    "state": "state_id.code",
                    "country": "country_id.code",
                    "phone": "phone",
                    "email": "email",
                    "tax_id": "vat",
                    "lat": "partner_latitude",
                    "lng": "partner_longitude",
                    "owner": "user_id.login",
                },
            ),
            Resource(
                name="workdays",
                model="field.workday",
                fields={
                    "id": "id",
                    "person": "user_id.login",
                    "date": "date",
                    "tz": "tz",
                    "state": "state",
                    "opened_at": "open_at",
                    "closed_at": "close_at",
                    "ended_by": "end_source",
                    "hours": "duration",
                    "pause_minutes": "pause_min",
                    "needs_confirmation": "needs_confirmation",
                },
            ),
        ]

    @api.model
    def _by_name(self):
        return {resource.name: resource for resource in self._resources()}

    @api.model
    def _describe(self, client):
        """What this key opens, and how the rows look."""
        codes = set(client.scope_ids.mapped("code"))
        return {
            "mode": client.mode,
            "resources": [
                {
                    "name": resource.name,
                    "read": f"{resource.name}.read" in codes,
                    "write": f"{resource.name}.write" in codes,
                    "most": resource.most,
                    "fields": resource.types(self.env[resource.model]),
                }
                for resource in self._resources()
            ],
        }

    @api.model
    def _get(self, name):
        resource = self._by_name().get(name)
        if not resource:
            raise FieldRejected("unknown_resource", self.env._("There is no such resource."))
        return resource

    # --- reading -------------------------------------------------------------------------------

    @api.model
    def _read_page(self, client, name, since="", limit=None):
        """One page of a resource, as the person the client works as.

        :param client: field.api.client (sudo)
        :param str since: ``next`` of the answer before; empty for everything
        :param limit: rows at most
        :returns: ``{"rows", "gone", "next", "more"}``
        :raises FieldRejected: ``unknown_resource``, ``no_scope``, ``bad_cursor``,
            ``cursor_expired``
        """
        resource = self._get(name)
        client._check_scope(f"{name}.read")
        if client.mode == "sandbox":
            return self._sample_page(resource)
        limit = min(limit or resource.most, resource.most)
        low, _high = self.env["field.change"].sudo()._horizon()
        place = self._find_place(name, since) or Place(name, 0, 0, 0, upto=low)
        place.upto = place.upto or low
        Model = self.env[resource.model].with_context(active_test=True)
        Model.check_access("read")
        records, gone, last = self._due(resource, Model, place, limit)
        rows = self._rows(resource, records, client)
        place.at = int(time.time())
        place.mark_id, place.mark_xid = self.env["field.change"].sudo()._newest()
        if last:
            place.after = last
        else:
            place.since, place.after, place.upto = place.upto, 0, 0
        return {"rows": rows, "gone": gone, "next": place.encode(), "more": bool(last)}

    @api.model
    def _find_place(self, name, since):
        if not since:
            return None
        place = decode(since)
        if not place or place.name != name:
            raise FieldRejected("bad_cursor", self.env._("This is no cursor of this resource."))
        Change = self.env["field.change"].sudo()
        fresh = place.at + CURSOR_SECONDS > time.time()
        if not fresh or not Change._knows([place.mark_id, place.mark_xid]):
            message = self.env._("This cursor is too old. Read everything once more.")
            raise FieldRejected("cursor_expired", message)
        return place

    @api.model
    def _due(self, resource, Model, place, limit):
        """:returns: ``(records, ids that are gone, last id when there is more)``"""
        domain = Domain(list(resource.domain))
        if not place.since:
            after = Domain("id", ">", place.after)
            found = Model.search(domain & after, order="id", limit=limit + 1)
            page = found[:limit]
            return page, [], page[-1:].id if len(found) > limit else 0
        changes = self.env["field.change"].sudo()._since({resource.model: place.since})
        touched = sorted(i for i in changes.get(resource.model, ()) if i > place.after)
        page = touched[:limit]
        records = Model.search(domain & Domain("id", "in", page), order="id")
        gone = sorted(set(page) - set(records.ids))
        return records, gone, page[-1] if len(touched) > limit else 0

    @api.model
    def _rows(self, resource, records, client):
        """Hook: the rows of a resource; a module can add to its own or note who reads."""
        return resource.rows_of(records)

    @api.model
    def _rows_of_model(self, records):
        """What webhooks tell of records: as the resource of their model has it."""
        resource = next(r for r in self._resources() if r.model == records._name)
        return resource.rows_of(records)

    @api.model
    def _sample_page(self, resource):
        model = self.env[resource.model]
        rows = [resource.sample(model, number + 1) for number in range(SAMPLE_ROWS)]
        return {"rows": rows, "gone": [], "next": "", "more": False}

    # --- the change log ------------------------------------------------------------------------

    @api.model
    def _watched_columns(self):
        """``{model: {column}}`` whose changes other systems are given."""
        watched = {}
        for resource in self._resources():
            names = {path.split(".")[0] for path in resource.fields.values()}
            conditions = Domain(list(resource.domain)).iter_conditions()
            names |= {c.field_expr.split(".")[0] for c in conditions} | {"active"}
            stored = set(self.env["field.app"]._stored(resource.model))
            watched.setdefault(resource.model, set()).update(names & stored)
        return watched
