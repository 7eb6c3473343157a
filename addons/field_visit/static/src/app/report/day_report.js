import { Component, useEffect, useState } from "@odoo/owl";
import { formatMoment, localDate, parseServer, serverNow } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { paragraphs } from "@field_base/app/core/news";
import { rowsOf } from "@field_base/app/core/pull";
import { readDay } from "@field_base/app/core/workday";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { visitsOfToday } from "../visits";

const TALK_MS = 2 * 86400000; // older talk stands on the desk

const ANSWER = "report_answer";

const keyOf = (date) => `report:${date}`;

/** Reports of the last days, the newest first, with the words that were added here since. */
async function readReports(db) {
    const rows = await rowsOf(db, "work_reports");
    const docs = await db.docs.where("kind").equals("report").toArray();
    const words = new Map(docs.map(({ entity, values }) => [entity, values]));
    return rows.map((row) => ({ ...row, ...words.get(row.date_from) }));
}

/** Today's words, also before the server has made the report. */
async function readWords(db) {
    const doc = await db.docs.get(keyOf(localDate()));
    return doc?.values || null;
}

/** What the leader says to the reports of the last days, and the answer to it. */
export class ReportTalk extends Component {
    static template = "field_visit.app.ReportTalk";
    static components = { DraftNote, Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.reports = useQuery(readReports);
        this.state = useState({ answering: false, answer: "" });
        this.draft = useDraft(fieldsOf(this.state, ["answer"]), ANSWER);
        // what was half written is shown again
        useEffect(
            (answer) => void (this.state.answering ||= Boolean(answer)),
            () => [this.state.answer]
        );
    }

    /** What was said lately, on whichever day. */
    get comments() {
        return (this.reports.value || [])
            .flatMap(({ id, comments }) => comments.map((one) => ({ ...one, report: id })))
            .filter(({ at }) => serverNow() - parseServer(at) < TALK_MS)
            .sort((a, b) => b.id - a.id)
            .slice(0, 5);
    }

    textOf(comment) {
        return paragraphs(comment.text).join(" ");
    }

    signed({ who, at }) {
        return [who, formatMoment(parseServer(at))].join(" · ");
    }

    async answer() {
        const text = this.state.answer.trim();
        const { report } = this.comments[0];
        const about = { entity: `comment:${report}`, label: _t("Reply") };
        const payload = { report_id: report, text };
        if (await this.app.record("report.comment", payload, about, _t("Saved on this phone"))) {
            await this.draft.drop();
            Object.assign(this.state, { answering: false, answer: "" });
            await this.draft.open(ANSWER); // there may be more to say
        }
    }
}

/**
 * The report of the day: what was done is counted, never written; one adds what stood in the way
 * and what comes next.
 */
export class DayReport extends Component {
    static template = "field_visit.app.DayReport";
    static components = { DraftNote, Icon, Sheet };
    static props = {};

    setup() {
        this.app = useApp();
        this.day = useQuery(readDay);
        this.reports = useQuery(readReports);
        this.visits = useQuery(visitsOfToday);
        this.words = useQuery(readWords);
        this.state = useState({ writing: false, blockers: "", tomorrow: "" });
        this.draft = useDraft(fieldsOf(this.state, ["blockers", "tomorrow"]));
    }

    get today() {
        return this.reports.value?.find((report) => report.date_from === localDate());
    }

    get isShown() {
        const visits = this.visits.value || [];
        return (
            this.day.value?.state === "closed" ||
            Boolean(visits.length && visits.every(({ state }) => state === "done"))
        );
    }

    /** Counted on the phone: the server may be out of reach. */
    get figures() {
        const visits = this.visits.value || [];
        const count = (wanted) => visits.filter(({ state }) => state === wanted).length;
        const figures = [
            [_t("Done"), count("done")],
            [_t("Still open"), visits.length - count("done")],
        ];
        const { today } = this;
        if (today) {
            figures.push([_t("With an outcome"), today.outcome_count]);
        }
        if (today?.order_count) {
            figures.push([_t("Orders"), today.order_count]);
        }
        if (today?.new_customer_count) {
            figures.push([_t("New customers"), today.new_customer_count]);
        }
        const more = [
            [_t("Received"), today?.received_amount],
            [_t("Promised"), today?.promised_amount],
            [_t("New leads"), today?.lead_count],
            [_t("New opportunities"), today?.opportunity_count],
            [_t("Opportunities won"), today?.won_count],
        ];
        figures.push(...more.filter(([, value]) => value));
        if (today?.distance_m) {
            figures.push([_t("km"), Math.round(today.distance_m / 1000)]);
        }
        return figures;
    }

    get own() {
        return { ...this.today, ...this.words.value };
    }

    write() {
        const { blockers, tomorrow } = this.own;
        Object.assign(this.state, {
            writing: true,
            blockers: blockers || "",
            tomorrow: tomorrow || "",
        });
        this.draft.open(`report:${localDate()}`);
    }

    close() {
        this.draft.close();
        this.state.writing = false;
    }

    async save() {
        const date = localDate();
        const values = {
            blockers: this.state.blockers.trim(),
            tomorrow: this.state.tomorrow.trim(),
        };
        const about = {
            entity: date,
            label: _t("Report of the day"),
            change: (db) =>
                db.docs.put({
                    key: keyOf(date),
                    kind: "report",
                    entity: date,
                    values,
                    changed: Date.now(),
                }),
        };
        const saved = _t("Saved on this phone");
        if (await this.app.record("report.words", { date, ...values }, about, saved)) {
            await this.draft.drop();
            this.state.writing = false;
        }
    }
}

registry
    .category("field_app.today")
    .add("report", { Component: DayReport, early: [readReports, readWords] }, { sequence: 5 })
    .add("report_talk", { Component: ReportTalk }, { sequence: 16 });
