import { Component, useState } from "@odoo/owl";
import { localDate, serverNow } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Sheet } from "@field_base/app/ui/ui";
import { asRead, readNumber } from "@field_base/number/number";
import { gaps, score, share, shares } from "@field_visit/form/shelf_logic";
import { AnsweredNote } from "./answered_note";

const NUMBERS = {
    stock: ["qty", "facings", "price"],
    price: ["price"],
    competitor: ["price", "facings"],
};
const DAY_MS = 86400000;

function isWrong(text) {
    const number = readNumber(text);
    return number !== null && !(number >= 0 && number <= 1e9);
}

/** What was answered before, as it was typed: `{id: {number: text}}`. */
function asTyped(lines, key) {
    const texts = ({ [key]: id, ...line }) => [
        id,
        Object.fromEntries(Object.entries(line).map(([name, value]) => [name, String(value)])),
    ];
    return Object.fromEntries((lines || []).filter((line) => key in line).map(texts));
}

/** A step that goes through products: what is counted, and how the shelf stands by now. */
export class LinesStep extends Component {
    static template = "field_visit.app.LinesStep";
    static components = { AnsweredNote, BlobImage, DraftNote, Icon, Sheet };
    static props = {
        draft: String,
        step: Object,
        standard: { type: Object, optional: true },
        rivals: Array,
        photos: Array,
        takePhoto: Function,
        save: Function,
        cannot: Function,
        close: Function,
    };

    setup() {
        const { lines } = this.props.step;
        const groups = Object.entries(asTyped(lines, "categ_id"));
        this.state = useState({
            typed: asTyped(lines, this.isRival ? "rival_id" : "product_id"),
            others: Object.fromEntries(groups.map(([id, { facings }]) => [id, facings])),
            asked: false,
        });
        this.draft = useDraft(fieldsOf(this.state, ["typed", "others"]), this.props.draft);
    }

    get kind() {
        return this.props.step.kind;
    }

    get numbers() {
        return NUMBERS[this.kind];
    }

    get isRival() {
        return this.kind === "competitor";
    }

    /** What is gone through: `[{id, name, group?, must?, facings?, target?}]`. */
    get rows() {
        if (this.isRival) {
            return this.props.rivals.map(({ id, name, brand }) => ({ id, name, group: brand }));
        }
        const lines = this.props.standard?.lines || [];
        return lines.map((line) => ({ ...line, id: line.product_id }));
    }

    label(number) {
        return { qty: _t("Stock"), facings: _t("Facings"), price: _t("Price") }[number];
    }

    /** Whether the standard asks for use-by dates. */
    get asksExpiry() {
        return this.kind === "stock" && this.props.standard?.expiry_days > 0;
    }

    /** A use-by date up to this day is too near. */
    get limit() {
        const days = this.props.standard?.expiry_days;
        return days ? localDate(new Date(serverNow().getTime() + days * DAY_MS)) : undefined;
    }

    isExpiring(row) {
        const until = this.value(row, "until");
        return Boolean(until) && until <= this.limit;
    }

    hint({ must, facings, target }) {
        const parts = [
            must && _t("must be there"),
            facings && _t("%(count)s facings", { count: facings }),
            target && _t("wanted %(count)s", { count: target }),
        ];
        return this.kind === "stock" ? parts.filter(Boolean).join(" · ") : "";
    }

    /** The picture that was taken of a product. */
    shot({ id }) {
        return this.props.step.shots?.[id] || this.state.typed[id]?.photo;
    }

    photoLabel({ name }) {
        return _t("Photo of %(name)s", { name });
    }

    value({ id }, name) {
        return this.state.typed[id]?.[name] ?? "";
    }

    type({ id }, name, text) {
        const known = this.state.typed[id] || {};
        this.state.typed[id] = { ...known, [name]: text };
    }

    onLeft(row, name) {
        this.type(row, name, asRead(this.value(row, name)));
    }

    isNone(row) {
        return this.value(row, "qty") === "0" && this.value(row, "facings") === "0";
    }

    none(row) {
        const clear = this.isNone(row);
        for (const name of ["qty", "facings"]) {
            this.type(row, name, clear ? "" : "0");
        }
    }

    isWrong(row, name) {
        return isWrong(this.value(row, name));
    }

    get hasWrong() {
        const others = Object.values(this.state.others);
        return (
            others.some(isWrong) ||
            this.rows.some((row) => this.numbers.some((name) => this.isWrong(row, name)))
        );
    }

    /** The product groups where the facings of others are asked for. */
    get groups() {
        return (this.kind === "stock" && this.props.standard?.groups) || [];
    }

    /** What others have of each group, as far as it was counted. */
    get others() {
        return this.groups
            .map(({ id }) => ({ categ_id: id, facings: readNumber(this.state.others[id]) }))
            .filter(({ facings }) => facings !== null);
    }

    /** Our part of the shelf in percent; of one product group, or of all. */
    share(group) {
        const own = this.rows.map((row) => [
            row.group_id,
            readNumber(this.value(row, "facings")) || 0,
        ]);
        const found = shares(
            own,
            Object.fromEntries(this.others.map(({ categ_id, facings }) => [categ_id, facings]))
        );
        return share(Object.values(group ? { [group.id]: found[group.id] || [0, 0] } : found));
    }

    /** What was answered; rows that were left empty are none. */
    get lines() {
        const key = this.isRival ? "rival_id" : "product_id";
        const found = [];
        for (const row of this.rows) {
            const line = { [key]: row.id };
            for (const name of this.numbers) {
                const number = readNumber(this.value(row, name));
                if (number !== null) {
                    line[name] = number;
                }
            }
            for (const name of ["promo", "until"]) {
                const text = this.value(row, name).trim();
                if (text) {
                    line[name] = text;
                }
            }
            if (Object.keys(line).length > 1) {
                const photo = this.isRival && this.shot(row);
                found.push(photo ? { ...line, photo } : line);
            }
        }
        return found;
    }

    get counted() {
        return Object.fromEntries(this.lines.map((line) => [line.product_id, line]));
    }

    get result() {
        const { lines, weights } = this.props.standard;
        return {
            store: score(lines, weights, this.counted),
            gaps: gaps(lines, this.counted, this.limit).length,
        };
    }

    get summary() {
        const done = _t("%(done)s of %(all)s answered", {
            done: this.lines.length,
            all: this.rows.length,
        });
        if (this.kind !== "stock" || !this.lines.length) {
            return done;
        }
        const { store, gaps: open } = this.result;
        const ours = this.share();
        return [
            done,
            _t("%(score)s %", { score: store }),
            _t("gaps: %(count)s", { count: open }),
            ours !== null && _t("share of shelf: %(share)s %", { share: ours }),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    async finish() {
        this.state.asked = true;
        const { lines } = this;
        if (!lines.length || this.hasWrong) {
            return;
        }
        const { standard } = this.props;
        const shown = !this.isRival && standard && { id: standard.id, version: standard.version };
        const counted = this.kind === "stock" ? { ...this.result, share: this.share() } : {};
        const blobs = this.props.photos;
        const saved = await this.props.save({
            lines: [...lines, ...this.others],
            blobs,
            shown: shown || undefined,
            ...counted,
        });
        if (saved) {
            await this.draft.drop();
        }
    }
}
