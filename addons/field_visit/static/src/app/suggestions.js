/**
 * Whom else to visit today: worked out by the server in the morning, answered here with or without a
 * network. An answer names customer and day, for the server may have worked it out anew.
 */

import { Component, useState } from "@odoo/owl";
import { localDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { placeOf } from "@field_base/app/core/location";
import { uuid7 } from "@field_base/app/core/ids";
import { rowOf, rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { planned } from "./visit_events";
import { visitsOfToday } from "./visits";

const FIRST = 3;
const KIND = "suggestion";

const keyOf = ({ partner_id, date }) => `${KIND}:${partner_id}:${date}`;

/** The open ones of today, the best first, without those who are in the plan by now. */
async function suggestionsOf(db) {
    const today = localDate();
    const rows = (await rowsOf(db, "suggestions")).filter(({ date }) => date === today);
    if (!rows.length) {
        return [];
    }
    const [docs, visits] = await Promise.all([
        db.docs.where("kind").equals(KIND).toArray(),
        visitsOfToday(db),
    ]);
    const answered = new Set(docs.map(({ key }) => key));
    const going = new Set(visits.map(({ partner_id }) => partner_id));
    return rows
        .filter((row) => !answered.has(keyOf(row)) && !going.has(row.partner_id))
        .sort((a, b) => b.score - a.score || a.id - b.id);
}

/** What was answered stays away until the server's own answer has come. */
function answered(suggestion, entity) {
    const { partner_id, date } = suggestion;
    const doc = { key: keyOf(suggestion), kind: KIND, entity, values: { partner_id, date } };
    return (db) => db.docs.put({ ...doc, changed: Date.now() });
}

/** The visit is in today's plan at once; the phone names it, so that it can begin before the sync. */
function take(app, suggestion) {
    const { partner_id, partner_name, date } = suggestion;
    const uuid = uuid7();
    const plan = planned(uuid, { partner_id, partner_name, plan_date: date });
    const note = answered(suggestion, uuid);
    return app.record(
        "suggestion.take",
        { partner_id, date, visit_uuid: uuid },
        {
            entity: uuid,
            label: _t("Add to today · %(customer)s", { customer: partner_name }),
            change: (db, event) => Promise.all([plan(db, event), note(db)]),
        },
        _t("In today's plan · saved here")
    );
}

function dismiss(app, suggestion, reason) {
    const { partner_id, partner_name, date } = suggestion;
    const entity = keyOf(suggestion);
    return app.record(
        "suggestion.dismiss",
        { partner_id, date, reason },
        {
            entity,
            label: _t("Not today · %(customer)s", { customer: partner_name }),
            change: answered(suggestion, entity),
        },
        _t("Saved on this phone")
    );
}

/** Why: every summand of the score. Then yes, or no with a reason. */
export class SuggestionSheet extends Component {
    static template = "field_visit.app.SuggestionSheet";
    static components = { Icon, Sheet };
    static props = { suggestion: Object, close: Function };

    placeOf = placeOf;

    setup() {
        this.app = useApp();
        this.state = useState({ refusing: false });
        const { partner_id } = this.props.suggestion;
        this.customer = useQuery((db) => rowOf(db, "customers", partner_id));
        // twin of `dismiss_reason` in models/field_suggestion.py
        this.reasons = [
            ["later", _t("Not now")],
            ["phone", _t("A call is enough")],
            ["not_mine", _t("Not my customer")],
            ["wrong", _t("The reason is wrong")],
        ];
    }

    async add() {
        if (await take(this.app, this.props.suggestion)) {
            this.props.close();
        }
    }

    async refuse(reason) {
        if (await dismiss(this.app, this.props.suggestion, reason)) {
            this.props.close();
        }
    }
}

export class TodaySuggestions extends Component {
    static template = "field_visit.app.TodaySuggestions";
    static components = { Icon, SuggestionSheet };
    static props = {};

    setup() {
        this.app = useApp();
        this.state = useState({ asked: null, all: false });
        this.suggestions = useQuery(suggestionsOf);
    }

    get shown() {
        const all = this.suggestions.value;
        return this.state.all ? all : all.slice(0, FIRST);
    }

    get more() {
        const count = this.suggestions.value.length - this.shown.length;
        return count && _t("%(count)s more", { count });
    }

    label({ partner_name: customer }) {
        return _t("Add to today · %(customer)s", { customer });
    }

    add(suggestion) {
        return take(this.app, suggestion);
    }
}

registry
    .category("field_app.today")
    .add("suggestions", { Component: TodaySuggestions, early: [suggestionsOf] }, { sequence: 20 });
