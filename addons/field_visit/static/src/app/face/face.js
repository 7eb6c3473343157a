/**
 * The portrait's numbers on this phone. They lie encrypted in the person's own database (see
 * sealing.js), in no event, no log and no other place, and go with the database.
 */

import { observe } from "@field_base/app/core/database";
import { _t } from "@field_base/app/core/i18n";
import { readMe } from "@field_base/app/core/rules";
import { registry } from "@web/core/registry";
import { distanceOf } from "@field_visit/face/face_logic";
import { modelName } from "./engine";

const PORTRAIT = "face:portrait";
const CONSENT = "face:consent";
/** What belongs together waits together. */
const ENTITY = "face";

/** The portrait has no `changed`: it is no picture of what the server has, and is never replaced. */
const portraitOf = (numbers) => ({
    key: PORTRAIT,
    kind: PORTRAIT,
    numbers,
    model: modelName(),
    at: new Date().toISOString(),
});

/**
 * What this phone knows of the face match of its person; without the numbers.
 *
 * @returns {Promise<{isOffered, isValid, version, sections, portrait: string|null}>} `portrait` is
 *     since when there is one that can be compared
 */
export async function readFace(db) {
    const [me, consent, portrait] = [
        await readMe(db),
        await db.docs.get(CONSENT),
        await db.docs.get(PORTRAIT),
    ];
    const isValid = Boolean(consent ? consent.valid : me?.face?.valid);
    return {
        isKnown: Boolean(me),
        isOffered: Boolean(me?.face),
        isValid,
        version: me?.face?.version,
        sections: me?.face?.sections || [],
        hasPortrait: Boolean(portrait),
        portrait: isValid && portrait?.model === modelName() ? portrait.at : null,
    };
}

/** How far a face is from the portrait; Infinity where there is none of this model. */
export async function compare(db, numbers) {
    const portrait = await db.docs.get(PORTRAIT);
    return portrait?.model === modelName() ? distanceOf(portrait.numbers, numbers) : Infinity;
}

function keepConsent(valid) {
    return (db) =>
        db.docs.put({ key: CONSENT, kind: CONSENT, entity: ENTITY, valid, changed: Date.now() });
}

/** A consent to this and nothing else. */
export function agree(app, version, name) {
    const about = { entity: ENTITY, label: _t("Consent to face match"), change: keepConsent(true) };
    return app.record("consent.sign", { version, name, topic: "face" }, about, _t("Signed"));
}

/** The office is told that there is a portrait, not what it looks like. */
export function enrol(app, numbers) {
    const change = (db) => db.docs.put(portraitOf(numbers));
    const about = { entity: ENTITY, label: _t("Face match set up"), change };
    return app.record("face.enrol", { model: modelName() }, about, _t("Saved on this phone"));
}

/** Deleted first, and in the same breath said. */
export function withdraw(app) {
    const erased = {
        kind: "face.erase",
        payload: {},
        entity: ENTITY,
        label: _t("Portrait deleted"),
        change: (db) => db.docs.delete(PORTRAIT),
    };
    const withdrawn = {
        kind: "consent.withdraw",
        payload: { topic: "face" },
        entity: ENTITY,
        label: _t("Consent withdrawn"),
        change: keepConsent(false),
    };
    return app.recordAll([withdrawn, erased], _t("The portrait is deleted"));
}

/** Withdrawn in Odoo, or the text has changed: what the consent was for goes at once. */
async function eraseWithoutConsent(app, face) {
    if (!face.isKnown || face.isValid || !face.hasPortrait) {
        return;
    }
    await app.record(
        "face.erase",
        {},
        {
            entity: ENTITY,
            label: _t("Portrait deleted"),
            change: (db) => db.docs.delete(PORTRAIT),
        }
    );
}

registry.category("field_app.services").add("face", (app) => {
    const next = (face) => eraseWithoutConsent(app, face);
    app.subscriptions.push(observe(() => readFace(app.account.db), next));
});
