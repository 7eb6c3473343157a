import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Visits that need a second look, one after the other, with the keyboard. */
export class VisitReview extends Component {
    static template = "field_visit.Review";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ data: null, at: 0, photo: 0, note: "", busy: false });
        onWillStart(() => this.load());
        const anywhere = { bypassEditableProtection: false };
        useHotkey("j", () => this.go(1), { ...anywhere, allowRepeat: true });
        useHotkey("k", () => this.go(-1), { ...anywhere, allowRepeat: true });
        useHotkey("a", () => this.decide("accepted"), anywhere);
        useHotkey("x", () => this.decide("refused"), anywhere);
        useHotkey("o", () => this.open(), anywhere);
        for (const rating of ["1", "2", "3", "4", "5"]) {
            useHotkey(rating, () => this.rate(rating), anywhere);
        }
    }

    async load() {
        this.state.data = await this.orm.call("field.visit", "get_review_queue", []);
        this.state.at = Math.max(0, Math.min(this.state.at, this.items.length - 1));
    }

    get items() {
        return this.state.data.items;
    }

    get item() {
        return this.items[this.state.at];
    }

    get photo() {
        return this.item?.photos[this.state.photo];
    }

    show(index) {
        Object.assign(this.state, { at: index, photo: 0, note: "" });
    }

    go(step) {
        const index = this.state.at + step;
        if (index >= 0 && index < this.items.length) {
            this.show(index);
        }
    }

    async decide(verdict) {
        if (!this.item || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { id } = this.item;
            await this.orm.call("field.visit", "action_review", [[id], verdict, this.state.note]);
            this.items.splice(this.state.at, 1);
            this.state.data.count--;
            this.show(Math.max(0, Math.min(this.state.at, this.items.length - 1)));
            if (!this.items.length) {
                await this.load();
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** The photo that is large gets its points; then comes the next one. */
    async rate(rating) {
        const { photo } = this;
        if (!photo) {
            return;
        }
        await this.orm.call("field.visit.photo", "action_rate", [[photo.id], rating]);
        photo.rating = rating;
        if (this.state.photo < this.item.photos.length - 1) {
            this.state.photo++;
        }
    }

    stars({ rating }) {
        return "★".repeat(Number(rating || 0));
    }

    open() {
        if (this.item) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "field.visit",
                res_id: this.item.id,
                views: [[false, "form"]],
            });
        }
    }

    openPins() {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Pins to decide"),
            res_model: "field.pin.proposal",
            domain: [["state", "=", "open"]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("field_visit.review", VisitReview);
