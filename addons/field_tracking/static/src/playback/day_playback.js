import {
    Component,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Layout } from "@web/search/layout";
import { useReasonToLook } from "@field_base/privacy/ask_reason";
import { dayClock, formatDistance, formatDuration } from "../common/format";
import { TrackMap } from "../common/track_map";
import { SPEEDS, usePlayer } from "./player";
import { Track } from "./track";

const COLORS = {
    track: "#3f7fd0",
    gap: "#8b95a1",
    customer: "#2a9d8f",
    elsewhere: "#5b6f8c",
    person: "#e2803c",
    start: "#58a04b",
    end: "#d4515e",
    inside: "#2a9d8f",
    maybe: "#c39a1c",
    outside: "#d4515e",
};
const STEP_S = 60;
const LONG_STEP_S = 600;

/** One person's day: timeline on the left, map with a moving person on the right. */
export class DayPlayback extends Component {
    static template = "field_tracking.DayPlayback";
    static components = { Layout, TrackMap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.withReason = useReasonToLook();
        this.list = useRef("list");
        this.display = { controlPanel: {} };
        this.speeds = SPEEDS;
        this.focusCount = 0;
        this.state = useState({ data: null, selected: null, focus: null });
        this.track = new Track([]);
        this.circleList = [];
        this.player = usePlayer(() => this.track);
        this.verdicts = {
            inside: _t("inside the fence"),
            maybe: _t("probably inside"),
            outside: _t("outside the fence"),
            unverifiable: _t("not verifiable"),
        };
        this.formatDistance = formatDistance;
        this.formatDuration = formatDuration;
        onWillStart(() => this.loadFirst());
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        useEffect(
            () => this.scrollToCurrent(),
            () => [this.currentItem?.key]
        );
    }

    // --- data ------------------------------------------------------------------------------
    async loadFirst() {
        const { params, context } = this.props.action;
        const isDay = context?.active_model === "field.track.day";
        const id = params?.day_id || (isDay && context.active_id) || (await this.findLatest());
        if (id) {
            await this.load(id);
        }
    }

    /** Opened by its address: the newest day the person may see. */
    async findLatest() {
        const [id] = await this.orm.search("field.track.day", [["fix_count", ">", 0]], {
            limit: 1,
            order: "date desc, id desc",
        });
        return id;
    }

    async load(id) {
        this.player.pause();
        const data = await this.withReason((reason) =>
            this.orm.call("field.track.day", "get_playback", [[id]], { reason })
        );
        if (!data) {
            return;
        }
        this.track = new Track(data.track);
        this.clock = dayClock(data.day.date, data.day.tz);
        this.rows = this.makeRows(data);
        this.lines = this.makeLines(data);
        this.places = this.makePlaces(data);
        this.state.data = data;
        this.state.selected = null;
        this.player.seek(this.track.start);
    }

    makeRows({ items, visits }) {
        const rows = items.map((item) => ({
            ...item,
            place: item.kind === "stay" ? [item.lat, item.lng] : item.from,
            since: this.clock(item.start),
            until: this.clock(item.end),
            duration: formatDuration(item.end - item.start),
            title: this.titleOf(item),
        }));
        const made = visits.filter(({ start }) => start !== false);
        rows.push(...made.map((visit) => this.makeVisitRow(visit)));
        return rows.sort((a, b) => a.start - b.start || a.end - b.end);
    }

    makeVisitRow(visit) {
        const end = visit.end || visit.start;
        return {
            ...visit,
            kind: "visit",
            key: `visit${visit.id}`,
            end,
            place: [visit.lat, visit.lng],
            since: this.clock(visit.start),
            until: this.clock(end),
            duration: visit.end ? formatDuration(end - visit.start) : _t("still there"),
            title: visit.partner,
            verdictLabel: this.verdicts[visit.verdict] || "",
        };
    }

    /** Planned and not made: they have no time, so they stand below the timeline. */
    get missed() {
        return this.state.data.visits.filter(({ start }) => start === false);
    }

    get plan() {
        const { plan } = this.state.data;
        return plan?.planned || plan?.unplanned ? plan : null;
    }

    openVisit(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "field.visit",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    titleOf(item) {
        if (item.kind === "stay") {
            const said = item.label && _t("said: %(label)s", { label: item.label });
            return [item.partner, said].filter(Boolean).join(" · ") || _t("Unknown place");
        }
        if (item.kind === "trip") {
            return formatDistance(item.distance_m);
        }
        return item.cause === "imprecise" ? _t("Positions too imprecise") : _t("No positions");
    }

    makeLines({ items }) {
        const gaps = items
            .filter(({ kind }) => kind === "gap")
            .map((gap) => ({
                points: [gap.from, gap.to],
                color: COLORS.gap,
                dashed: true,
                title: _t("No positions for %(duration)s: the way is unknown", {
                    duration: formatDuration(gap.end - gap.start),
                }),
            }));
        return [...gaps, ...this.track.lines({ color: COLORS.track, weight: 4 })];
    }

    makePlaces() {
        const stays = this.rows
            .filter(({ kind }) => kind === "stay")
            .map((stay) => ({
                id: stay.key,
                lat: stay.lat,
                lng: stay.lng,
                label: String(stay.number),
                color: this.stayColor(stay),
                title: `${stay.since}–${stay.until} · ${stay.title} · ${stay.duration}`,
            }));
        // a visit during a stay is seen in the stay's colour; its pin would hide the number
        const apart = this.rows.filter(
            (row) => row.kind === "visit" && (row.lat || row.lng) && !this.stayOf(row)
        );
        const visits = apart.map((visit) => ({
            id: visit.key,
            lat: visit.lat,
            lng: visit.lng,
            shape: "pin",
            color: COLORS[visit.verdict] || COLORS.elsewhere,
            title: [`${visit.since}–${visit.until}`, visit.title, visit.verdictLabel]
                .filter(Boolean)
                .join(" · "),
        }));
        stays.push(...visits);
        if (this.track.isEmpty) {
            return stays;
        }
        const { start, end } = this.track;
        const first = { ...this.track.at(start), id: "start", color: COLORS.start };
        const last = { ...this.track.at(end), id: "end", color: COLORS.end };
        first.title = _t("First position %(time)s", { time: this.clock(start) });
        last.title = _t("Last position %(time)s", { time: this.clock(end) });
        return [first, last, ...stays];
    }

    stayOf(visit) {
        const { start, end } = visit;
        return this.rows.find(
            (row) =>
                row.kind === "stay" && row.start <= Math.max(end, start + 1) && row.end >= start
        );
    }

    stayColor(stay) {
        const outside = this.rows.some(
            (row) => row.kind === "visit" && row.verdict === "outside" && this.stayOf(row) === stay
        );
        return (outside && COLORS.outside) || (stay.partner ? COLORS.customer : COLORS.elsewhere);
    }

    // --- what is shown ---------------------------------------------------------------------
    get day() {
        return this.state.data.day;
    }

    get time() {
        return this.player.state.time;
    }

    get timeLabel() {
        return this.clock(this.time);
    }

    get dateLabel() {
        return luxon.DateTime.fromISO(this.day.date).toLocaleString({
            weekday: "short",
            year: "numeric",
            month: "short",
            day: "numeric",
        });
    }

    get currentItem() {
        return this.rows?.find(
            ({ start, end, kind }) => kind !== "visit" && start <= this.time && this.time < end
        );
    }

    get markers() {
        const here = this.track.at(this.time);
        const moving = here.known && this.currentItem?.kind === "trip";
        const person = {
            id: "person",
            lat: here.lat,
            lng: here.lng,
            color: here.known ? COLORS.person : COLORS.gap,
            shape: moving ? "arrow" : "pin",
            course: moving ? Math.round(here.course / 5) * 5 : undefined,
            title: `${this.day.user} · ${this.timeLabel}`,
        };
        return [...this.places, person];
    }

    get circles() {
        const stay = this.rows.find(
            ({ key, kind }) => kind === "stay" && key === this.state.selected
        );
        if (this.circleOf !== stay) {
            this.circleOf = stay;
            this.circleList = stay
                ? [{ lat: stay.lat, lng: stay.lng, radius: stay.radius, color: COLORS.customer }]
                : [];
        }
        return this.circleList;
    }

    /** The strip under the slider: [left %, width %] of each item. */
    get segments() {
        const { start, end } = this.track;
        const span = Math.max(end - start, 1);
        return this.rows.map((row) => {
            const left = (100 * (Math.max(row.start, start) - start)) / span;
            const right = (100 * (Math.min(row.end, end) - start)) / span;
            return {
                key: row.key,
                className: row.kind === "stay" && row.partner ? "stay customer" : row.kind,
                style: `left: ${left}%; width: ${Math.max(right - left, 0.15)}%`,
            };
        });
    }

    get statusLabel() {
        const item = this.currentItem;
        if (!item) {
            return "";
        }
        if (item.kind === "trip") {
            const { kmh } = this.track.at(this.time);
            return kmh >= 0 ? _t("On the way, %(kmh)s km/h", { kmh }) : _t("On the way");
        }
        return item.title;
    }

    speedLabel(speed) {
        return _t("%(minutes)s min/s", { minutes: speed });
    }

    // --- what is done ----------------------------------------------------------------------
    select(row) {
        this.state.selected = row.key;
        this.player.seek(row.start);
        const [lat, lng] = row.place;
        this.state.focus = { lat, lng, key: `${row.key}:${++this.focusCount}` };
    }

    onMarkerClick(id) {
        const row = this.rows.find(({ key }) => key === id);
        if (row) {
            this.select(row);
        } else if (id === "start" || id === "end") {
            this.player.seek(this.track[id]);
        }
    }

    onSlide(ev) {
        this.player.seek(Number(ev.target.value));
    }

    onSpeed(ev) {
        this.player.state.speed = Number(ev.target.value);
    }

    jump(direction) {
        const rows = this.rows;
        const ahead = rows.find(({ start }) => start > this.time);
        const behind = rows.filter(({ start }) => start < this.time - 1).at(-1);
        const row = direction > 0 ? ahead : behind;
        if (row) {
            this.select(row);
        }
    }

    faster(step) {
        const { state } = this.player;
        const index = SPEEDS.indexOf(state.speed) + step;
        state.speed = SPEEDS[Math.min(Math.max(index, 0), SPEEDS.length - 1)];
    }

    onKeydown(ev) {
        const ignored = "input:not([type=range]), textarea, select, [contenteditable], .modal *";
        if (!this.state.data || this.track.isEmpty || ev.target.closest?.(ignored)) {
            return;
        }
        if (ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const step = ev.shiftKey ? LONG_STEP_S : STEP_S;
        const actions = {
            " ": () => this.player.toggle(),
            ArrowRight: () => this.player.seek(this.time + step),
            ArrowLeft: () => this.player.seek(this.time - step),
            ArrowDown: () => this.jump(1),
            ArrowUp: () => this.jump(-1),
            j: () => this.jump(1),
            k: () => this.jump(-1),
            "+": () => this.faster(1),
            "-": () => this.faster(-1),
            Home: () => this.player.seek(this.track.start),
            End: () => this.player.seek(this.track.end),
        };
        const pressesButton = ev.key === " " && ev.target.closest?.("button, a, [role=button]");
        if (actions[ev.key] && !pressesButton) {
            ev.preventDefault();
            ev.stopPropagation();
            actions[ev.key]();
        }
    }

    scrollToCurrent() {
        const row = this.list.el?.querySelector(".o_current");
        if (row && this.player.state.playing) {
            row.scrollIntoView({ block: "nearest", behavior: "smooth" });
        }
    }

    openFlags() {
        this.action.doActionButton({
            type: "object",
            name: "action_flags",
            resModel: "field.track.day",
            resId: this.day.id,
            resIds: [this.day.id],
        });
    }

    openDay() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "field.track.day",
            res_id: this.day.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("field_tracking.day_playback", DayPlayback);
