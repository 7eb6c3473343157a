import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const formatters = registry.category("formatters");
const X2MANY = ["one2many", "many2many"];
const NOT_GROUPED = ["properties", "json", "binary", "html", "one2many", "reference"];
const DATES = { date: deserializeDate, datetime: deserializeDateTime };
const GRANULARITY_FORMATS = {
    year: "yyyy",
    quarter: "'Q'q yyyy",
    month: "LLLL yyyy",
    week: "'W'WW kkkk",
    day: "DD",
    hour: "DD HH:mm",
};

/** What `web_search_read` has to be asked for, to show these fields. */
export function specificationOf(names, fields) {
    const specification = {};
    for (const name of names) {
        const { type, currency_field: currency } = fields[name] || {};
        const named = ["many2one", "reference", ...X2MANY].includes(type);
        specification[name] = named ? { fields: { display_name: {} } } : {};
        if (type === "monetary" && currency && fields[currency]) {
            specification[currency] = { fields: {} };
        }
    }
    return specification;
}

/** The value as plain text; nothing here is ever markup. */
export function formatValue(value, field, data) {
    if (X2MANY.includes(field.type)) {
        return (value || []).map((record) => record.display_name).join(", ");
    }
    if (field.type === "boolean") {
        return value ? _t("Yes") : _t("No");
    }
    if (field.type === "html") {
        return new DOMParser().parseFromString(value || "", "text/html").body.textContent.trim();
    }
    if (field.type === "reference") {
        return value?.display_name || "";
    }
    if (value === false || value === null || value === undefined) {
        return "";
    }
    const parsed = DATES[field.type] ? DATES[field.type](value) : value;
    const formatter = formatters.get(field.type, null);
    return String(formatter ? formatter(parsed, { field, data }) : parsed);
}

/**
 * The group a value belongs to, for the legend and for grouping.
 *
 * @returns {{key: string, label: string, order: number | string}} order is stable: the
 *  record's id, the selection's place, the number itself, the start of the period
 */
export function bucketOf(value, field, granularity) {
    const none = { key: "", label: _t("Not set"), order: Infinity };
    if (field.type === "boolean") {
        return {
            key: String(Boolean(value)),
            label: value ? _t("Yes") : _t("No"),
            order: value ? 1 : 0,
        };
    }
    if (field.type === "integer") {
        return { key: String(value || 0), label: String(value || 0), order: value || 0 };
    }
    if (!value || (Array.isArray(value) && !value.length)) {
        return none;
    }
    switch (field.type) {
        case "many2one":
            return {
                key: String(value.id),
                label: value.display_name || _t("Unnamed"),
                order: value.id,
            };
        case "selection": {
            const place = field.selection.findIndex(([key]) => key === value);
            return { key: value, label: field.selection[place]?.[1] || value, order: place };
        }
        case "date":
        case "datetime": {
            const unit = granularity in GRANULARITY_FORMATS ? granularity : "month";
            const start = DATES[field.type](value).startOf(unit);
            return {
                key: start.toISO(),
                label: start.toFormat(GRANULARITY_FORMATS[unit]),
                order: start.toMillis(),
            };
        }
    }
    const text = formatValue(value, field, {});
    return { key: text, label: text, order: text };
}

/**
 * Columns as the server sends them, read as if each were a record's value of `web_read`.
 *
 * @returns {(name: string, i: number) => any}
 */
export function valuesOf(columns, names, fields) {
    const record = (name, id) => ({ id, display_name: names[name]?.[id] || "" });
    return (name, i) => {
        const value = columns[name]?.[i];
        const type = fields[name]?.type;
        if (type === "many2one") {
            return value ? record(name, value) : false;
        }
        return X2MANY.includes(type) ? (value || []).map((id) => record(name, id)) : value;
    };
}

/** Kinds of fields a map can be grouped by; others are ignored, as their values are no text. */
export function canGroupBy(field) {
    return Boolean(field) && !NOT_GROUPED.includes(field.type);
}
