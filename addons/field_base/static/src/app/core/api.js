/** Calls of the server: no cookies, no redirects, a time limit, and JSON or it did not happen. */

import { config } from "./config";
import { countSent } from "./traffic";

const ROOT = "/field/api/v1";
const PATIENCE_MS = 30000;

/** The line is down, or somebody else answered (a hotspot's login page): try again later. */
export class NetworkProblem extends Error {
    constructor(message, retryAfter = 0) {
        super(message);
        this.retryAfter = retryAfter;
    }
}

/** The server's no, with its stable code. */
export class Refused extends Error {
    constructor(status, code, message) {
        super(message || code);
        this.status = status;
        this.code = code;
    }
}

async function readJson(response) {
    try {
        return await response.json();
    } catch {
        return null;
    }
}

function refuse(response, body) {
    const { status } = response;
    const wait = Number(response.headers.get("Retry-After")) || 0;
    const error = body?.error;
    if (!error || status >= 500) {
        throw new NetworkProblem(`HTTP ${status}`, wait);
    }
    throw new Refused(status, error.code, error.message);
}

/** @throws {NetworkProblem} when nobody answers */
async function request(url, { method, token, headers, body, patience }) {
    countSent(body);
    try {
        return await fetch(url, {
            method,
            body,
            credentials: "omit",
            redirect: "error",
            cache: "no-store",
            signal: AbortSignal.timeout(patience || PATIENCE_MS),
            headers: {
                "X-Field-App": config.app || "0",
                ...(config.db && { "X-Odoo-Database": config.db }),
                ...(token && { Authorization: `Bearer ${token}` }),
                ...headers,
            },
        });
    } catch (error) {
        throw new NetworkProblem(error.message);
    }
}

/**
 * @param {Object} options method, token, headers, body (text or bytes), patience
 * @returns {Promise<{body: Object, headers: Headers}>}
 */
export async function call(path, { method = "GET", ...options } = {}) {
    const response = await request(ROOT + path, { method, ...options });
    const answer = method === "HEAD" ? {} : await readJson(response);
    if (!response.ok) {
        refuse(response, answer);
    }
    if (answer === null || typeof answer !== "object") {
        throw new NetworkProblem("This is not our server's answer");
    }
    return { body: answer, headers: response.headers };
}

/**
 * Bytes `from` to `to` (both included) of a file of the server.
 *
 * @throws {NetworkProblem} also when something else than these bytes comes
 * @returns {Promise<Blob>}
 */
export async function fetchRange(url, { token, from, to, size }) {
    const headers = { Range: `bytes=${from}-${to}` };
    const response = await request(url, { token, headers, patience: 2 * PATIENCE_MS });
    if (!response.ok) {
        refuse(response, await readJson(response));
    }
    const blob = await response.blob();
    const told = response.headers.get("Content-Range") || `bytes 0-${size - 1}/${size}`;
    if (told !== `bytes ${from}-${to}/${size}` || blob.size !== to - from + 1) {
        throw new NetworkProblem("This is not the part that was asked for");
    }
    return blob;
}

/** To an address that says by its status alone whether it has taken something. */
export async function deliver(url, values, { token }) {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify(values);
    const response = await request(url, { method: "POST", token, headers, body });
    if (response.status === 401) {
        throw new Refused(401, "bad_token", "");
    }
    if (!response.ok || (await response.text())) {
        const wait = Number(response.headers.get("Retry-After")) || 0;
        throw new NetworkProblem(`HTTP ${response.status}`, wait);
    }
}

export async function post(path, values, options = {}) {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify(values);
    return (await call(path, { ...options, method: "POST", headers, body })).body;
}
