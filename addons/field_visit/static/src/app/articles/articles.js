/**
 * Articles of this phone: found without a network, suggested where they help, their files fetched
 * ahead of time and kept within a limit.
 */

import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { fold } from "@field_base/app/core/search";
import { registry } from "@web/core/registry";
import { FileShelf } from "../files";

const USED = "article_use";
const SUGGESTED = 3;

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

const shelf = new FileShelf({
    name: "article",
    meta: "article_files",
    mostBytes: 20 * 1024 * 1024,
    path: ({ id }) => `/articles/files/${id}`,
});

/** @returns {Promise<Blob>} from this phone, else from the office */
export function readFile(account, file) {
    return shelf.read(account, file);
}

/** In the office's order. */
async function fetchAhead(account) {
    const articles = await articlesOf(account.db);
    await shelf.keep(
        account,
        articles.flatMap(({ files }) => files)
    );
}

registry.category("field_app.senders").add("article_files", fetchAhead);
