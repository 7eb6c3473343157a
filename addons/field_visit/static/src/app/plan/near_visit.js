import { Component } from "@odoo/owl";
import { formatDate, localDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { rulesOf, visitsAt } from "../visits";

const DAY_MS = 86400000;
const HELD = ["in_progress", "done"];
/** What a visit that is only planned would come close to. */
export const LIVE = ["planned", ...HELD];

/** Days from one date to another (`YYYY-MM-DD`). */
export function daysBetween(before, after) {
    return Math.round((Date.parse(after) - Date.parse(before)) / DAY_MS);
}

/** What colleagues plan there from today on: a day that is over was held or missed since. */
function plansOfOthers({ ahead = [] }) {
    const today = localDate();
    return ahead.filter(({ date }) => date >= today).map((plan) => ({ ...plan, ahead: true }));
}

/**
 * Visits at a customer as this phone knows them: the office tells of everybody's last one that
 * counts and of what others plan, the phone knows its own at once. `by` is empty for oneself.
 */
function knownVisits(customer, visits, states, uuid) {
    const { last_visit: date, last_by: by } = customer;
    const own = visits
        .filter((visit) => visit.uuid !== uuid && states.includes(visit.state))
        .map(({ plan_date, state }) => ({ date: plan_date, by: "", ahead: state === "planned" }));
    const planned = states.includes("planned") ? plansOfOthers(customer) : [];
    return [...(date ? [{ date, by: by || "" }] : []), ...own, ...planned];
}

/**
 * Who was at a customer last.
 *
 * @param {Object} customer with `last_visit` and `last_by`
 * @param {Object[]} visits own ones at this customer
 * @returns {{date: string, by: string}|null}
 */
export function lastVisit(customer, visits) {
    const held = knownVisits(customer, visits, HELD);
    return held.sort((a, b) => b.date.localeCompare(a.date))[0] || null;
}

/**
 * The policy's word when somebody of us is at the customer a few days before or after.
 *
 * @param {Object} about `{uuid, day, states}`: the visit itself, its day (else today), and which other
 *     visits count (else those that took place)
 */
export function nearText(app, customer, visits, { uuid, day = localDate(), states = HELD }) {
    const { duplicate_days: days } = rulesOf(app);
    const away = ({ date }) => Math.abs(daysBetween(date, day));
    const near = knownVisits(customer, visits, states, uuid)
        .filter((visit) => days && away(visit) <= days)
        .sort((a, b) => away(a) - away(b))[0];
    return near ? sentenceOf(near) : "";
}

function sentenceOf({ by, date, ahead }) {
    const about = { person: by, day: formatDate(date) };
    if (ahead) {
        return by
            ? _t("%(person)s plans to go there on %(day)s.", about)
            : _t("You go there on %(day)s already.", about);
    }
    return by
        ? _t("%(person)s was here on %(day)s.", about)
        : _t("You were here on %(day)s.", about);
}

/** Says it on a sheet; nobody is kept from going. */
export class NearVisit extends Component {
    static template = "field_visit.app.NearVisit";
    static components = { Icon };
    static props = {
        customer: Object,
        uuid: { type: String, optional: true },
        day: { type: String, optional: true },
        states: { type: Array, optional: true },
    };

    setup() {
        this.app = useApp();
        const { id } = this.props.customer;
        this.visits = useQuery((db) => visitsAt(db, id));
    }

    get text() {
        const { customer, ...about } = this.props;
        return nearText(this.app, customer, this.visits.value || [], about);
    }
}
