import { readNumber } from "@field_base/number/number";

/**
 * Which questions of a form are asked, and what counts as an answer. Twin of tools/forms.py: both
 * are tested on static/tests/form_vectors.json. Without words, so that phone and desk share it.
 */

export function isEmpty(value) {
    return (
        value === undefined ||
        value === null ||
        value === "" ||
        (typeof value === "object" && !Object.keys(value).length)
    );
}

/** So many files an answer can have; such answers belong to one visit and are never prefilled. */
export const MOST_FILES = { photo: 10, signature: 1 };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const isNumeric = ({ kind }) => kind === "number" || kind === "price";

function holds(condition, shown, answers) {
    const asked = shown.get(condition.key);
    const value = answers[condition.key];
    if (!asked || isEmpty(value) || !CHECKS[asked.kind](asked, value)) {
        return false;
    }
    if (asked.kind === "yes_no") {
        return value === (condition.is === "yes");
    }
    if (isNumeric(asked)) {
        const { from, to } = condition;
        return (from ?? value) <= value && value <= (to ?? value);
    }
    return (Array.isArray(value) ? value : [value]).includes(condition.is);
}

/** The questions that are asked: a hidden one hides what hangs on it. */
export function visible(questions, answers) {
    const shown = new Map();
    for (const question of questions) {
        if (!question.if || holds(question.if, shown, answers)) {
            shown.set(question.key, question);
        }
    }
    return [...shown.values()];
}

const isDate = (value) =>
    /^\d{4}-\d\d-\d\d$/.test(value) && new Date(value).toJSON()?.slice(0, 10) === value;

const keysOf = (question) => (question.options || []).map(({ key }) => key);

const areFiles = ({ kind }, value) =>
    Array.isArray(value) &&
    value.length <= MOST_FILES[kind] &&
    new Set(value).size === value.length &&
    value.every((one) => UUID.test(one));

const MOST_LINES = 50;
const TABLES = ["lines", "matrix"];

/** What is no list and no other thing either. */
const isPlain = (value) => Object.prototype.toString.call(value) === "[object Object]";

function areCells({ columns }, cells) {
    const known = new Map(columns.map((column) => [column.key, column]));
    return (
        isPlain(cells) &&
        Object.entries(cells).every(([key, value]) => {
            const column = known.get(key);
            return column && !isEmpty(value) && CHECKS[column.kind](column, value);
        })
    );
}

const isLine = (question, line) =>
    isPlain(line) &&
    Object.keys(line).sort().join() === "cells,product_id" &&
    question.products.some(({ id }) => id === line.product_id) &&
    areCells(question, line.cells);

function isTick(cells) {
    const values = Object.values(cells);
    return values.length === 1 && values[0] === true;
}

function isMatrix(question, value) {
    const keys = question.rows.map(({ key }) => key);
    return (
        isPlain(value) &&
        Object.keys(value).every((key) => keys.includes(key)) &&
        Object.values(value).every(
            (cells) =>
                !isEmpty(cells) && areCells(question, cells) && (!question.single || isTick(cells))
        )
    );
}

/** A row that was begun has what it needs; what is required has all its rows. */
function isIncomplete({ kind, rows, columns, required, single }, value) {
    const wanted = kind === "matrix" && required ? rows : [];
    const begun =
        kind === "lines"
            ? value.map(({ cells }) => cells)
            : [...Object.values(value), ...wanted.map(({ key }) => value[key] || {})];
    const needed = single ? [] : columns.filter((column) => column.required);
    return begun.some((cells) => isEmpty(cells) || needed.some(({ key }) => !(key in cells)));
}

const CHECKS = {
    yes_no: (question, value) => typeof value === "boolean",
    number: (question, value) => Number.isFinite(value) && Math.abs(value) <= 1e12,
    price: (question, value) => Number.isFinite(value) && Math.abs(value) <= 1e12,
    text: (question, value) => typeof value === "string" && value.length <= 4000,
    date: (question, value) => typeof value === "string" && isDate(value),
    choice: (question, value) => keysOf(question).includes(value),
    multi: (question, value) =>
        Array.isArray(value) &&
        new Set(value).size === value.length &&
        value.every((key) => keysOf(question).includes(key)),
    barcode: (question, value) => typeof value === "string" && value.length <= 200,
    photo: areFiles,
    signature: areFiles,
    lines: (question, value) =>
        Array.isArray(value) &&
        value.length <= MOST_LINES &&
        value.every((line) => isLine(question, line)),
    matrix: isMatrix,
};

function problem(question, value) {
    if (isEmpty(value)) {
        return question.required ? "missing" : null;
    }
    if (!CHECKS[question.kind](question, value)) {
        return "wrong";
    }
    if (isNumeric(question)) {
        if (value < (question.min ?? value)) {
            return "low";
        }
        if (value > (question.max ?? value)) {
            return "high";
        }
    }
    if (TABLES.includes(question.kind) && isIncomplete(question, value)) {
        return "incomplete";
    }
    return null;
}

/** @returns {[string, string][]} `[key, "missing" | "incomplete" | "wrong" | "low" | "high"]` */
export function problems(questions, answers) {
    return visible(questions, answers)
        .map((question) => [question.key, problem(question, answers[question.key])])
        .filter(([, code]) => code);
}

/** Only the answers to questions that are asked. */
export function kept(questions, answers) {
    return Object.fromEntries(
        visible(questions, answers)
            .map(({ key }) => [key, answers[key]])
            .filter(([, value]) => !isEmpty(value))
    );
}

/**
 * Only the answers that these questions can have: a form may have changed since they were given,
 * and nobody could take back an option that does not stand there any more.
 */
export function fitting(questions, answers) {
    const asked = new Map(questions.map((question) => [question.key, question]));
    return Object.fromEntries(
        Object.entries(answers).filter(([key, value]) => {
            const question = asked.get(key);
            return question && !isEmpty(value) && CHECKS[question.kind](question, value);
        })
    );
}

/** UUIDs of the files that the answers name, in the order of the questions. */
export function files(questions, answers) {
    const given = kept(questions, answers);
    return questions
        .filter(({ kind }) => kind in MOST_FILES)
        .flatMap(({ key }) => given[key] || []);
}

function points(question, value) {
    if (isEmpty(value)) {
        return 0;
    }
    if (question.options) {
        const chosen = Array.isArray(value) ? value : [value];
        return question.options
            .filter(({ key }) => chosen.includes(key))
            .reduce((sum, option) => sum + (option.points || 0), 0);
    }
    return value === false ? 0 : question.points || 0;
}

function most(question) {
    const own = (question.options || []).map((option) => option.points || 0);
    if (question.kind === "choice") {
        return Math.max(0, ...own);
    }
    if (question.kind === "multi") {
        return own.filter((value) => value > 0).reduce((sum, value) => sum + value, 0);
    }
    return question.points || 0;
}

/** @returns {[number, number]} points and the most there could be */
export function score(questions, answers) {
    const asked = visible(questions, answers);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return [
        sum(asked.map((question) => points(question, answers[question.key]))),
        sum(asked.map(most)),
    ];
}

/** An option tapped: of several one, or any. */
export function choose(question, value, key) {
    if (question.kind === "choice") {
        return value === key ? null : key;
    }
    const chosen = value || [];
    return chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key];
}

/** What was typed into the field of a question, as its answer. */
export function typed(question, text) {
    if (!isNumeric(question)) {
        return text || null;
    }
    const value = readNumber(text);
    return Number.isNaN(value) ? null : value;
}

/** The cells of a row with one of them changed; what is empty is not kept. */
export function setCell(cells, key, value) {
    const all = Object.entries({ ...cells, [key]: value });
    return Object.fromEntries(all.filter(([, one]) => !isEmpty(one)));
}

/** The answer of a matrix after a tap or a letter into one of its cells. */
export function setInMatrix(question, value, row, column, cell) {
    const cells = (value || {})[row] || {};
    const tick = cells[column] ? {} : { [column]: true };
    return setCell(value, row, question.single ? tick : setCell(cells, column, cell));
}

/** The answer of product lines after a letter into one of their cells. */
export function setInLines(value, index, column, cell) {
    return value.map((line, i) =>
        i === index ? { ...line, cells: setCell(line.cells, column, cell) } : line
    );
}

/** One more line, with nothing but its product. */
export function addLine(value, product) {
    return [...(value || []), { product_id: product.id, cells: {} }];
}
