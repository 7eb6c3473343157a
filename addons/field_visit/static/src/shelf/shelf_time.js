import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Swipe } from "./swipe";

/** One shelf of a customer over time: its photos side by side, arrows go from one to the next. */
export class ShelfTime extends Component {
    static template = "field_visit.ShelfTime";
    static components = { Layout, Swipe };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.strip = useRef("strip");
        this.state = useState({ data: null, key: "", at: 0, swipe: false, old: 0 });
        onWillStart(() => this.load());
        const often = { allowRepeat: true, bypassEditableProtection: false };
        useHotkey("arrowleft", () => this.go(-1), often);
        useHotkey("arrowright", () => this.go(1), often);
        useEffect(
            () => this.showChosen(),
            () => [this.state.at, this.state.key]
        );
    }

    async load() {
        const { active_id: id } = this.props.action.context;
        // opened by its bare address it is about nobody
        this.state.data = id
            ? await this.orm.call("res.partner", "get_field_shelf_time", [id])
            : { name: _t("No customer is chosen"), days: 90, shelves: [] };
        this.choose(this.state.data.shelves[0]?.key ?? "");
    }

    get shelf() {
        return this.state.data.shelves.find(({ key }) => key === this.state.key);
    }

    get photos() {
        return this.shelf?.photos || [];
    }

    /** One begins with how the shelf looks now. */
    choose(key) {
        Object.assign(this.state, { key, old: 0 });
        this.state.at = Math.max(0, this.photos.length - 1);
    }

    go(step) {
        const at = this.state.at + step;
        if (at >= 0 && at < this.photos.length) {
            this.state.at = at;
        }
    }

    get chosen() {
        return this.photos[this.state.at];
    }

    /** What the chosen one is compared with: what one says, else the reference, else the one before. */
    get old() {
        const others = this.photos.filter((photo) => photo !== this.chosen);
        const before = this.photos[this.state.at - 1];
        return (
            others.find(({ id }) => id === this.state.old) ||
            others.find((photo) => photo.is_reference) ||
            before ||
            others[0]
        );
    }

    toggleSwipe() {
        this.state.swipe = !this.state.swipe;
    }

    chooseOld(ev) {
        this.state.old = Number(ev.target.value);
    }

    picture({ attachment_id: id }, width) {
        return `/web/image/${id}?width=${width}`;
    }

    /** The one that is chosen has the focus, so that Enter opens its visit. */
    showChosen() {
        const chosen = this.strip.el?.querySelector("[aria-current=true]");
        chosen?.scrollIntoView({ block: "nearest", inline: "center" });
        chosen?.focus({ preventScroll: true });
    }

    tip(at) {
        const isNext = this.state.swipe && at !== this.state.at;
        return isNext ? _t("Compare this one") : _t("Open the visit");
    }

    when({ taken_at: at }) {
        return formatDateTime(deserializeDateTime(at), { showSeconds: false });
    }

    stars({ rating }) {
        return "★".repeat(rating);
    }

    /** While two are compared, a photo is chosen first and opened then. */
    tap(photo) {
        const at = this.photos.indexOf(photo);
        if (this.state.swipe && at !== this.state.at) {
            this.state.at = at;
        } else {
            this.open(photo);
        }
    }

    open({ visit_id: id }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "field.visit",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("field_visit.shelf_time", ShelfTime);
