/**
 * The service worker and its updates. A new version is fetched beside the running one and takes over
 * only when the person says so: never in the middle of a visit.
 */

let waiting = null;
let applying = false;

export async function watchUpdates(app) {
    if (!navigator.serviceWorker) {
        return;
    }
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
        if (data === "sync") {
            app.sync?.soon();
        } else if (data === "news") {
            app.router.go("news");
        }
    });
    navigator.serviceWorker.addEventListener("controllerchange", () => {
        if (applying || (waiting && document.visibilityState === "hidden")) {
            location.reload();
        }
    });
    try {
        const registration = await navigator.serviceWorker.register("/field/sw.js", {
            scope: "/field/",
            updateViaCache: "none",
        });
        follow(app, registration);
    } catch {
        return; // no secure context, or no network at the first start
    }
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage("later");
    document.body.dataset.worker = "ready";
}

function follow(app, registration) {
    const note = (worker) => {
        if (worker?.state === "installed" && navigator.serviceWorker.controller) {
            waiting = worker;
            app.state.update = true;
        }
    };
    note(registration.waiting);
    registration.addEventListener("updatefound", () => {
        const worker = registration.installing;
        worker.addEventListener("statechange", () => note(worker));
    });
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && navigator.onLine) {
            registration.update().catch(() => {});
        }
    });
}

export function applyUpdate() {
    applying = true;
    waiting?.postMessage("apply");
}
