import { _t } from "@web/core/l10n/translation";
import { exprToBoolean } from "@web/core/utils/strings";
import { getActiveActions } from "@web/views/utils";

export const COLOR_TYPES = ["many2one", "selection", "integer", "boolean"];
const DEFAULT_LIMIT = 5000;

/** Reads `<field_map lat= lng= color= title= limit=><field name=/></field_map>`. */
export class FieldMapArchParser {
    /**
     * @param {Element} xmlDoc
     * @param {object} fields of the model
     * @returns {object} archInfo
     */
    parse(xmlDoc, fields) {
        const fieldName = (attribute, types) => {
            const name = xmlDoc.getAttribute(attribute);
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
        const latField = fieldName("lat", ["float"]);
        const lngField = fieldName("lng", ["float"]);
        if (!latField || !lngField) {
            throw new Error(_t("A map needs the attributes lat and lng"));
        }
        return {
            activeActions: getActiveActions(xmlDoc),
            latField,
            lngField,
            colorField: fieldName("color", COLOR_TYPES),
            titleField: fieldName("title") || "display_name",
            limit: parseInt(xmlDoc.getAttribute("limit"), 10) || DEFAULT_LIMIT,
            columns: [...xmlDoc.children]
                .filter((node) => node.tagName === "field")
                .filter((node) => !exprToBoolean(node.getAttribute("invisible")))
                .filter((node) => node.getAttribute("name") in fields)
                .map((node) => {
                    const name = node.getAttribute("name");
                    return { name, label: node.getAttribute("string") || fields[name].string };
                }),
        };
    }
}
