/** Commas before groups of three digits only part them: 12,000 is twelve thousand; 0,125 is not. */
const PARTED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;

/** What is typed as a number: none when nothing is, NaN when it is no number. */
export function readNumber(text) {
    // also the wide digits and commas of a Chinese keyboard
    const clean = String(text ?? "")
        .normalize("NFKC")
        .trim();
    if (clean === "") {
        return null;
    }
    return Number(PARTED.test(clean) ? clean.replaceAll(",", "") : clean.replace(",", "."));
}

/** What stands in a field that was left: the number as it was read, so that nobody is misread. */
export function asRead(text) {
    const number = readNumber(text);
    return number === null || Number.isNaN(number) ? text : String(number);
}
