import { Component, useState } from "@odoo/owl";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Sheet } from "@field_base/app/ui/ui";
import { explainMissed } from "./plan/missed";
import { daysAhead } from "./plan/plan_visit";
import { cancelVisit, moveVisit } from "./visit_events";
import { reasonsFor } from "./visits";

/** One tap says why a visit does not take place, or not today, or did not on its day. */
export class CancelSheet extends Component {
    static template = "field_visit.app.Cancel";
    static components = { DraftNote, Sheet };
    static props = { visit: Object, close: Function };

    setup() {
        this.app = useApp();
        this.state = useState({ date: "" });
        const name = this.canMove && `cancel:${this.props.visit.uuid}`;
        this.draft = useDraft(fieldsOf(this.state, ["date"]), name);
        const usage = this.isMissed ? "missed" : "cancel";
        this.reasons = useQuery((db) => reasonsFor(db, usage));
    }

    /** Its day is over: it can be told why, and be moved, but no longer called off. */
    get isMissed() {
        return this.props.visit.state === "missed";
    }

    get title() {
        return this.isMissed ? _t("Why was it missed?") : _t("Why does it not take place?");
    }

    /** What has begun takes place on no other day; what the office does not know has none. */
    get canMove() {
        const { id, state } = this.props.visit;
        return id > 0 && (state === "planned" || state === "missed");
    }

    get days() {
        const { next, last } = daysAhead();
        return { first: next, last };
    }

    /** The browser lets one type any day. */
    get isDayRight() {
        const { date } = this.state;
        const { first, last } = this.days;
        return !date || (date >= first && date <= last);
    }

    async choose(reason) {
        const { visit } = this.props;
        const { date } = this.state;
        const end = this.isMissed ? explainMissed : cancelVisit;
        const saved = date
            ? await moveVisit(this.app, visit, date, reason)
            : await end(this.app, visit, reason);
        if (saved) {
            await this.draft.drop();
            this.props.close();
            this.app.router.replace("today");
        }
    }
}
