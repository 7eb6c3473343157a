/**
 * Articles of this phone: found without a network, suggested where they help, their files fetched
 * ahead of time and kept within a limit.
 */

import { call } from "@field_base/app/core/api";
import { getMeta, setMeta } from "@field_base/app/core/database";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { fold } from "@field_base/app/core/search";
import { readTraffic, whyFilesWait } from "@field_base/app/core/traffic";
import { registry } from "@web/core/registry";

const USED = "article_use";
/** Which files lie here, and which version of each: `{id: sum}`. */
const SHELF = "article_files";
/** All files together; what comes first in the office's order stays. */
export const MOST_BYTES = 20 * 1024 * 1024;
/** So many at a time: the events of the day are more urgent. */
const AT_ONCE = 3;
const SUGGESTED = 3;

const bytesOf = (id) => `article-${id}`;
const concerns = (ids, id) => !ids?.length || ids.includes(id);
const inOrder = (a, b) => a.sequence - b.sequence || a.id - b.id;

/** In the office's order, with the names of their tags. */
export async function articlesOf(db) {
    const [articles, tags] = await Promise.all([
        rowsOf(db, "articles"),
        rowsOf(db, "article_tags"),
    ]);
    const names = new Map(tags.map(({ id, name }) => [id, name]));
    return articles
        .map((one) => ({ ...one, tags: one.tag_ids.map((id) => names.get(id)).filter(Boolean) }))
        .sort(inOrder);
}

/** What an article is found by, made once. */
export function indexOf(articles) {
    return articles.map((article) => {
        const { name, keywords, tags, products, rivals, blocks } = article;
        const named = [...products, ...rivals].map((one) => one.name);
        return {
            article,
            name: fold(name),
            words: fold([keywords, ...tags, ...named].join(" ")),
            text: fold(blocks.map(({ text }) => text).join(" ")),
        };
    });
}

/** Better first: the title says it, its words do, the text does; all of them without a query. */
export function search(index, query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const worth = (word, { name, words: more, text }) =>
        name.includes(word) ? 3 : more.includes(word) ? 2 : text.includes(word) ? 1 : 0;
    return index
        .map((entry) => ({ entry, worth: words.map((word) => worth(word, entry)) }))
        .filter(({ worth: found }) => !found.includes(0))
        .sort((a, b) => Math.max(0, ...b.worth) - Math.max(0, ...a.worth))
        .map(({ entry }) => entry.article);
}

// --- where an article helps ----------------------------------------------------------------------

/** Why an article helps in a visit: `{worth, why}`, or null where it does not. */
function judge(article, { customer, standard, steps }) {
    const { grade_ids: grades, channel_ids: channels, products, rivals } = article;
    if (
        !concerns(grades, customer.field_grade_id) ||
        !concerns(channels, customer.field_channel_id)
    ) {
        return null;
    }
    const seen = new Set(steps.flatMap(({ lines }) => (lines || []).map((line) => line.rival_id)));
    const rival = rivals.find(({ id }) => seen.has(id));
    if (rival) {
        return { worth: 3, why: _t("Seen here: %(product)s", { product: rival.name }) };
    }
    const shelf = new Set((standard?.lines || []).map(({ product_id }) => product_id));
    const product = products.find(({ id }) => shelf.has(id));
    if (product) {
        return { worth: 2, why: _t("On the shelf: %(product)s", { product: product.name }) };
    }
    if (rivals.length || products.length) {
        return null;
    }
    const isChosen = grades.length || channels.length;
    return { worth: isChosen ? 1 : 0, why: isChosen ? _t("For customers like this one") : "" };
}

/** The few articles that help in this visit, each with why. */
export function suggestionsFor(articles, visit) {
    return articles
        .map((article) => ({ ...article, ...judge(article, visit) }))
        .filter(({ worth }) => worth !== undefined)
        .sort((a, b) => b.worth - a.worth || inOrder(a, b))
        .slice(0, SUGGESTED);
}

/** Ids of the articles that were used in a visit, those of this phone at once. */
export async function usedIn(db, visit) {
    const docs = await db.docs.where("kind").equals(USED).toArray();
    const here = docs.filter(({ entity }) => entity === visit.uuid).map(({ article }) => article);
    return new Set([...(visit.articles || []), ...here]);
}

export function useArticle(app, visit, article) {
    return app.record(
        "article.used",
        { visit_uuid: visit.uuid, article_id: article.id, version: article.version },
        {
            entity: visit.uuid,
            label: _t("Used · %(article)s", { article: article.name }),
            change: (db) =>
                db.docs.put({
                    key: `${USED}:${visit.uuid}:${article.id}`,
                    kind: USED,
                    entity: visit.uuid,
                    article: article.id,
                    changed: Date.now(),
                }),
        },
        _t("Noted for this visit")
    );
}

// --- files ---------------------------------------------------------------------------------------

/** Which files come next and which go, when these articles are on the phone and these files too. */
export function planFiles(articles, shelf) {
    let room = MOST_BYTES;
    const kept = new Map();
    for (const file of articles.flatMap(({ files }) => files).filter((one) => one.offline)) {
        if (file.size <= room) {
            room -= file.size;
            kept.set(file.id, file.sum);
        }
    }
    const here = Object.keys(shelf).map(Number);
    return {
        fetch: [...kept.keys()].filter((id) => shelf[id] !== kept.get(id)).slice(0, AT_ONCE),
        drop: here.filter((id) => !kept.has(id)),
    };
}

/** @returns {Promise<Blob>} from the office; kept when it is to lie here */
async function fetchFile({ db, token }, { id, offline }) {
    const { body } = await call(`/articles/files/${id}`, { token });
    const data = Uint8Array.from(atob(body.data), (letter) => letter.charCodeAt(0)).buffer;
    if (offline) {
        await db.transaction("rw", ["bytes", "meta"], async () => {
            await db.bytes.put({ uuid: bytesOf(id), data });
            await setMeta(db, SHELF, { ...(await getMeta(db, SHELF, {})), [id]: body.sum });
        });
    }
    return new Blob([data], { type: body.type });
}

async function dropFiles(db, ids) {
    await db.transaction("rw", ["bytes", "meta"], async () => {
        const shelf = await getMeta(db, SHELF, {});
        const left = Object.entries(shelf).filter(([id]) => !ids.includes(Number(id)));
        await setMeta(db, SHELF, Object.fromEntries(left));
        await db.bytes.bulkDelete(ids.map(bytesOf));
    });
}

/** @returns {Promise<Blob>} from this phone, else from the office */
export async function readFile(account, file) {
    const { db } = account;
    const shelf = await getMeta(db, SHELF, {});
    const found = shelf[file.id] === file.sum && (await db.bytes.get(bytesOf(file.id)));
    return found ? new Blob([found.data], { type: file.type }) : fetchFile(account, file);
}

async function fetchAhead(account) {
    const { db } = account;
    const [articles, shelf] = await Promise.all([articlesOf(db), getMeta(db, SHELF, {})]);
    const plan = planFiles(articles, shelf);
    if (plan.drop.length) {
        await dropFiles(db, plan.drop);
    }
    if (!plan.fetch.length || whyFilesWait(account, await readTraffic(db))) {
        return;
    }
    try {
        for (const id of plan.fetch) {
            await fetchFile(account, { id, offline: true });
        }
    } catch {
        // a paper is a convenience: it comes with the next round, and holds up nothing that counts
    }
}

registry.category("field_app.senders").add("article_files", fetchAhead);
