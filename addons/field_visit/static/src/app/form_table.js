import { Component, useState } from "@odoo/owl";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { addLine, setInLines, setInMatrix } from "@field_visit/form/form_logic";
import { useTyping } from "./typing";

/** With more products than these there is a field to search them. */
const FEW = 8;
const MOST_FOUND = 20;

/** One row of a table: its cells beside each other. */
export class FormCells extends Component {
    static template = "field_visit.app.FormCells";
    static props = { columns: Array, cells: Object, label: String, set: Function };

    setup() {
        this.typing = useTyping();
    }

    type(column, ev) {
        this.props.set(column.key, this.typing.read(column, ev.target.value));
    }

    toggle({ key }, value) {
        this.props.set(key, this.props.cells[key] === value ? null : value);
    }
}

/** Product lines: a product is chosen, its numbers are typed, and again. */
export class FormLines extends Component {
    static template = "field_visit.app.FormLines";
    static components = { FormCells, Icon };
    static props = { question: Object, value: Array, set: Function };

    setup() {
        this.state = useState({ choosing: false, wanted: "" });
    }

    get isLong() {
        return this.props.question.products.length > FEW;
    }

    get found() {
        const wanted = this.state.wanted.trim().toLowerCase();
        return this.props.question.products
            .filter(({ name }) => name.toLowerCase().includes(wanted))
            .slice(0, MOST_FOUND);
    }

    nameOf({ product_id }) {
        return this.props.question.products.find(({ id }) => id === product_id)?.name || "";
    }

    removeLabel(line) {
        return _t("Remove %(name)s", { name: this.nameOf(line) });
    }

    choose(product) {
        Object.assign(this.state, { choosing: false, wanted: "" });
        this.props.set(addLine(this.props.value, product));
    }

    setCell(index, key, value) {
        this.props.set(setInLines(this.props.value, index, key, value));
    }

    remove(index) {
        this.props.set(this.props.value.filter((line, i) => i !== index));
    }
}

/** Rows and columns, one row under the other: a phone is narrow. */
export class FormMatrix extends Component {
    static template = "field_visit.app.FormMatrix";
    static components = { FormCells };
    static props = { question: Object, value: Object, set: Function };

    setCell(row, column, cell) {
        const { question, value } = this.props;
        this.props.set(setInMatrix(question, value, row.key, column, cell));
    }
}
