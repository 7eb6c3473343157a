import { Component, useState } from "@odoo/owl";
import { formatDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { openEvents } from "@field_base/app/core/outbox";
import { rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";

const MOST_HOURS = 1000;
const MOST_COST = 1e9;

/** What somebody typed as a number of 0 or more, nothing, or NaN for what is none. */
export function readAmount(text, most) {
    const clean = String(text ?? "")
        .trim()
        .replace(",", ".");
    const value = clean === "" ? null : Number(clean);
    return value === null || (value >= 0 && value <= most) ? value : NaN;
}

/** The row as it is once what was recorded here has arrived. */
function withEvents(row, events) {
    const found = { ...row };
    for (const { kind, payload } of events.filter((one) => one.payload.request_id === row.id)) {
        found.waits = true;
        if (kind === "deal.decide") {
            found.decide = false;
            found.state = payload.granted ? "approved" : "refused";
            found.answer = payload.reason || null;
        } else {
            found.hours_used = payload.hours;
            found.cost_used = payload.cost ?? found.cost_used;
            found.state = payload.done ? "done" : found.state;
        }
    }
    return found;
}

function describe(row) {
    const { person, role, hours, asked_by } = row;
    return {
        ...row,
        wish: _t("%(person)s as %(role)s, %(hours)s hours", { person, role, hours }),
        from: _t("Asked by %(person)s", { person: asked_by }),
        day: row.needed_on ? formatDate(row.needed_on) : "",
        standing: {
            asked: _t("Waits for the leader of %(person)s", { person }),
            approved: _t("Agreed to"),
            refused: _t("Refused"),
        }[row.state],
    };
}

/** Requests for help with deals: to decide, agreed to, and what has become of one's own. */
export async function readHelp(db) {
    // first: what is read after `openEvents` is not watched for changes
    const rows = await rowsOf(db, "deal_help");
    const events = (await openEvents(db)).filter(({ kind }) =>
        ["deal.decide", "deal.hours"].includes(kind)
    );
    return rows
        .map((row) => describe(withEvents(row, events)))
        .filter(({ state }) => state !== "done");
}

function grouped(rows) {
    return {
        decide: rows.filter((row) => row.decide),
        agreed: rows.filter((row) => row.state === "approved" && !row.decide && row.mine),
        others: rows.filter((row) => !row.decide && row.state !== "approved" && row.mine),
    };
}

/** What a request is about, above whatever can be done with it. */
class DealHelpHead extends Component {
    static template = "field_crm.app.DealHelpHead";
    static components = { Icon };
    static props = { request: Object };
}

export class DealHelpScreen extends Component {
    static template = "field_crm.app.DealHelp";
    static components = { DealHelpHead, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.rows = useQuery(readHelp);
        // what is being typed, by request
        this.form = useState({ refusing: 0, reason: "", hours: {}, cost: {} });
    }

    get groups() {
        return grouped(this.rows.value);
    }

    refuse(row) {
        Object.assign(this.form, { refusing: row.id, reason: "" });
    }

    decide(row, granted) {
        const payload = { request_id: row.id, granted };
        if (!granted) {
            payload.reason = this.form.reason.trim();
        }
        this.form.refusing = 0;
        const said = granted ? _t("Agreed to") : _t("Refused");
        return this.app.record("deal.decide", payload, this.about(row), said);
    }

    about({ id, deal }) {
        return { entity: `deal_request:${id}`, label: deal };
    }

    // --- what it took ----------------------------------------------------------------------

    typedHours({ id, hours_used }) {
        return this.form.hours[id] ?? (hours_used ? String(hours_used) : "");
    }

    typedCost({ id, cost_used }) {
        return this.form.cost[id] ?? (cost_used ? String(cost_used) : "");
    }

    costLabel({ currency }) {
        return _t("Cost (%(currency)s)", { currency });
    }

    amounts(row) {
        return {
            hours: readAmount(this.typedHours(row), MOST_HOURS),
            cost: readAmount(this.typedCost(row), MOST_COST),
        };
    }

    isWrong(row) {
        const { hours, cost } = this.amounts(row);
        return Number.isNaN(hours) || Number.isNaN(cost);
    }

    canSave(row) {
        return !this.isWrong(row) && this.amounts(row).hours !== null;
    }

    /** The company may want to know what it took before it is over. */
    canFinish(row) {
        const { hours, cost } = this.amounts(row);
        const complete = (row.needs === "nothing" || hours) && (row.needs !== "cost" || cost);
        return !this.isWrong(row) && Boolean(complete);
    }

    needsText({ needs }) {
        return {
            nothing: "",
            hours: _t("Your company asks for the hours before the help is over."),
            cost: _t("Your company asks for hours and cost before the help is over."),
        }[needs];
    }

    async save(row, done) {
        const { hours, cost } = this.amounts(row);
        const payload = { request_id: row.id, hours: hours ?? 0, done };
        if (cost !== null) {
            payload.cost = cost;
        }
        const said = _t("Saved on this phone");
        if (await this.app.record("deal.hours", payload, this.about(row), said)) {
            delete this.form.hours[row.id];
            delete this.form.cost[row.id];
        }
    }
}

/** On the day: somebody waits for one's word, or one's help is agreed to. */
export class TodayDealHelp extends Component {
    static template = "field_crm.app.TodayDealHelp";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.rows = useQuery(readHelp);
    }

    get labels() {
        const { decide, agreed, others } = grouped(this.rows.value);
        return [
            decide.length && _t("%(count)s wait for your decision", { count: decide.length }),
            agreed.length && _t("%(count)s agreed to", { count: agreed.length }),
            others.length && _t("%(count)s asked for or refused", { count: others.length }),
        ].filter(Boolean);
    }
}

registry.category("field_app.screens").add("deal_help", { Component: DealHelpScreen });
registry
    .category("field_app.today")
    .add("deal_help", { Component: TodayDealHelp }, { sequence: 36 });
