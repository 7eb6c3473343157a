import { Component, useState } from "@odoo/owl";
import { formatDate, formatHour } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen, Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { StoredFile } from "../stored_file";
import {
    acceptWork,
    filesOf,
    finishWork,
    isOpen,
    readFile,
    refuseWork,
    workOf,
    worksAt,
    worksOf,
} from "./works";

const TODAY_SHOWN = 3;

function stateText({ state, refuse_reason: reason, visit_id: visit }) {
    const texts = {
        new: _t("Not accepted yet"),
        accepted: visit ? _t("Visit planned") : _t("Accepted"),
        in_progress: _t("In progress"),
        done: _t("Done"),
        refused: _t("Refused: %(reason)s", { reason }),
        expired: _t("Expired"),
    };
    return texts[state];
}

/** One line of a list: what, where (for which goal, at a customer), until when, and what is new. */
export class WorkRow extends Component {
    static template = "field_visit.app.WorkRow";
    static components = { Icon };
    static props = { pack: Object, here: { type: Boolean, optional: true } };

    setup() {
        this.app = useApp();
    }

    get icon() {
        const { open, works } = this.props.pack;
        return open.length ? "flag" : works.some(({ state }) => state === "done") ? "check" : "x";
    }

    get badge() {
        const { waiting, news } = this.props.pack;
        return waiting.length ? (news.length ? _t("Changed") : _t("New")) : "";
    }

    get where() {
        const { works, deadline, goal } = this.props.pack;
        const [{ partner_name: name }] = works;
        const place =
            works.length > 1 ? _t("%(count)s customers", { count: works.length }) : name || "";
        return [this.props.here ? goal : place, _t("until %(day)s", { day: formatDate(deadline) })]
            .filter(Boolean)
            .join(" · ");
    }
}

/** On Today: what waits for an answer, and what is due first. */
export class TodayWorks extends Component {
    static template = "field_visit.app.TodayWorks";
    static components = { Icon, WorkRow };
    static props = {};

    setup() {
        this.app = useApp();
        this.packs = useQuery(worksOf);
    }

    get open() {
        return this.packs.value.filter(({ open }) => open.length);
    }

    get shown() {
        return this.open.slice(0, TODAY_SHOWN);
    }
}

/** In a visit and on a customer's page: what is to be done here. */
export class WorksHere extends Component {
    static template = "field_visit.app.WorksHere";
    static components = { WorkRow };
    static props = { customer: Object, visit: { type: Object, optional: true } };

    setup() {
        const { customer, visit } = this.props;
        this.packs = useQuery((db) => worksAt(db, customer.id, visit?.id));
    }
}

/** All work of this phone. */
export class WorksScreen extends Component {
    static template = "field_visit.app.Works";
    static components = { Icon, Screen, WorkRow };
    static props = { params: Array };

    setup() {
        this.packs = useQuery(worksOf);
    }

    get open() {
        return this.packs.value.filter(({ open }) => open.length);
    }

    get closed() {
        return this.packs.value.filter(({ open }) => !open.length);
    }
}

/** One package: goal, guide, material, where; accept it, say why not, say that it is done. */
export class WorkScreen extends Component {
    static template = "field_visit.app.Work";
    static components = { DraftNote, Icon, Screen, Sheet, StoredFile };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.state = useState({ refusing: false, reason: "", which: 0 });
        this.draft = useDraft(fieldsOf(this.state, ["reason", "which"]));
        const id = Number(this.props.params[0]);
        this.box = useQuery((db) => workOf(db, id));
        this.read = (file) => readFile(this.app.account, file);
        this.stateText = stateText;
    }

    get pack() {
        return this.box.value;
    }

    get files() {
        return filesOf(this.pack);
    }

    get subtitle() {
        const { kind, by } = this.pack;
        return _t("%(kind)s · from %(name)s", { kind, name: by });
    }

    /** Labels and values, only what is known. */
    get facts() {
        const { date_from: from, deadline, time_from: start, time_to: end, minutes } = this.pack;
        const { about, aboutScreen } = this.pack;
        const hours = [formatHour(start), formatHour(end)];
        const facts = [[_t("Until"), formatDate(deadline)]];
        if (from < deadline) {
            facts.unshift([_t("From"), formatDate(from)]);
        }
        if (hours[0] || hours[1]) {
            facts.push([_t("Time of day"), hours.map((hour) => hour || "…").join(" – ")]);
        }
        if (minutes) {
            facts.push([_t("Takes about"), _t("%(minutes)s min", { minutes })]);
        }
        if (about && !aboutScreen) {
            facts.push([_t("About"), about.name]);
        }
        return facts;
    }

    get changes() {
        return this.pack.news.map(({ name, old, new: now }) => ({
            name,
            text: [old, now].filter(Boolean).join(" → ") || _t("Please read it again below."),
        }));
    }

    /** Work that belongs to no customer is done here; the rest with its visit. */
    get toFinish() {
        return this.pack.open.filter(
            (work) => !work.partner_id && !this.pack.waiting.includes(work)
        );
    }

    get canRefuse() {
        return this.pack.works.filter(({ state }) => ["new", "accepted"].includes(state));
    }

    get acceptText() {
        const count = this.pack.waiting.length;
        return count > 1 ? _t("Accept all %(count)s", { count }) : _t("Accept");
    }

    get named() {
        return this.pack.works.filter(({ partner_id: partner }) => partner);
    }

    async open({ visit_id: id, partner_id: partner }) {
        const visit = id && (await this.app.account.db.rows.get(["visits", id]))?.row;
        if (visit && ["in_progress", "done"].includes(visit.state)) {
            this.app.router.go("visit", visit.uuid);
        } else {
            this.app.router.go("customer", partner);
        }
    }

    isOpen(work) {
        return isOpen(work);
    }

    accept() {
        return acceptWork(this.app, this.pack);
    }

    finish() {
        return finishWork(this.app, this.pack, this.toFinish);
    }

    startRefusing() {
        Object.assign(this.state, { refusing: true, reason: "", which: 0 });
        this.draft.open(`refuse_work:${this.pack.id}`);
    }

    stopRefusing() {
        this.draft.close();
        this.state.refusing = false;
    }

    async refuse() {
        const { which, reason } = this.state;
        const works = this.canRefuse.filter(({ id }) => !which || id === which);
        if (await refuseWork(this.app, this.pack, works, reason.trim())) {
            await this.draft.drop();
            this.state.refusing = false;
        }
    }
}

const screens = registry.category("field_app.screens");
screens.add("work", { Component: WorkScreen });
screens.add("works", { Component: WorksScreen });
registry
    .category("field_app.me")
    .add("works", { label: () => _t("My work"), icon: "flag", screen: "works" });
registry
    .category("field_app.today")
    .add("works", { Component: TodayWorks, early: [worksOf] }, { sequence: 14 });
registry.category("field_app.customer").add("works", { Component: WorksHere }, { sequence: 12 });
