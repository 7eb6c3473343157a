import { Component } from "@odoo/owl";
import { formatDate, localDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { rulesOf, visitsAt } from "../visits";

const DAY_MS = 86400000;
const HELD = ["in_progress", "done"];

/** Days from one date to another (`YYYY-MM-DD`). */
export function daysBetween(before, after) {
    return Math.round((Date.parse(after) - Date.parse(before)) / DAY_MS);
}

/**
 * Who was at a customer last, as far as this phone knows: the office tells of everybody's visits
 * that count, the phone knows its own at once.
 *
 * @param {Object} customer with `last_visit` and `last_by`
 * @param {Object[]} visits own ones at this customer
 * @param {string} [uuid] of the visit that begins
 * @returns {{date: string, by: string}|null} `by` is empty for oneself
 */
export function lastVisit({ last_visit: date, last_by: by }, visits, uuid) {
    const own = visits
        .filter((visit) => visit.uuid !== uuid && HELD.includes(visit.state))
        .map(({ plan_date }) => ({ date: plan_date, by: "" }));
    const known = date ? [{ date, by: by || "" }] : [];
    return [...known, ...own].sort((a, b) => b.date.localeCompare(a.date))[0] || null;
}

/** The policy's word when somebody of us was there a few days ago; nobody is kept from going. */
export class NearVisit extends Component {
    static template = "field_visit.app.NearVisit";
    static components = { Icon };
    static props = { customer: Object, uuid: String };

    setup() {
        this.app = useApp();
        const { id } = this.props.customer;
        this.visits = useQuery((db) => visitsAt(db, id));
    }

    get text() {
        const { customer, uuid } = this.props;
        const last = lastVisit(customer, this.visits.value || [], uuid);
        const { duplicate_days: days } = rulesOf(this.app);
        if (!days || !last || daysBetween(last.date, localDate()) > days) {
            return "";
        }
        const about = { person: last.by, day: formatDate(last.date) };
        return last.by
            ? _t("%(person)s was here on %(day)s.", about)
            : _t("You were here on %(day)s.", about);
    }
}
