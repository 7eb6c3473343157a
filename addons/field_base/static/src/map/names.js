/** Short forms of names and numbers, for markers. */

const HAN = /\p{Script=Han}/u;

/**
 * What stands in the marker of a person: the name itself when it has two Chinese characters, the
 * last two of a longer one (the given name), the first letters of the first and the last word of
 * any other name. In a name written both ways the Chinese one counts.
 *
 * @param {string} name
 * @returns {string}
 */
export function initials(name) {
    const chars = [...(name || "").trim()];
    const han = chars.filter((char) => HAN.test(char));
    if (han.length) {
        return han.slice(-2).join("");
    }
    const words = chars
        .join("")
        .split(/[\s.·_-]+/u)
        .filter((word) => /[\p{L}\p{N}]/u.test(word));
    const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
    return chosen
        .map((word) => [...word].find((char) => /[\p{L}\p{N}]/u.test(char)))
        .join("")
        .toUpperCase();
}

/** @returns {string} "zh-CN": of the web client, which tells luxon, or of the phone app's page */
export function language() {
    return globalThis.luxon?.Settings.defaultLocale || document.documentElement.lang || "en";
}

/**
 * @param {number} number
 * @returns {string} as short as people write it: "1.2K", in Chinese "1.2万"
 */
export function compactNumber(number) {
    return new Intl.NumberFormat(language(), {
        notation: "compact",
        maximumFractionDigits: 1,
    }).format(number);
}
