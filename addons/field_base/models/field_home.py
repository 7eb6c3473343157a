import json

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ..tools import secret
from ..tools.errors import FieldRejected
from ..tools.home import HomeArea
from ..tools.payload import read_position


class FieldHome(models.Model):
    """Where somebody lives, so that it is not recorded: known to himself and to nobody else.

    Places within the policy's radius are replaced by one coarse point before they are stored; this
    cannot be undone. Check-ins are not: they are at customers, and a call for help neither.
    """

    _name = "field.home"
    _description = "Home area"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, ondelete="cascade"
    )
    set_at = fields.Datetime("Set", required=True, readonly=True)
    place = fields.Char(
        "Place, encrypted", required=True, readonly=True, groups=fields.NO_ACCESS, prefetch=False
    )

    _user_uniq = models.Constraint("UNIQUE(user_id)", "One home of each person.")

    # --- by the person himself -----------------------------------------------------------------

    @api.model
    def _set(self, user, position):
        """The person's home from now on.

        :param dict position: as sent
        :raises FieldRejected: ``home_off`` where the policy has no home area, ``bad_position``
        """
        self._check_own(user)
        if not self._get_radius(user):
            message = self.env._("Your company's policy has no home area.")
            raise FieldRejected("home_off", message)
        place = read_position(position, required=True)
        text = json.dumps([place["lat"], place["lng"]])
        vals = {"place": secret.encrypt(text, self._fallback()), "set_at": fields.Datetime.now()}
        home = self.sudo().search([("user_id", "=", user.id)])
        if home:
            home.write(vals)
        else:
            self.sudo().create({"user_id": user.id, **vals})
        self.env.registry.clear_cache()

    @api.model
    def _forget(self, user):
        """No home any more."""
        self._check_own(user)
        self.sudo().search([("user_id", "=", user.id)]).unlink()
        self.env.registry.clear_cache()

    @api.model
    def _check_own(self, user):
        if user != self.env.user:
            raise AccessError(self.env._("Everybody sets his own home area."))

    # --- for what is stored --------------------------------------------------------------------

    @api.model
    def _fallback(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret") or ""

    @api.model
    @tools.ormcache("user_id")
    def _read_place(self, user_id):
        """``(lat, lng)`` or None; remembered, for each batch of positions asks."""
        home = self.sudo().search([("user_id", "=", user_id)])
        text = home and secret.decrypt(home.place, self._fallback())
        return tuple(json.loads(text)) if text else None

    @api.model
    def _get_radius(self, user):
        return self.env["field.policy"].sudo()._get_for_users(user)[user.id].home_radius_m

    @api.model
    def _get_area(self, user):
        """The person's home area under his policy.

        :returns: tools.home.HomeArea, or None when there is nothing to hide
        """
        place = self._read_place(user.id)
        radius = place and self._get_radius(user)
        return HomeArea(*place, radius) if radius else None

    @api.model
    def _blur(self, user, position):
        """A position as it may be stored.

        :param dict position: as :func:`tools.payload.read_position` gives it, or None
        """
        area = position and self._get_area(user)
        if not area or not area.covers(position["lat"], position["lng"]):
            return position
        lat, lng = area.blurred()
        return {**position, "lat": lat, "lng": lng, "accuracy": float(2 * area.radius)}


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    home_radius_m = fields.Integer(
        "Home area (m)",
        required=True,
        default=0,
        help="People may name their home on their phone; places within this radius are then "
        "replaced by one coarse point before they are stored. 0 offers no home area.",
    )

    _home_range = models.Constraint(
        "CHECK(home_radius_m = 0 OR home_radius_m BETWEEN 100 AND 2000)",
        "A home area has 100 to 2,000 m, or with 0 there is none.",
    )

    def _consent_what(self):
        lines = super()._consent_what()
        if self.home_radius_m:
            lines.append(
                self.env._(
                    "Not your home: name it in the app, and places within %(metres)s m of it are "
                    "made coarse before they are stored. Nobody but you sees where it is.",
                    metres=self.home_radius_m,
                )
            )
        return lines


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _me_values(self, user):
        """His own home area, so that his phone hides it too, before anything is sent."""
        values = super()._me_values(user)
        area = self.env["field.home"]._get_area(user)
        if not area:
            return values
        lat, lng = area.blurred()
        home = {"lat": area.lat, "lng": area.lng, "radius": area.radius}
        return values | {"home": {**home, "blur": {"lat": lat, "lng": lng}}}


class FieldWorkday(models.Model):
    _inherit = "field.workday"

    @api.model
    def _do_open(self, user, at, position=None, device=None, odometer=None, uuid=None):
        """A day that begins at home begins somewhere near it."""
        position = self.env["field.home"]._blur(user, read_position(position))
        return super()._do_open(user, at, position, device, odometer, uuid)

    def _do_close(self, at, position=None, odometer=None):
        """So does its end."""
        self.ensure_one()
        position = self.env["field.home"]._blur(self.sudo().user_id, read_position(position))
        return super()._do_close(at, position, odometer)
