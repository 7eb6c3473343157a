import { describe, expect, test } from "@odoo/hoot";
import { asRead, readNumber } from "@field_base/number/number";

describe.current.tags("headless");

const READ = [
    ["3,5", 3.5],
    ["12,000", 12000],
    ["1,200.50", 1200.5],
    ["-1,234,567", -1234567],
    ["0,125", 0.125],
    ["1,20", 1.2],
    ["1,2000", 1.2],
    ["１２，０００", 12000],
    [" ", null],
    [undefined, null],
];

test("a comma parts thousands or decimals", () => {
    for (const [text, number] of READ) {
        expect(readNumber(text)).toBe(number, { message: `${text} is ${number}` });
    }
});

test("what is no number is none", () => {
    for (const text of ["many", "1,2,3", "1.200,50", "12,0000,000"]) {
        expect(readNumber(text)).toBe(NaN, { message: `${text} is no number` });
    }
});

test("a field that was left shows what was read", () => {
    expect(asRead("12,000")).toBe("12000");
    expect(asRead("many")).toBe("many");
    expect(asRead("")).toBe("");
});
