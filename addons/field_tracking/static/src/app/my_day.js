import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatDate, formatTime, localDate } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Screen, Sheet } from "@field_base/app/ui/ui";
import { answer, duration, isOpen, kilometres, nameStay, readDays, readQuestions } from "./track";
import { Recording } from "./recording";

/** The day as the office sees it: the same to the person as to his leader. */
export class MyDayScreen extends Component {
    static template = "field_tracking.app.MyDay";
    static components = { DraftNote, Icon, Recording, Screen, Sheet };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.days = useQuery(readDays);
        this.questions = useQuery(readQuestions);
        this.notes = useQuery((db) => rowsOf(db, "track_notes"));
        this.ui = useState({ date: null, stay: null, text: "" });
        this.draft = useDraft(fieldsOf(this.ui, ["text"]));
        this.formatTime = formatTime;
        this.duration = duration;
        this.kilometres = kilometres;
    }

    get day() {
        const { date } = this.ui;
        const days = this.days.value;
        return days.find((day) => day.date === date) || days[0] || null;
    }

    dayLabel(day) {
        return day.date === localDate() ? _t("Today") : formatDate(day.date);
    }

    title(item) {
        if (item.kind === "stay") {
            return item.label || item.name || _t("A stay");
        }
        return item.kind === "trip"
            ? _t("On the way, %(way)s", { way: kilometres(item.distance_m) })
            : _t("No places");
    }

    /** Stays can be named until the day is closed. */
    canName(item) {
        return item.kind === "stay" && this.day.open;
    }

    get suggestions() {
        return [
            { kind: "lunch", text: _t("Lunch") },
            { kind: "petrol", text: _t("Petrol") },
            { kind: "charging", text: _t("Charging") },
            { kind: "waiting", text: _t("Waiting for somebody") },
        ];
    }

    open(item) {
        if (this.canName(item)) {
            Object.assign(this.ui, { stay: item, text: item.label || "" });
            this.draft.open(`stay:${item.start}`);
        }
    }

    close() {
        this.draft.close();
        this.ui.stay = null;
    }

    async save(word) {
        if (await nameStay(this.app, this.ui.stay, word)) {
            await this.draft.drop();
            this.ui.stay = null;
        }
    }

    saveOwn() {
        const text = this.ui.text.trim();
        return this.save({ kind: "other", note: text, text });
    }

    get openQuestions() {
        return this.questions.value.filter(isOpen);
    }

    get settledQuestions() {
        return this.questions.value.filter((question) => !isOpen(question));
    }
}

/** One question about the own track; the answer goes to the leader, the question did not yet. */
export class QuestionScreen extends Component {
    static template = "field_tracking.app.Question";
    static components = { DraftNote, Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        const id = Number(this.props.params[0]);
        this.item = useQuery(
            async (db) => (await readQuestions(db)).find((row) => row.id === id) || null
        );
        this.ui = useState({ text: this.item.value?.explanation || "" });
        this.draft = useDraft(fieldsOf(this.ui, ["text"]), `track_question:${id}`);
        this.states = {
            asked: _t("Not answered yet"),
            explained: _t("Answered; your leader decides"),
            confirmed: _t("Your leader found it justified"),
            false_alarm: _t("False alarm: nothing was wrong"),
        };
    }

    get canAnswer() {
        return ["asked", "explained"].includes(this.item.value.state);
    }

    get suggestions() {
        return [
            _t("No reception there"),
            _t("Train, ferry or tunnel"),
            _t("Another phone"),
            _t("I do not know"),
        ];
    }

    get dayLabel() {
        return formatDate(this.item.value.date);
    }

    async send() {
        if (await answer(this.app, this.item.value, this.ui.text.trim())) {
            await this.draft.drop();
            this.app.router.back();
        }
    }
}

/** Today shows only what wants a word from the person. */
export class TrackToday extends Component {
    static template = "field_tracking.app.Today";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.questions = useQuery(async (db) => (await readQuestions(db)).filter(isOpen));
        this.notes = useQuery((db) => rowsOf(db, "track_notes"));
    }
}

const screens = registry.category("field_app.screens");
screens.add("my_day", { Component: MyDayScreen });
screens.add("track_question", { Component: QuestionScreen });
registry
    .category("field_app.me")
    .add(
        "my_day",
        { label: () => _t("My day"), icon: "clock", screen: "my_day" },
        { sequence: 10 }
    );
registry
    .category("field_app.today")
    .add("field_tracking", { Component: TrackToday }, { sequence: 5 });
