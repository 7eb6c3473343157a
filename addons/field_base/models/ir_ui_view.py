from lxml import etree

from odoo import fields, models

FIELD_MAP_ATTRIBUTES = {
    "__validate__",  # ir.ui.view implementation detail
    "class",
    "js_class",
    "string",
    "create",
    "edit",
    "delete",
    "lat",
    "lng",
    "color",
    "colors",
    "scale",
    "size",
    "total",
    "caption",
    "country",
    "limit",
    "list",
    "heat",
    "navigate",
}
NUMBERS = ("integer", "float", "monetary")
COLORS = ("many2one", "selection", "integer", "boolean")
# Attributes that name a field, and the types this field may have (None: any).
FIELD_MAP_FIELDS = {
    "lat": ("float",),
    "lng": ("float",),
    "color": COLORS,
    "size": NUMBERS,
    "total": NUMBERS,
    "caption": None,
    "country": ("many2one",),
}
# Attributes that name several fields with commas between: what a map can be coloured by instead.
FIELD_MAP_LISTS = {"colors": COLORS, "scale": ("selection",)}


def _names_of(node, attribute):
    return [name.strip() for name in (node.get(attribute) or "").split(",") if name.strip()]


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("field_map", "Map")], ondelete={"field_map": "cascade"})

    def _get_view_info(self):
        return {"field_map": {"icon": "fa fa-map-marker"}} | super()._get_view_info()

    def _postprocess_tag_field_map(self, node, name_manager, node_info):
        """Tell the client about the fields that are named by attributes only."""
        for attribute in (*FIELD_MAP_FIELDS, *FIELD_MAP_LISTS):
            for name in _names_of(node, attribute):
                name_manager.has_field(node, name, node_info)

    def _validate_tag_field_map(self, node, name_manager, node_info):
        if not node_info["validate"]:
            return
        unknown = set(node.attrib) - FIELD_MAP_ATTRIBUTES
        if unknown:
            self._raise_view_error(
                self.env._(
                    "Unknown attributes of a map: %(unknown)s. It knows: %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(sorted(FIELD_MAP_ATTRIBUTES - {"__validate__"})),
                ),
                node,
            )
        limit = node.get("limit")
        if limit and not (limit.isdecimal() and int(limit)):
            self._raise_view_error(
                self.env._("The limit of a map is a number above 0, not “%s”.", limit), node
            )
        for attribute in ("lat", "lng"):
            if not node.get(attribute):
                self._raise_view_error(
                    self.env._(
                        "A map needs the attribute “%s”: the field that holds it.", attribute
                    ),
                    node,
                )
        for attribute, types in (FIELD_MAP_FIELDS | FIELD_MAP_LISTS).items():
            for name in _names_of(node, attribute):
                self._validate_field_map_field(node, name_manager, attribute, name, types)
        for child in node.iterchildren(tag=etree.Element):
            if child.tag != "field":
                self._raise_view_error(
                    self.env._("A map contains only fields, not <%s>.", child.tag), child
                )

    def _validate_field_map_field(self, node, name_manager, attribute, name, types):
        """Check one field of the model that an attribute of the map names."""
        model = name_manager.model
        field = model._fields.get(name)
        if not field:
            self._raise_view_error(
                self.env._(
                    "“%(field)s”, the %(attribute)s of the map, is no field of %(model)s.",
                    field=name,
                    attribute=attribute,
                    model=model._name,
                ),
                node,
            )
        if types and field.type not in types:
            self._raise_view_error(
                self.env._(
                    "“%(field)s” cannot be the %(attribute)s of the map: it is of type %(type)s, "
                    "not %(types)s.",
                    field=name,
                    attribute=attribute,
                    type=field.type,
                    types=", ".join(types),
                ),
                node,
            )
        if attribute in ("lat", "lng") and not field._description_searchable:
            self._raise_view_error(
                self.env._(
                    "“%(field)s” cannot be the %(attribute)s of the map: it cannot be searched.",
                    field=name,
                    attribute=attribute,
                ),
                node,
            )
