import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { readNumber } from "@field_base/number/number";

const NUMBERS = {
    stock: ["qty", "facings", "price"],
    price: ["price"],
    competitor: ["price", "facings"],
};

/** The products of a step in the web client: a table to fill in, or what was filled in. */
export class VisitLines extends Component {
    static template = "field_visit.VisitLines";
    static props = { ...standardFieldProps };

    setup() {
        const { kind, lines } = this.props.record.data;
        this.kind = kind;
        this.key = kind === "competitor" ? "rival_id" : "product_id";
        const known = (lines || []).map((line) => [this.nameOf(line), { ...line }]);
        this.state = useState({ lines: Object.fromEntries(known) });
    }

    /** A product, or what others have of a product group. */
    nameOf(line) {
        return line.categ_id === undefined ? line[this.key] : `group-${line.categ_id}`;
    }

    get rows() {
        const { rows = [], groups = [] } = this.props.record.data.line_choice || {};
        const all = [...rows, ...groups.map((group) => ({ ...group, isGroup: true }))];
        return this.props.readonly ? all.filter((row) => this.state.lines[this.nameOf(row)]) : all;
    }

    isAsked(row, name) {
        return !row.isGroup || name === "facings";
    }

    get numbers() {
        return NUMBERS[this.kind];
    }

    get asksExpiry() {
        const { standard } = this.props.record.data.line_choice || {};
        return this.kind === "stock" && standard?.expiry_days > 0;
    }

    label(name) {
        return { qty: _t("Stock"), facings: _t("Facings"), price: _t("Price") }[name];
    }

    value(row, name) {
        return this.state.lines[this.nameOf(row)]?.[name] ?? "";
    }

    onChange(row, name, text) {
        const id = this.nameOf(row);
        const key = row.isGroup ? "categ_id" : this.key;
        const value = ["promo", "until"].includes(name) ? text.trim() : readNumber(text);
        const line = { ...this.state.lines[id], [key]: row[key] };
        if (value === null || value === "" || Number.isNaN(value)) {
            delete line[name];
        } else {
            line[name] = value;
        }
        this.state.lines[id] = line;
        const lines = Object.values(this.state.lines).filter((one) => Object.keys(one).length > 1);
        this.props.record.update({ [this.props.name]: lines.map((one) => ({ ...one })) });
    }
}

registry.category("fields").add("field_visit_lines", {
    component: VisitLines,
    displayName: _t("Products of a step"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "line_choice", type: "json" },
        { name: "kind", type: "selection" },
    ],
});
