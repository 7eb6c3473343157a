// @odoo-module ignore
/* global FIELD_CONFIG */
/**
 * The app without a network. `FIELD_CONFIG` is put in front by the server.
 *
 * Everything a start needs is fetched at once, under one version, or not at all: a half-new app is
 * worse than an old one. Calls of the API are never touched and never kept.
 */

const PREFIX = "field-app-";
const FIRST = `${PREFIX}${FIELD_CONFIG.version}`;
const LATER = `${PREFIX}later`;

/** An old address of a bundle answers with a redirect to the new one: that is another version. */
async function fetchExactly(url, cache = "reload") {
    const response = await fetch(url, { cache, credentials: "omit" });
    if (!response.ok || response.redirected) {
        throw new Error(`${url} is not the one this version was made of`);
    }
    return response;
}

async function isOfThisVersion(shell) {
    return (await shell.clone().text()).includes(FIELD_CONFIG.version);
}

async function install() {
    const cache = await caches.open(FIRST);
    try {
        const shell = await fetchExactly(FIELD_CONFIG.shell);
        if (!(await isOfThisVersion(shell))) {
            throw new Error("The page is of another version");
        }
        const urls = FIELD_CONFIG.first;
        const responses = await Promise.all(urls.map((url) => fetchExactly(url)));
        await Promise.all(urls.map((url, i) => cache.put(url, responses[i])));
        await cache.put(FIELD_CONFIG.shell, shell);
    } catch (error) {
        await caches.delete(FIRST);
        throw error;
    }
}

/**
 * The map and the scanner come when there is time; each by itself, without haste. What was asked for
 * has mostly just come to the page, and is taken from the browser's own memory.
 */
async function fetchLater(urls, how) {
    const cache = await caches.open(LATER);
    for (const url of urls) {
        if (!(await cache.match(url))) {
            try {
                await cache.put(url, await fetchExactly(url, how));
            } catch {
                return false; // no network: the page asks again
            }
        }
    }
    return true;
}

/** Only our own: other workers of this server keep caches beside ours. */
async function cleanUp() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && ![FIRST, LATER].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    const cache = await caches.open(LATER);
    for (const request of await cache.keys()) {
        const { pathname, search } = new URL(request.url);
        if (![...FIELD_CONFIG.later, ...FIELD_CONFIG.asked].includes(pathname + search)) {
            await cache.delete(request);
        }
    }
}

async function answer(request) {
    const url = new URL(request.url);
    const key = request.mode === "navigate" ? FIELD_CONFIG.shell : url.pathname + url.search;
    const first = await caches.open(FIRST);
    const later = await caches.open(LATER);
    const kept = (await first.match(key)) || (await later.match(key));
    if (kept || !FIELD_CONFIG.asked.includes(key)) {
        return kept || fetch(request);
    }
    const response = await fetchExactly(key, "default");
    await later.put(key, response.clone());
    return response;
}

function isOurs(request) {
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return false;
    }
    if (request.mode === "navigate") {
        return url.pathname === FIELD_CONFIG.shell;
    }
    const key = url.pathname + url.search;
    return ["first", "later", "asked"].some((name) => FIELD_CONFIG[name].includes(key));
}

self.addEventListener("install", (ev) => ev.waitUntil(install()));
self.addEventListener("activate", (ev) => ev.waitUntil(cleanUp().then(() => self.clients.claim())));
self.addEventListener("fetch", (ev) => {
    if (isOurs(ev.request)) {
        ev.respondWith(answer(ev.request));
    }
});
self.addEventListener("message", (ev) => {
    if (ev.data === "apply") {
        self.skipWaiting();
    } else if (ev.data === "later") {
        ev.waitUntil(fetchLater(FIELD_CONFIG.later));
    } else if (ev.data === "asked") {
        ev.waitUntil(fetchLater(FIELD_CONFIG.asked, "default"));
    }
});
async function tellPages(word) {
    const pages = await self.clients.matchAll({ type: "window" });
    pages.forEach((page) => page.postMessage(word));
    return pages;
}

/** A message waits at the office. The push has no word of it: the page fetches it. */
async function tellOfMessage({ title, options } = {}) {
    await tellPages("sync");
    await self.registration.showNotification(title || "Odoo", {
        ...options,
        tag: "field-message",
        renotify: true,
        icon: "/field_base/static/img/app-192.png",
    });
}

async function openMessages() {
    const [page] = await tellPages("news");
    return page ? page.focus() : self.clients.openWindow(`${FIELD_CONFIG.shell}#/news`);
}

self.addEventListener("push", (ev) => ev.waitUntil(tellOfMessage(ev.data?.json())));
self.addEventListener("notificationclick", (ev) => {
    ev.notification.close();
    ev.waitUntil(openMessages());
});
/** Where the phone wakes us up when the network is back (Android): the page does the sending. */
self.addEventListener("sync", (ev) => {
    ev.waitUntil(tellPages("sync"));
});
