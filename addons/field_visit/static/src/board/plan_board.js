import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { FieldMap } from "@field_base/map/field_map";
import { assignColors } from "@field_base/map/palette";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { cardsByCell, clock, dayOnMap, key, loadOf } from "./board_logic";

const { DateTime } = luxon;
const DAYS = 7;
const PAGE = 25;
const DUE_SHOWN = 30;

/** People and days side by side, the map of one day beside them; a card is dragged elsewhere. */
export class PlanBoard extends Component {
    static template = "field_visit.PlanBoard";
    static components = { FieldMap, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({
            data: null,
            day: false,
            offset: 0,
            person: 0, // the map shows his way only
            selected: 0, // visit
            chosen: new Set(), // customers
            isDrawing: false,
            planFor: 0,
            map: { markers: [], lines: [] },
            busy: false,
        });
        onWillStart(() => this.load());
        useSortable({
            ref: this.root,
            enable: () => this.state.data.editable,
            elements: ".o_field_board_movable",
            groups: ".o_field_board_drop",
            connectGroups: true,
            touchDelay: 400,
            cursor: "grabbing",
            placeholderClasses: ["opacity-25"],
            onDrop: (drop) => this.onDrop(drop),
        });
    }

    // ------------------------------------------------------------------ data

    async load(start = this.state.data?.start) {
        const { offset } = this.state;
        const data = await this.orm.call("field.visit", "get_plan_board", [start, DAYS, offset]);
        this.cells = cardsByCell(data.visits);
        this.colors = assignColors(data.people.map(({ id }) => ({ key: String(id), order: id })));
        this.state.data = data;
        if (!data.days.includes(this.state.day)) {
            this.state.day = data.days.includes(data.today) ? data.today : data.days[0];
        }
        this.state.chosen = new Set(
            data.due.map(({ id }) => id).filter((id) => this.state.chosen.has(id))
        );
        this.state.planFor ||= data.people[0]?.id || 0;
        this.redraw();
    }

    /** FieldMap compares its arrays by identity: they are made anew only here. */
    redraw() {
        const { data, day, chosen, selected, person } = this.state;
        const { people, due } = data;
        const { cells, colors } = this;
        this.state.map = dayOnMap({ people, cells, day, due, colors, chosen, selected, person });
    }

    get fitKey() {
        const { day, person, data } = this.state;
        return `${data.start} ${day} ${person}`;
    }

    get days() {
        return this.state.data.days.map((iso) => {
            const day = DateTime.fromISO(iso);
            return {
                iso,
                name: day.toLocaleString({ weekday: "short" }),
                date: day.toLocaleString({ month: "numeric", day: "numeric" }),
                isToday: iso === this.state.data.today,
                isOver: iso < this.state.data.today,
            };
        });
    }

    get title() {
        const [first, last] = [this.state.data.days[0], this.state.data.days.at(-1)];
        const text = (iso) =>
            DateTime.fromISO(iso).toLocaleString({ month: "long", day: "numeric" });
        return `${text(first)} – ${text(last)}`;
    }

    get dayName() {
        return DateTime.fromISO(this.state.day).toLocaleString({
            weekday: "long",
            month: "long",
            day: "numeric",
        });
    }

    cards(person, day) {
        return this.cells.get(key(person.id, day)) || [];
    }

    fill(person, day) {
        const { minutes, isOver } = loadOf(this.cards(person, day), person.days[day]);
        return { text: clock(minutes), isOver };
    }

    color(person) {
        return this.colors.get(String(person.id));
    }

    get selected() {
        return this.state.data.visits.find(({ id }) => id === this.state.selected);
    }

    get shownDue() {
        const { due } = this.state.data;
        const { person } = this.state;
        return due.filter((one) => !person || one.user_id === person);
    }

    get listedDue() {
        return this.shownDue.slice(0, DUE_SHOWN);
    }

    dueText({ state, days }) {
        return state === "never" ? _t("never visited") : _t("%s days", days);
    }

    get pager() {
        const { offset, data } = this.state;
        const to = Math.min(offset + PAGE, data.people_count);
        return {
            from: offset + 1,
            to,
            total: data.people_count,
            isNeeded: data.people_count > PAGE,
        };
    }

    // ------------------------------------------------------------------ going about

    move(days) {
        const start = DateTime.fromISO(this.state.data.start).plus({ days }).toISODate();
        return this.load(start);
    }

    turn(step) {
        const offset = this.state.offset + step * PAGE;
        if (offset >= 0 && offset < this.state.data.people_count) {
            this.state.offset = offset;
            this.state.person = this.state.planFor = 0;
            return this.load();
        }
    }

    showDay(day) {
        this.state.day = day;
        this.redraw();
    }

    showPerson({ id }) {
        this.state.person = this.state.person === id ? 0 : id;
        this.state.planFor = this.state.person || this.state.planFor;
        this.redraw();
    }

    select(visit) {
        const isSame = this.state.selected === visit.id;
        Object.assign(this.state, { selected: isSame ? 0 : visit.id, day: visit.date });
        this.redraw();
    }

    toggle(id) {
        const { chosen } = this.state;
        chosen.has(id) ? chosen.delete(id) : chosen.add(id);
        this.state.selected = 0;
        this.redraw();
    }

    clearChosen() {
        this.state.chosen.clear();
        this.redraw();
    }

    onMarker(marker) {
        const id = Number(marker.slice(1));
        if (marker.startsWith("c")) {
            this.toggle(id);
        } else {
            this.select(this.state.data.visits.find((visit) => visit.id === id));
        }
    }

    get onLasso() {
        return this.state.isDrawing ? this.takeRing : null;
    }

    takeRing = (markers) => {
        for (const marker of markers.filter((id) => id.startsWith("c"))) {
            this.state.chosen.add(Number(marker.slice(1)));
        }
        Object.assign(this.state, { isDrawing: false, selected: 0 });
        this.redraw();
    };

    openVisit(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "field.visit",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openCell(person, day) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: person.name,
            res_model: "field.visit",
            domain: [
                ["user_id", "=", person.id],
                ["plan_date", "=", day],
                ["state", "!=", "cancelled"],
            ],
            views: [
                [false, "list"],
                [false, "field_map"],
                [false, "form"],
            ],
        });
    }

    // ------------------------------------------------------------------ planning

    onDrop({ element, parent }) {
        const { visit, customer } = element.dataset;
        const { person, day } = parent.dataset;
        if (!person || !day) {
            return;
        }
        if (customer) {
            return this.plan([Number(customer)], Number(person), day);
        }
        return this.moveVisit(Number(visit), day, Number(person));
    }

    /** What was asked for is done: the sheet goes, for on a phone it lies over the customers. */
    async onMoveForm(ev) {
        const form = new FormData(ev.target);
        await this.moveVisit(this.state.selected, form.get("day"), Number(form.get("person")));
        this.state.selected = 0;
        this.redraw();
    }

    async moveVisit(id, day, person, isUndo = false) {
        const visit = this.state.data.visits.find((one) => one.id === id);
        const { date, user_id } = visit;
        if (date === day && user_id === person) {
            return;
        }
        if (visit.asks_why && date !== day) {
            return this.askWhy(id, day);
        }
        const warnings = await this.change(() =>
            this.orm.call("field.visit", "action_move", [[id], day, person])
        );
        if (!isUndo) {
            const onClick = () => this.moveVisit(id, date, user_id, true);
            this.tell(_t("%s moved", visit.name), warnings, [{ name: _t("Undo"), onClick }]);
        }
    }

    /** One's own visit goes to another day with a reason, here as on the phone. */
    async askWhy(id, day) {
        const action = await this.orm.call("field.visit", "action_open_move", [[id], day]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    onPlanFor(ev) {
        this.state.planFor = Number(ev.target.value);
    }

    planChosen() {
        return this.plan([...this.state.chosen], this.state.planFor, this.state.day);
    }

    async plan(customers, person, day) {
        const { ids, skipped, warnings } = await this.change(() =>
            this.orm.call("field.visit", "action_plan_customers", [customers, person, day])
        );
        this.state.chosen.clear();
        this.redraw();
        const said = skipped
            ? [...warnings, _t("%s were planned there already", skipped)]
            : warnings;
        this.tell(_t("%s visits planned", ids.length), said);
    }

    /** Whatever the server says to it, afterwards the board shows what holds. */
    async change(call) {
        this.state.busy = true;
        try {
            return await call();
        } finally {
            await this.load();
            this.state.busy = false;
        }
    }

    tell(title, warnings, buttons = []) {
        const type = warnings.length ? "warning" : "success";
        const sticky = warnings.length > 0;
        const message = warnings.join(" ") || title;
        this.notification.add(message, {
            title: warnings.length ? title : undefined,
            type,
            sticky,
            buttons,
        });
    }
}

registry.category("actions").add("field_visit.plan_board", PlanBoard);
