import base64
import logging
import tempfile
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import matching, valhalla_engine

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    field_match_provider = fields.Selection(
        [("none", "Off"), ("valhalla", "Valhalla, on this server")],
        "Lay ways on roads",
        required=True,
        default="none",
        help="Shows beside the measured distance how long the roads are that were driven. Needs a "
        "road map; positions never leave this server.",
    )
    field_match_mileage = fields.Boolean(
        "Roads count as mileage",
        help="The distance of a day is then that of the roads, where they could be told. Without "
        "this it stays what was measured.",
    )

    @api.constrains("field_match_provider")
    def _check_field_match_provider(self):
        for company in self:
            if company.field_match_provider == "valhalla" and not valhalla_engine.is_there():
                raise ValidationError(self.env["field.road.map"]._missing_text())


class FieldRoadMap(models.Model):
    """The roads of a region, made of an OpenStreetMap extract that an administrator uploads."""

    _name = "field.road.map"
    _description = "Road map"
    _order = "id desc"

    name = fields.Char("Region", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    extract = fields.Binary(
        "OpenStreetMap extract",
        required=True,
        attachment=True,
        help="A file .osm.pbf of the region, such as Geofabrik or BBBike offer.",
    )
    state = fields.Selection(
        [("new", "Waiting"), ("ready", "Ready"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="new",
        copy=False,
    )
    message = fields.Char("What went wrong", readonly=True, copy=False)
    tiles = fields.Binary("Roads", attachment=True, readonly=True, copy=False)
    built_at = fields.Datetime("Made at", readonly=True, copy=False)

    @api.model
    def _missing_text(self):
        return self.env._(
            "pyvalhalla is not installed on this server: see requirements-optional.txt."
        )

    @api.model_create_multi
    def create(self, vals_list):
        maps = super().create(vals_list)
        self._wake_builder()
        return maps

    def write(self, vals):
        if "extract" in vals:
            vals = {**vals, "state": "new", "message": False}
            self._wake_builder()
        return super().write(vals)

    @api.model
    def _wake_builder(self):
        self.env.ref("field_tracking.field_road_map_cron_build")._trigger()

    def action_build(self):
        """Make the roads again, in the background."""
        self.check_access("write")
        if not valhalla_engine.is_there():
            raise UserError(self._missing_text())
        self.write({"state": "new", "message": False})
        self._wake_builder()
        return True

    # --- making --------------------------------------------------------------------------------

    @api.model
    def _cron_build(self):
        """Make the roads of the maps that wait; a region takes seconds to minutes."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("state", "=", "new")], order="id")
        progress(remaining=len(waiting))
        for one in waiting.try_lock_for_update():
            one._build()
            if not progress(1):
                break

    def _build(self):
        self.ensure_one()
        if not valhalla_engine.is_there():
            self.write({"state": "failed", "message": self._missing_text()})
            return
        with tempfile.TemporaryDirectory() as folder:
            extract, target = Path(folder, "region.osm.pbf"), Path(folder, "tiles.tar")
            extract.write_bytes(base64.b64decode(self.with_context(bin_size=False).extract))
            try:
                valhalla_engine.build(extract, target)
            except valhalla_engine.BuildError as error:
                self.write({"state": "failed", "message": str(error)})
                return
            self.write(
                {
                    "tiles": base64.b64encode(target.read_bytes()),
                    "state": "ready",
                    "message": False,
                    "built_at": fields.Datetime.now(),
                }
            )

    # --- asking --------------------------------------------------------------------------------

    @api.model
    def _get_matcher(self, company):
        """The provider of a company as :data:`..tools.matching.Matcher`; None when it has none.

        A module adds a provider with a value of the selection and ``_matcher_<value>(company)``.
        """
        provider = company.field_match_provider
        return getattr(self, f"_matcher_{provider}")(company) if provider != "none" else None

    @api.model
    def _matcher_valhalla(self, company):
        maps = self._get_ready(company)
        paths = [one._get_tiles_path() for one in maps] if valhalla_engine.is_there() else []

        def ask(*way):
            found = (valhalla_engine.match(path, *way) for path in paths)
            return next((metres for metres in found if metres is not None), None)

        return ask if paths else None

    @api.model
    def _get_ready(self, company):
        domain = [("company_id", "=", company.id), ("state", "=", "ready")]
        return self.sudo().search(domain, limit=3)

    @api.model
    def _describe(self, company):
        """What a matched day depends on beside its positions."""
        if company.field_match_provider == "none":
            return ()
        maps = self._get_ready(company)
        stamps = tuple((one.id, one.built_at) for one in maps)
        return company.field_match_provider, company.field_match_mileage, stamps

    def _get_tiles_path(self):
        """A file with the roads: the one of the filestore, else a copy named by its content."""
        self.ensure_one()
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        domain += [("res_field", "=", "tiles")]
        kept = self.env["ir.attachment"].sudo().search(domain, limit=1)
        if kept.store_fname and Path(kept._full_path(kept.store_fname)).is_file():
            return kept._full_path(kept.store_fname)
        copy = Path(tempfile.gettempdir(), f"field-roads-{kept.checksum}.tar")
        if not copy.is_file():
            with tempfile.NamedTemporaryFile(dir=copy.parent, delete=False) as file:
                file.write(kept.raw or b"")
            Path(file.name).rename(copy)
        return str(copy)


class FieldTrip(models.Model):
    _inherit = "field.trip"

    matched_m = fields.Float(
        "On roads (m)",
        digits=(10, 1),
        readonly=True,
        help="Length of the roads this way was driven on. 0: not looked for, or not to be told.",
    )


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    distance_method = fields.Selection(selection_add=[("matched", "Roads")])
    matched_m = fields.Float(
        "On roads (m)",
        digits=(10, 1),
        readonly=True,
        help="Like the distance, with the length of the roads for each way that could be laid on "
        "them.",
    )
    matched_share = fields.Float(
        "Share on roads",
        digits=(4, 3),
        readonly=True,
        aggregator="avg",
        help="How much of the way between stays could be laid on roads.",
    )

    def _describe_sources(self):
        company = self.company_id
        company.fetch(["active", "field_match_provider", "field_match_mileage"])
        return *super()._describe_sources(), self.env["field.road.map"]._describe(company)

    def _match_ways(self, track, result):
        ask = self.env["field.road.map"]._get_matcher(self.company_id)
        return matching.match_trips(track, result, ask) if ask else []

    def _prepare_day_vals(self, result, matched=()):
        vals = super()._prepare_day_vals(result, matched)
        pairs = list(zip(result.trips, matched, strict=False))
        on_roads = sum(trip.distance_m for trip, metres in pairs if metres is not None)
        gain = sum(metres - trip.distance_m for trip, metres in pairs if metres is not None)
        total = sum(trip.distance_m for trip in result.trips)
        vals["matched_m"] = round(result.distance_m + gain, 1) if on_roads else 0.0
        vals["matched_share"] = round(on_roads / total, 3) if total else 0.0
        if on_roads and self.company_id.field_match_mileage:
            vals["distance_m"] = vals["matched_m"]
            if on_roads > 0.8 * result.distance_m:
                vals["distance_method"] = "matched"
        return vals

    def _prepare_trip_vals(self, result, matched=()):
        rows = super()._prepare_trip_vals(result, matched)
        for row, metres in zip(rows, matched, strict=False):
            row["matched_m"] = round(metres, 1) if metres is not None else 0.0
        return rows
