import { _t } from "@web/core/l10n/translation";
import { exprToBoolean } from "@web/core/utils/strings";
import { getActiveActions } from "@web/views/utils";

export const COLOR_TYPES = ["many2one", "selection", "integer", "boolean"];
const NUMBER_TYPES = ["integer", "float", "monetary"];
const DEFAULT_LIMIT = 50000;

/**
 * Reads a map's arch:
 *
 *     <field_map lat= lng= color= colors= scale= size= total= caption= country= limit= list= heat=
 *             navigate=>
 *         <field name= string= list="0" popup="0"/>
 *     </field_map>
 *
 * `colors` and `scale` name what the map can be coloured by instead, with commas between; the
 * values of a `scale` run from good to bad.
 */
export class FieldMapArchParser {
    /**
     * @param {Element} xmlDoc
     * @param {object} fields of the model
     * @returns {object} archInfo
     */
    parse(xmlDoc, fields) {
        const fieldName = (attribute, types, name = xmlDoc.getAttribute(attribute)) => {
            if (!name || !fields[name]) {
                // The server has checked the name: this user may not read the field.
                return null;
            }
            if (types && !types.includes(fields[name].type)) {
                throw new Error(
                    _t('"%(name)s" cannot be the %(attribute)s of a map', { name, attribute })
                );
            }
            return name;
        };
        const fieldNames = (attribute, types) =>
            (xmlDoc.getAttribute(attribute) || "")
                .split(",")
                .map((name) => fieldName(attribute, types, name.trim()))
                .filter(Boolean);
        const flag = (node, attribute, otherwise) =>
            exprToBoolean(node.getAttribute(attribute) ?? "", otherwise);
        const latField = fieldName("lat", ["float"]);
        const lngField = fieldName("lng", ["float"]);
        if (!latField || !lngField) {
            throw new Error(_t("A map needs the attributes lat and lng"));
        }
        const colorField = fieldName("color", COLOR_TYPES);
        const scaleFields = fieldNames("scale", ["selection"]);
        const others = [...fieldNames("colors", COLOR_TYPES), ...scaleFields];
        return {
            activeActions: getActiveActions(xmlDoc),
            latField,
            lngField,
            colorField,
            colorFields: [...new Set([colorField, ...others])].filter(Boolean),
            scaleFields,
            sizeField: fieldName("size", NUMBER_TYPES),
            sumField: fieldName("total", NUMBER_TYPES),
            titleField: fieldName("caption") || "display_name",
            countryField: fieldName("country", ["many2one"]),
            limit: parseInt(xmlDoc.getAttribute("limit"), 10) || DEFAULT_LIMIT,
            hasList: flag(xmlDoc, "list", true),
            hasHeat: flag(xmlDoc, "heat", false),
            canNavigate: flag(xmlDoc, "navigate", false),
            columns: [...xmlDoc.children]
                .filter((node) => node.tagName === "field")
                .filter((node) => !exprToBoolean(node.getAttribute("invisible")))
                .filter((node) => node.getAttribute("name") in fields)
                .map((node) => {
                    const name = node.getAttribute("name");
                    return {
                        name,
                        label: node.getAttribute("string") || fields[name].string,
                        inList: flag(node, "list", true),
                        inPopup: flag(node, "popup", true),
                    };
                }),
        };
    }
}
