import { Component, useState } from "@odoo/owl";
import { formatMoment, parseServer, serverNow } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";

const keyOf = (id) => `habit:${id}`;

/** What stands out in my visits, with what I have said about it on this phone. */
async function readHabits(db) {
    const rows = await rowsOf(db, "habits");
    const docs = await db.docs.where("kind").equals("habit").toArray();
    const said = new Map(docs.map(({ entity, values }) => [entity, values]));
    return rows.map((row) => ({ ...row, ...said.get(String(row.id)) }));
}

/** One sentence, of facts only. */
function wordsOf({ kind, visit_count: count }) {
    if (kind === "copied") {
        return _t("The same note in %(count)s visits", { count });
    }
    if (kind === "at_once") {
        return _t("%(count)s visits with steps answered in the same second", { count });
    }
    return _t("%(count)s visits in a row without an outcome", { count });
}

/**
 * What the night has noticed in my visits. I read it before anybody else does, and say why it is
 * so; whoever reads it later reads both together.
 */
export class Habits extends Component {
    static template = "field_visit.app.Habits";
    static components = { DraftNote, Icon, Sheet };
    static props = {};

    setup() {
        this.app = useApp();
        this.habits = useQuery(readHabits);
        this.state = useState({ habit: null, text: "" });
        this.draft = useDraft(fieldsOf(this.state, ["text"]));
        this.wordsOf = wordsOf;
    }

    /** Until when nobody else sees it; empty once that is over. */
    privateUntil({ due_at: due }) {
        const until = due && parseServer(due);
        return until && until > serverNow() ? formatMoment(until) : "";
    }

    namesOf({ customers, visit_count: count }) {
        const more = count > customers.length ? " …" : "";
        return [...new Set(customers)].join(", ") + more;
    }

    explain(habit) {
        Object.assign(this.state, { habit, text: habit.explanation || "" });
        this.draft.open(keyOf(habit.id));
    }

    close() {
        this.draft.close();
        this.state.habit = null;
    }

    async save() {
        const { habit } = this.state;
        const explanation = this.state.text.trim();
        const about = {
            entity: String(habit.id),
            label: _t("What stands out"),
            change: (db) =>
                db.docs.put({
                    key: keyOf(habit.id),
                    kind: "habit",
                    entity: String(habit.id),
                    values: { explanation },
                    changed: Date.now(),
                }),
        };
        const payload = { habit_id: habit.id, text: explanation };
        if (await this.app.record("habit.explain", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            this.state.habit = null;
        }
    }
}

registry
    .category("field_app.today")
    .add("habits", { Component: Habits, early: [readHabits] }, { sequence: 24 });
