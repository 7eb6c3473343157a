/** What a visit is for: chosen before it, held against what came of it. */

import { Component } from "@odoo/owl";
import { useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { goalState, isProductive } from "@field_visit/goal/goal_logic";
import { reasonsFor } from "./visits";

/** One tap sets the goal, another takes it away. */
export class GoalChips extends Component {
    static template = "field_visit.app.GoalChips";
    static props = { value: Number, choose: Function };

    setup() {
        this.goals = useQuery((db) => reasonsFor(db, "goal"));
    }

    tap({ id }) {
        this.props.choose(id === this.props.value ? 0 : id);
    }
}

/** The goal of a visit, and with a result (of the check-out, or of what is over) what became of it. */
export class GoalNote extends Component {
    static template = "field_visit.app.GoalNote";
    static components = { Icon };
    static props = { visit: Object, result: { type: Number, optional: true } };

    setup() {
        this.reasons = useQuery(async (db) => [
            ...(await reasonsFor(db, "goal")),
            ...(await reasonsFor(db, "result")),
        ]);
    }

    find(id) {
        return this.reasons.value.find((reason) => reason.id === id);
    }

    get goal() {
        return this.find(this.props.visit.goal_id);
    }

    get state() {
        const { visit, result } = this.props;
        const chosen = result ?? visit.result_id;
        const isOver = visit.state === "done";
        if (!isOver && result === undefined) {
            return "";
        }
        // an order that only the office knows counts, too
        const known = isOver && result === undefined && visit.goal_state;
        const productive = isProductive(visit.steps, this.find(chosen));
        return known || goalState(chosen, this.goal.reached_by_ids || [], productive);
    }

    get tone() {
        return { reached: "good", missed: "warn" }[this.state] || "idle";
    }

    get wanted() {
        const names = (this.goal.reached_by_ids || []).map((id) => this.find(id)?.name);
        return names.filter(Boolean).join(", ");
    }

    get sentence() {
        const { state, wanted } = this;
        const words = {
            reached: _t("Goal reached"),
            missed: _t("Goal not reached"),
            unsaid: wanted && _t("Reached with: %(results)s", { results: wanted }),
        };
        return words[state] || "";
    }
}
