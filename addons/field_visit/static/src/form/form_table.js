import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { addLine, setInLines, setInMatrix, typed } from "./form_logic";

/** A question with columns at the desk: product lines, or a matrix with its rows. */
export class FormTable extends Component {
    static template = "field_visit.FormTable";
    static props = {
        question: Object,
        value: { optional: true },
        readonly: Boolean,
        set: Function,
    };

    get isLines() {
        return this.props.question.kind === "lines";
    }

    get productTitle() {
        return _t("Product");
    }

    /** `[{key, name, cells}]` as they stand under each other. */
    get rows() {
        const { question, value } = this.props;
        if (!this.isLines) {
            return question.rows.map(({ key, name }) => ({
                key,
                name,
                cells: (value || {})[key] || {},
            }));
        }
        const names = new Map(question.products.map(({ id, name }) => [id, name]));
        return (value || []).map(({ product_id: id, cells }, key) => ({
            key,
            name: names.get(id) || "",
            cells,
        }));
    }

    label(row, column) {
        return `${row.name} · ${column.name}`;
    }

    words(column, value) {
        return column.kind === "yes_no" ? { true: _t("Yes"), false: _t("No") }[value] : value;
    }

    setCell(row, column, value) {
        const { question, value: old } = this.props;
        this.props.set(
            this.isLines
                ? setInLines(old, row.key, column.key, value)
                : setInMatrix(question, old, row.key, column.key, value)
        );
    }

    onYesNo(row, column, ev) {
        this.setCell(row, column, { yes: true, no: false }[ev.target.value] ?? null);
    }

    onType(row, column, ev) {
        this.setCell(row, column, typed(column, ev.target.value));
    }

    onAdd(ev) {
        const product = { id: Number(ev.target.value) };
        ev.target.value = "";
        if (product.id) {
            this.props.set(addLine(this.props.value, product));
        }
    }

    remove({ key }) {
        this.props.set(this.props.value.filter((line, i) => i !== key));
    }
}
