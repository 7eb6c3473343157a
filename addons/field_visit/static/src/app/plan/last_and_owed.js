import { Component } from "@odoo/owl";
import { localDate } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { daysBetween, lastVisit } from "./near_visit";

/** One line of what there is to know before one goes in: when somebody was there last, what is owed. */
export class LastAndOwed extends Component {
    static template = "field_visit.app.LastAndOwed";
    static props = { visit: Object };

    get last() {
        const { customer } = this.props.visit;
        const last = lastVisit(customer, []);
        if (!last) {
            return "last_visit" in customer ? _t("not visited yet") : "";
        }
        const days = daysBetween(last.date, localDate());
        return days > 0 ? _t("last %(days)s d ago", { days }) : _t("last today");
    }

    /** A figure of the last sync: the collection in the visit says as of when. */
    get owed() {
        const { overdue } = this.props.visit;
        if (!overdue?.amount) {
            return "";
        }
        const amount = overdue.amount.toLocaleString(undefined, { maximumFractionDigits: 0 });
        return _t("owes %(amount)s", { amount: `${overdue.currency}${amount}` });
    }

    get text() {
        return [this.last, this.owed].filter(Boolean).join(" · ");
    }
}
