/**
 * The way of an open day, while the app is on the screen: a web page hears nothing of it in the
 * pocket. Asked for only where all of it is allowed: the policy's level, a day that is on and not
 * paused, consent, working time, and the phone's own permission. Positions wait in the phone's
 * database and go to the same place as those of tracker apps.
 */

import { reactive } from "@odoo/owl";
import { deliver } from "@field_base/app/core/api";
import { localDate } from "@field_base/app/core/clock";
import { isStorageFull } from "@field_base/app/core/database";
import { blurHome } from "@field_base/app/core/home";
import { mayLocate, needsConsent } from "@field_base/app/core/rules";
import { haversine } from "@field_base/map/geo";
import { registry } from "@web/core/registry";

const MOVED_M = 100;
const EVERY_MS = 60000;
/** Who has not moved for so long stands still: then the phone need not look closely. */
const STILL_MS = 180000;
const BATCH = 50;
const LOOK_MS = 15000;
const LEVELS = ["app", "continuous"];

/** The server knows a position by its phone and second. */
const secondOf = (ms) => Math.floor(ms / 1000);

/** What is recorded right now: `why` not (empty: it is), and when the last point was kept. */
export const trail = reactive({ why: "start", last: null });

/** Why nothing may be recorded now; empty when it may. */
export function whyNot({ me, day }, permission) {
    if (!LEVELS.includes(me?.policy?.tracking_level)) {
        return "policy";
    }
    if (needsConsent(me)) {
        return "consent";
    }
    if (day?.state !== "open" || day.date !== localDate()) {
        return "day";
    }
    if (day.paused) {
        return "pause";
    }
    if (!mayLocate(me)) {
        return "hours";
    }
    return permission === "granted" ? "" : "permission";
}

class Trail {
    constructor(app) {
        this.app = app;
        this.db = app.account.db;
        this.release = null;
        this.kept = null;
        this.anchor = null;
        this.still = this.usedStill = false;
        const judge = () => this.judge();
        this.state = reactive(app.state, judge);
        this.location = reactive(app.location.state, judge);
        document.addEventListener("visibilitychange", judge);
        setInterval(judge, LOOK_MS); // working time begins and ends without an event
        app.location.listen((fix, coords) => this.take(fix, coords));
        this.judge();
    }

    judge() {
        trail.why = whyNot(this.state, this.location.permission);
        const wanted = !trail.why && document.visibilityState === "visible";
        if (this.release && (!wanted || this.still !== this.usedStill)) {
            this.release();
            this.release = null;
        }
        if (wanted && !this.release) {
            this.usedStill = this.still;
            this.release = this.app.location.use(!this.still);
        }
        if (trail.why === "consent") {
            this.db.fixes.clear(); // withdrawn: what is not sent yet is not sent any more
        }
    }

    /** Moving or standing: a poor position alone is no movement. */
    follow(fix) {
        const { anchor } = this;
        const moved = anchor && haversine(anchor.lat, anchor.lng, fix.lat, fix.lng);
        if (!anchor || moved > MOVED_M + (fix.accuracy || 0)) {
            this.anchor = fix;
        }
        const still = fix.at - this.anchor.at >= STILL_MS;
        if (still !== this.still) {
            this.still = still;
            this.judge();
        }
    }

    /** A point each hundred metres or each minute, whichever comes first; one a second at most. */
    isNew({ lat, lng, at }) {
        const { kept } = this;
        return (
            !kept ||
            at - kept.at >= EVERY_MS ||
            (secondOf(at) > secondOf(kept.at) && haversine(kept.lat, kept.lng, lat, lng) >= MOVED_M)
        );
    }

    async take(fix, { altitude, speed, heading }) {
        if (this.release) {
            this.follow(fix);
        }
        if (!this.release || !this.isNew(fix)) {
            return;
        }
        this.kept = fix;
        const { lat, lng, accuracy, at } = blurHome(this.app.state.me, fix);
        const row = [Math.round(at), lat, lng, accuracy, altitude, speed, heading];
        try {
            await this.db.fixes.put({ ts: row[0], row });
            trail.last = at;
        } catch (error) {
            if (!isStorageFull(error)) {
                throw error;
            }
        }
    }
}

/** Oldest first; gone from the phone when the server has said yes. The same again does no harm. */
export async function sendFixes({ db, token }) {
    for (;;) {
        const fixes = await db.fixes.orderBy("ts").limit(BATCH).toArray();
        if (!fixes.length) {
            return;
        }
        const batch = { fixes: fixes.map(({ row }) => row), sent_at: Date.now() };
        await deliver("/field/track/app", batch, { token });
        await db.fixes.bulkDelete(fixes.map(({ ts }) => ts));
    }
}

registry.category("field_app.services").add("trail", (app) => new Trail(app));
registry.category("field_app.senders").add("trail", sendFixes);
