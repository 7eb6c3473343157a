import { Component, useState } from "@odoo/owl";
import { formatDate } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { openEvents } from "@field_base/app/core/outbox";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { readNumber } from "@field_base/number/number";
import { registry } from "@web/core/registry";

const MOST_HOURS = 1000;
const MOST_COST = 1e9;

/** What somebody typed as a number of 0 or more, nothing, or NaN for what is none. */
export function readAmount(text, most) {
    const value = readNumber(text);
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

function aboutOf({ id, deal }) {
    return { entity: `deal_request:${id}`, label: deal };
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

/** What the help took so far; one types it as long as the help goes on. */
class DealHours extends Component {
    static template = "field_crm.app.DealHours";
    static components = { DraftNote, Icon };
    static props = { request: Object };

    setup() {
        this.app = useApp();
        // null: nothing typed yet, what the office knows is shown
        this.form = useState({ hours: null, cost: null });
        const name = `help_hours:${this.props.request.id}`;
        this.draft = useDraft(fieldsOf(this.form, ["hours", "cost"]), name);
    }

    get typed() {
        const { hours_used: hours, cost_used: cost } = this.props.request;
        return {
            hours: this.form.hours ?? (hours ? String(hours) : ""),
            cost: this.form.cost ?? (cost ? String(cost) : ""),
        };
    }

    get costLabel() {
        const { currency } = this.props.request;
        return _t("Cost (%(currency)s)", { currency });
    }

    get amounts() {
        const { hours, cost } = this.typed;
        return { hours: readAmount(hours, MOST_HOURS), cost: readAmount(cost, MOST_COST) };
    }

    get isWrong() {
        const { hours, cost } = this.amounts;
        return Number.isNaN(hours) || Number.isNaN(cost);
    }

    get canSave() {
        return !this.isWrong && this.amounts.hours !== null;
    }

    /** The company may want to know what it took before it is over. */
    get canFinish() {
        const { hours, cost } = this.amounts;
        const { needs } = this.props.request;
        const complete = (needs === "nothing" || hours) && (needs !== "cost" || cost);
        return !this.isWrong && Boolean(complete);
    }

    get needsText() {
        return {
            nothing: "",
            hours: _t("Your company asks for the hours before the help is over."),
            cost: _t("Your company asks for hours and cost before the help is over."),
        }[this.props.request.needs];
    }

    async save(done) {
        const { request } = this.props;
        const { hours, cost } = this.amounts;
        const payload = { request_id: request.id, hours: hours ?? 0, done };
        if (cost !== null) {
            payload.cost = cost;
        }
        const said = _t("Saved on this phone");
        if (await this.app.record("deal.hours", payload, aboutOf(request), said)) {
            this.draft.afresh(); // what is known now is what was typed
        }
    }
}

export class DealHelpScreen extends Component {
    static template = "field_crm.app.DealHelp";
    static components = { DealHelpHead, DealHours, DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.rows = useQuery(readHelp);
        this.form = useState({ refusing: 0, reason: "" });
        this.draft = useDraft(fieldsOf(this.form, ["reason"]));
    }

    get groups() {
        return grouped(this.rows.value);
    }

    refuse(row) {
        Object.assign(this.form, { refusing: row.id, reason: "" });
        this.draft.open(`refuse_help:${row.id}`);
    }

    stopRefusing() {
        this.draft.close();
        this.form.refusing = 0;
    }

    async decide(row, granted) {
        const payload = { request_id: row.id, granted };
        if (!granted) {
            payload.reason = this.form.reason.trim();
        }
        this.form.refusing = 0; // at once: it is not said twice
        const said = granted ? _t("Agreed to") : _t("Refused");
        if (await this.app.record("deal.decide", payload, aboutOf(row), said)) {
            await (granted || this.draft.drop());
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
