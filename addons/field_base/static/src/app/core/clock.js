/**
 * The phone's clock is evidence, the server's is the truth. Events carry the phone's time as it
 * is; what is shown is corrected by what the last answer told.
 */

import { _t } from "./i18n";
import { uuid7 } from "./ids";

let offsetMs = 0;

export function setClockOffset(ms) {
    offsetMs = Number.isFinite(ms) && Math.abs(ms) > 5000 ? ms : 0;
}

export function clockOffset() {
    return offsetMs;
}

/** This life of the page: only within it the steady clock can be compared. */
const RUN = uuid7();

/** A clock that nobody can set, beside the one that everybody can. */
export function steadyNow() {
    return { run: RUN, mono_ms: Math.round(performance.now()) };
}

/** What the server's clock would say now. */
export function serverNow() {
    return new Date(Date.now() + offsetMs);
}

/** How far the server is ahead, from one request: the answer was written half-way. */
export function offsetFrom(serverTime, sentAt, receivedAt) {
    return Date.parse(serverTime) - (sentAt + receivedAt) / 2;
}

/** Odoo writes UTC as "2026-11-23 09:41:07". */
export function parseServer(text) {
    return text ? new Date(`${text.replace(" ", "T").replace(/Z$/, "")}Z`) : null;
}

let zone = null;

/**
 * A person's days are counted in his own time zone, on the server and here, wherever the phone has
 * travelled to.
 *
 * @param {string} [name] of the zone; the phone's own is used without one, or when it knows none
 *     of that name
 */
export function setZone(name) {
    zone = null;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!name || name === own) {
        return;
    }
    const number = "numeric";
    const date = { year: number, month: number, day: number };
    try {
        zone = new Intl.DateTimeFormat("en-US", {
            ...{ ...date, hour: number, minute: number },
            hourCycle: "h23",
            timeZone: name,
        });
    } catch (error) {
        if (!(error instanceof RangeError)) {
            throw error;
        }
    }
}

/** What calendar and clock on the person's wall show. */
function wallOf(moment) {
    const date = new Date(moment);
    if (!zone) {
        return {
            year: date.getFullYear(),
            month: date.getMonth() + 1,
            day: date.getDate(),
            weekday: date.getDay(),
            hour: date.getHours(),
            minute: date.getMinutes(),
        };
    }
    const parts = zone.formatToParts(date).map(({ type, value }) => [type, Number(value)]);
    const wall = Object.fromEntries(parts);
    const weekday = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
    return { ...wall, weekday };
}

/** The person's day as Odoo writes dates. */
export function localDate(moment = serverNow()) {
    const { year, month, day } = wallOf(moment);
    return `${year}-${pad(month)}-${pad(day)}`;
}

const pad = (number) => String(number).padStart(2, "0");

/*
 * Written by hand: the browser's own words for a date cost a tenth of a second of a slow phone's
 * start, for the tables they load.
 */
const weekdays = () => [
    _t("Sun"),
    _t("Mon"),
    _t("Tue"),
    _t("Wed"),
    _t("Thu"),
    _t("Fri"),
    _t("Sat"),
];
const months = () => [
    _t("Jan"),
    _t("Feb"),
    _t("Mar"),
    _t("Apr"),
    _t("May"),
    _t("Jun"),
    _t("Jul"),
    _t("Aug"),
    _t("Sep"),
    _t("Oct"),
    _t("Nov"),
    _t("Dec"),
];

function dayParts(moment) {
    const { weekday, month, day } = wallOf(moment);
    return { weekday: weekdays()[weekday], month: months()[month - 1], day };
}

export function formatTime(moment) {
    const { hour, minute } = wallOf(moment);
    return `${pad(hour)}:${pad(minute)}`;
}

export function formatDay(moment) {
    return _t("%(weekday)s, %(month)s %(day)s", dayParts(moment));
}

/** @param {string} date as Odoo writes it: the same day everywhere */
export function formatDate(date) {
    const [year, month, day] = date.split("-").map(Number);
    const weekday = weekdays()[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
    return _t("%(weekday)s, %(month)s %(day)s", { weekday, month: months()[month - 1], day });
}

export function formatMoment(moment) {
    const date = new Date(moment);
    const today = localDate(date) === localDate();
    const day = _t("%(month)s %(day)s", dayParts(date));
    return today ? formatTime(date) : `${day} ${formatTime(date)}`;
}

/** A planned time: Odoo keeps hours as a number. */
export function formatHour(hours) {
    const minutes = Math.round((hours || 0) * 60);
    return minutes ? `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}` : "";
}
