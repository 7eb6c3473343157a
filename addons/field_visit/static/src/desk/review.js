import { Component, onWillStart, useState } from "@odoo/owl";
import { PinMap } from "@field_base/position/pin_map";
import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * What is decided on each kind of item: the method for yes and the one for no (none where there is
 * nothing to refuse), with what they are called on the buttons.
 */
const DECISIONS = {
    visit: {
        accepted: { method: "action_review", args: (note) => ["accepted", note] },
        refused: { method: "action_review", args: (note) => ["refused", note] },
        yes: _t("Accept"),
        no: _t("Not accepted"),
        open: _t("Open the visit"),
    },
    pin: {
        accepted: { method: "action_accept" },
        widened: { method: "action_accept_with_fence" },
        refused: { method: "action_refuse" },
        yes: _t("Move the pin"),
        no: _t("Leave it"),
        open: _t("Open the proposal"),
    },
    habit: {
        accepted: { method: "action_close", args: (note) => [note] },
        yes: _t("Talked about"),
        open: _t("Open"),
    },
    photo: {
        accepted: { method: "action_seen" },
        yes: _t("Seen, no points"),
        open: _t("Open the visit"),
    },
};

/** What needs a second look, one after the other, with the keyboard. */
export class VisitReview extends Component {
    static template = "field_visit.Review";
    static components = { Layout, PinMap };
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
        useHotkey("f", () => this.item?.can_widen && this.decide("widened"), anywhere);
        useHotkey("x", () => this.decide("refused"), anywhere);
        useHotkey("o", () => this.open(), anywhere);
        useHotkey("n", () => this.nextKind(), anywhere);
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

    get decisions() {
        return DECISIONS[this.item.kind];
    }

    /** Kinds that wait, with how many and what they are called. */
    get kinds() {
        const names = {
            visit: _t("Visits"),
            pin: _t("Pins"),
            habit: _t("What stands out"),
            photo: _t("Photos to rate"),
        };
        return Object.entries(this.state.data.counts)
            .filter(([, count]) => count > 0)
            .map(([kind, count]) => ({ kind, count, name: names[kind] }));
    }

    get pinRecord() {
        return { data: this.item.pin };
    }

    keyOf({ kind, id }) {
        return `${kind}-${id}`;
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

    showKind(kind) {
        const index = this.items.findIndex((item) => item.kind === kind);
        if (index >= 0) {
            this.show(index);
        }
    }

    /** The first item of the next kind, and from the last one the first again. */
    nextKind() {
        const kinds = [...new Set(this.items.map(({ kind }) => kind))];
        if (kinds.length) {
            this.showKind(kinds[(kinds.indexOf(this.item.kind) + 1) % kinds.length]);
        }
    }

    async decide(verdict) {
        const decision = this.item && this.decisions[verdict];
        if (!decision || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { model, ids } = this.item;
            const args = decision.args?.(this.state.note) || [];
            await this.orm.call(model, decision.method, [ids, ...args]);
            await this.drop();
        } finally {
            this.state.busy = false;
        }
    }

    /** The item is done with; the next one takes its place. */
    async drop() {
        const { kind, photos } = this.item;
        this.state.data.counts[kind] -= kind === "photo" ? photos.length : 1;
        this.items.splice(this.state.at, 1);
        this.show(Math.max(0, Math.min(this.state.at, this.items.length - 1)));
        if (!this.items.length) {
            await this.load();
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
        } else if (this.item.kind === "photo" && this.item.photos.every((one) => one.rating)) {
            await this.drop();
        }
    }

    stars({ rating }) {
        return "★".repeat(Number(rating || 0));
    }

    open() {
        if (this.item) {
            const { kind, model, id } = this.item;
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: kind === "photo" ? "field.visit" : model,
                res_id: id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("actions").add("field_visit.review", VisitReview);
