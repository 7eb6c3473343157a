import { Component, useState } from "@odoo/owl";
import { formatMoment } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { AnsweredNote } from "./answered_note";
import { asRead, readNumber } from "@field_base/number/number";

/** What the customer has paid or promised, as a note: the office books it. */
export class MoneyStep extends Component {
    static template = "field_visit.app.MoneyStep";
    static components = { AnsweredNote, DraftNote, Icon, Sheet };
    static props = {
        draft: String,
        step: Object,
        overdue: { type: [Object, { value: null }], optional: true },
        save: Function,
        cannot: Function,
        close: Function,
    };

    setup() {
        const { step } = this.props;
        this.state = useState({
            received: step.amount_received ? String(step.amount_received) : "",
            promised: step.amount_promised ? String(step.amount_promised) : "",
            on: step.promised_on || "",
            note: step.note || "",
        });
        const names = Object.keys(this.state);
        this.draft = useDraft(fieldsOf(this.state, names), this.props.draft);
    }

    get overdue() {
        const { amount, count, currency, as_of: at } = this.props.overdue;
        return _t("%(amount)s overdue on %(count)s invoices, as of %(time)s", {
            amount: `${currency} ${amount.toFixed(2)}`,
            count,
            time: formatMoment(at),
        });
    }

    onLeft(name) {
        this.state[name] = asRead(this.state[name]);
    }

    amount(name) {
        return readNumber(this.state[name]) ?? 0;
    }

    isWrong(name) {
        const amount = this.amount(name);
        return !(amount >= 0 && amount <= 1e12);
    }

    get hasWrong() {
        return this.isWrong("received") || this.isWrong("promised");
    }

    get canFinish() {
        return !this.hasWrong && this.amount("received") + this.amount("promised") > 0;
    }

    async finish() {
        const { on, note } = this.state;
        const money = { received: this.amount("received"), promised: this.amount("promised") };
        if (money.promised && on) {
            money.on = on;
        }
        if (await this.props.save({ money, note: note.trim() })) {
            await this.draft.drop();
        }
    }
}
