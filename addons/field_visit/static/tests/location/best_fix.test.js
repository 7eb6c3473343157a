import { describe, expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";

import { bestFix } from "@field_visit/location/best_fix";

describe.current.tags("headless");

/** A geolocation whose fixes and errors the test sends. */
function makeDevice() {
    const device = {
        watching: 0,
        watchPosition(onFix, onError) {
            device.watching++;
            device.fix = (accuracy, lat = 31) =>
                onFix({
                    coords: { latitude: lat, longitude: 121, accuracy },
                    timestamp: Date.now(),
                });
            device.fail = (code) => onError({ code });
            return 7;
        },
        clearWatch() {
            device.watching--;
        },
    };
    return device;
}

test("stops at the first fix that is good enough", async () => {
    const device = makeDevice();
    const seen = [];
    const found = bestFix({ geolocation: device, onFix: (fix) => seen.push(fix.accuracy) });
    device.fix(800);
    device.fix(900);
    device.fix(12, 31.5);
    expect((await found).lat).toBe(31.5);
    expect(seen).toEqual([800, 12]);
    expect(device.watching).toBe(0);
});

test("takes the best there is when patience ends", async () => {
    const device = makeDevice();
    const found = bestFix({ geolocation: device, patience: 10000 });
    device.fix(800);
    device.fix(120);
    device.fix(500);
    await advanceTime(10001);
    expect((await found).accuracy).toBe(120);
    expect(device.watching).toBe(0);
});

test("a refusal ends the waiting at once", async () => {
    const device = makeDevice();
    const found = bestFix({ geolocation: device }).catch((error) => error.code);
    device.fail(1);
    expect(await found).toBe("denied");
    expect(device.watching).toBe(0);
});

test("a passing failure does not end the waiting", async () => {
    const device = makeDevice();
    const found = bestFix({ geolocation: device });
    device.fail(2);
    device.fix(20);
    expect((await found).accuracy).toBe(20);
});

test("no fix at all is told", async () => {
    const found = bestFix({ geolocation: makeDevice(), patience: 10000 }).catch((e) => e.code);
    await advanceTime(10001);
    expect(await found).toBe("unavailable");
});

test("a browser without geolocation is told", async () => {
    expect(await bestFix({ geolocation: null }).catch((error) => error.code)).toBe("unsupported");
});
