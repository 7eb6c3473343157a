/**
 * What is typed and not saved yet. It lies on this phone from the first letter on: a form that was
 * closed, or that went with the app, is offered again as it was left. The office never sees it.
 */

import { onWillStart, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { isStorageFull } from "./database";
import { useApp } from "./hooks";

const KIND = "draft";
const keyOf = (name) => `${KIND}:${name}`;

/** The names of the forms that were begun here and are not finished. */
export async function draftNames(db) {
    const keys = await db.docs.where("kind").equals(KIND).primaryKeys();
    return new Set(keys.map((key) => key.slice(KIND.length + 1)));
}

/** The access of a draft to some fields of a form. */
export function fieldsOf(form, names) {
    return {
        read: () => Object.fromEntries(names.map((name) => [name, form[name]])),
        write: (values) => void Object.assign(form, values),
    };
}

class Draft {
    constructor(app, { read, write }, state) {
        Object.assign(this, { app, read, write, state, last: Promise.resolve() });
    }

    /** What the form holds now, in one piece that can be compared. */
    get packed() {
        return JSON.stringify(this.read());
    }

    /**
     * The form is begun, empty as it is now; what was left of it the last time is filled in.
     *
     * @param {string} name what is written about, such as `step:<uuid of the visit>:<key>`
     */
    async open(name) {
        const { db } = this.app.account;
        const empty = this.packed;
        Object.assign(this.state, { name: "", since: 0 });
        this.wanted = name;
        await this.last;
        const doc = await db.docs.get(keyOf(name));
        if (this.wanted !== name) {
            return; // another form was opened meanwhile
        }
        Object.assign(this, { db, empty, kept: empty });
        if (doc && this.packed === empty) {
            this.write(doc.values);
            this.kept = this.packed;
            this.state.since = doc.changed;
        }
        this.state.name = name;
    }

    /** One write after the other, so that an older one never comes last. */
    keep() {
        const { db, packed } = this;
        const { name } = this.state;
        if (!name || packed === this.kept) {
            return;
        }
        this.kept = packed;
        const entity = keyOf(name);
        const isEmpty = packed === this.empty;
        this.last = this.last.then(() =>
            isEmpty ? db.docs.delete(entity) : this._put(db, entity, JSON.parse(packed))
        );
    }

    async _put(db, entity, values) {
        const changed = Date.now();
        const doc = { key: entity, kind: KIND, entity, values, changed };
        try {
            // the next sync takes away pictures of what is settled, and leaves what is unfinished
            await db.docs.put({ ...doc, unfinished: { values } });
        } catch (error) {
            if (!isStorageFull(error)) {
                throw error;
            }
            this.app.sayStorageFull();
        }
    }

    /** The form is closed: it is offered again. */
    close() {
        this.keep();
        this.wanted = "";
        Object.assign(this.state, { name: "", since: 0 });
    }

    /** It is saved for good, or given up. */
    async drop() {
        const { db } = this;
        const { name } = this.state;
        this.wanted = "";
        Object.assign(this.state, { name: "", since: 0 });
        if (name) {
            this.last = this.last.then(() => db.docs.delete(keyOf(name)));
        }
        await this.last;
    }

    /** Nothing of what was left is wanted. */
    afresh() {
        this.write(JSON.parse(this.empty));
        this.state.since = 0;
    }
}

/**
 * A form that is not lost when it is closed.
 *
 * @param {Object} access `{read, write}`, see `fieldsOf`; what it reads must be plain values
 * @param {string} [name] of a form that is open as long as its component is; the others are opened
 *     and closed by hand
 */
export function useDraft(access, name) {
    const draft = new Draft(useApp(), access, useState({ name: "", since: 0 }));
    if (name) {
        onWillStart(() => draft.open(name));
    }
    useEffect(
        () => draft.keep(),
        () => [draft.state.name, draft.packed]
    );
    onWillUnmount(() => draft.close());
    return draft;
}
