/** Words: English is the source, other languages are tables made from the modules' .po files. */

import { config } from "./config";

export const LANGUAGES = { en_US: "English", zh_CN: "简体中文" };

const state = { lang: "en_US", table: {} };

export function lang() {
    return state.lang;
}

/** As the browser and `Intl` write it. */
export function locale() {
    return state.lang.replace("_", "-");
}

/** The language to start with, when nobody has chosen one yet. */
export function browserLanguage() {
    return /^zh/i.test(navigator.language || "") ? "zh_CN" : "en_US";
}

export async function loadWords(code) {
    const chosen = code in LANGUAGES ? code : "en_US";
    const url = config.words?.[chosen];
    state.table = url ? await (await fetch(url)).json() : {};
    state.lang = chosen;
    document.documentElement.lang = locale();
}

/**
 * @param {string} text English, with `%(name)s` or `%s` where values go
 * @param {...any} values one object with names, or the values in their order
 */
export function _t(text, ...values) {
    const found = state.table[text] || text;
    const [first] = values;
    if (first && typeof first === "object") {
        return found.replace(/%\((\w+)\)s/g, (whole, name) => first[name] ?? whole);
    }
    return values.reduce((done, value) => done.replace("%s", () => value), found);
}

/** For OWL: texts of templates. White space around a text belongs to the layout. */
export function translateTemplate(text) {
    const word = text.trim();
    return word ? text.replace(word, () => _t(word)) : text;
}
