import { Component, useState } from "@odoo/owl";
import { formatMoment, parseServer } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { openEvents } from "@field_base/app/core/outbox";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";

const entityOf = (id) => `lead:${id}`;

async function openPayloads(db, kind) {
    const events = await openEvents(db);
    return events.filter((event) => event.kind === kind).map((event) => event.payload);
}

/** Ids of the leads more time was asked for here and the server does not know yet. */
export async function readAsked(db) {
    return (await openPayloads(db, "lead.extend")).map((payload) => payload.lead_id);
}

/** What one's people ask for; what was decided here has left the list. */
async function readRequests(db) {
    // first: what is read after `openEvents` is not watched for changes
    const rows = await rowsOf(db, "time_asked");
    const decided = (await openPayloads(db, "lead.decide")).map((payload) => payload.request_id);
    return rows
        .filter(({ id }) => !decided.includes(id))
        .map((row) => ({
            ...row,
            wish:
                row.kind === "note"
                    ? _t("Asks you to confirm a follow-up")
                    : _t("Asks for %(days)s more days", { days: row.days }),
            until: row.deadline ? formatMoment(parseServer(row.deadline)) : "",
        }));
}

/** Why somebody needs more time with a lead he holds; his leader decides. */
export class LeadExtendScreen extends Component {
    static template = "field_crm.app.LeadExtend";
    static components = { DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const id = Number(this.props.params[0]);
        this.form = useState({ reason: "" });
        this.draft = useDraft(fieldsOf(this.form, ["reason"]), `lead_extend:${id}`);
        this.lead = useQuery(
            async (db) => (await rowsOf(db, "my_leads")).find((lead) => lead.id === id) || null
        );
    }

    get isReady() {
        return Boolean(this.lead.value && this.form.reason.trim());
    }

    get hint() {
        const days = this.lead.value.more_days;
        return _t("Your leader decides. A yes gives you %(days)s more days.", { days });
    }

    async ask() {
        const { id, name } = this.lead.value;
        const payload = { lead_id: id, reason: this.form.reason.trim() };
        const about = { entity: entityOf(id), label: name };
        if (await this.app.record("lead.extend", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            this.app.router.back();
        }
    }
}

/** A leader decides what his people ask for. */
export class TimeAskedScreen extends Component {
    static template = "field_crm.app.TimeAsked";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.requests = useQuery(readRequests);
    }

    decide({ id, lead }, granted) {
        const about = { entity: `lead_request:${id}`, label: lead };
        const said = granted ? _t("Granted") : _t("Refused");
        return this.app.record("lead.decide", { request_id: id, granted }, about, said);
    }
}

/** On the leader's day: somebody waits for his word. */
export class TodayTimeAsked extends Component {
    static template = "field_crm.app.TodayTimeAsked";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.requests = useQuery(readRequests);
    }

    get label() {
        const count = this.requests.value.length;
        return _t("%(count)s wait for your decision", { count });
    }
}

const screens = registry.category("field_app.screens");
screens.add("lead_extend", { Component: LeadExtendScreen });
screens.add("time_asked", { Component: TimeAskedScreen });
registry
    .category("field_app.today")
    .add("time_asked", { Component: TodayTimeAsked }, { sequence: 35 });
