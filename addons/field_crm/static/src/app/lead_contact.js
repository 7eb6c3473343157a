import { Component, useState } from "@odoo/owl";
import { localDate, serverNow } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";

const DAY = 24 * 60 * 60 * 1000;
const SHORTEST_NOTE = 5;

const WAYS = () => ({ call: _t("By telephone"), meeting: _t("In person"), message: _t("Message") });
export const RESULTS = () => ({
    interested: _t("Interested"),
    later: _t("Later"),
    refused: _t("Not interested"),
    no_answer: _t("Nobody reached"),
});
const NEXT = () => ({ 0: _t("None"), 1: _t("Tomorrow"), 3: _t("In 3 days"), 7: _t("In a week") });

const choices = (names) => Object.entries(names).map(([key, name]) => ({ key, name }));

/** How the customer was reached and what came out of it; kept on the phone, sent when it can be. */
export class LeadContactScreen extends Component {
    static template = "field_crm.app.LeadContact";
    static components = { DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.id = Number(this.props.params[0]);
        this.form = useState({ way: "call", result: "", note: "", next: "0" });
        const names = Object.keys(this.form);
        this.draft = useDraft(fieldsOf(this.form, names), `lead_contact:${this.id}`);
        this.lead = useQuery(
            async (db) => (await rowsOf(db, "my_leads")).find((lead) => lead.id === this.id) || null
        );
    }

    get groups() {
        return [
            { name: "way", label: _t("How?"), choices: choices(WAYS()) },
            { name: "result", label: _t("What came out of it?"), choices: choices(RESULTS()) },
            { name: "next", label: _t("Next step"), choices: choices(NEXT()) },
        ];
    }

    get isReady() {
        const { result, note } = this.form;
        const enough = result === "no_answer" || note.trim().length >= SHORTEST_NOTE;
        return Boolean(this.lead.value && result && enough);
    }

    get hint() {
        if (this.form.result === "no_answer") {
            return _t("Noted, but it stops no clock: nobody was reached.");
        }
        return _t("A few words are needed; an empty note does not count.");
    }

    async save() {
        const { way, result, note, next } = this.form;
        const payload = { lead_id: this.id, way, result };
        if (note.trim()) {
            payload.note = note.trim();
        }
        if (Number(next)) {
            payload.next_on = localDate(new Date(serverNow().getTime() + Number(next) * DAY));
        }
        const about = { entity: `lead:${this.id}`, label: this.lead.value.name };
        if (await this.app.record("lead.contact", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            this.app.router.back();
        }
    }
}

registry.category("field_app.screens").add("lead_contact", { Component: LeadContactScreen });
