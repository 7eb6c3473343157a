/**
 * Links that start navigation in a map app. WGS-84 in, a link out.
 *
 * Each app has its own order of the two numbers and its own coordinate system; a wrong one puts
 * the driver half a kilometre off. Twin of tools/navigation.py, tested on the same vectors. No
 * web-client services: the phone app uses it as well.
 */

import { isShifted, toDatum } from "./datum";

export const SOURCE = "field.sales";
const CHINA_APPS = ["amap", "baidu", "tencent", "apple", "geo"];
const WORLD_APPS = ["google", "apple", "waze", "geo"];
const DATUMS = { amap: "gcj02", baidu: "gcj02", tencent: "gcj02" };
const ONLY_ON = { apple: ["ios"], geo: ["android"] };

const BUILDERS = {
    amap(lat, lng, name, platform) {
        const place = `dlat=${lat}&dlon=${lng}&dname=${name}&dev=0&t=0`;
        return {
            url:
                `https://uri.amap.com/navigation?to=${lng},${lat},${name}&mode=car&policy=0` +
                `&src=${SOURCE}&coordinate=gaode&callnative=1`,
            native: {
                ios: `iosamap://path?sourceApplication=${SOURCE}&${place}`,
                android: `amapuri://route/plan/?${place}&sourceApplication=${SOURCE}`,
            }[platform],
        };
    },
    baidu(lat, lng, name, platform) {
        const query = `destination=latlng:${lat},${lng}%7Cname:${name}&mode=driving&coord_type=gcj02`;
        // The web page wants an origin and a region; it asks for what it cannot tell.
        const [here, everywhere] = ["我的位置", "全国"].map(encodeURIComponent);
        return {
            url:
                `https://api.map.baidu.com/direction?origin=${here}&${query}` +
                `&region=${everywhere}&output=html&src=webapp.${SOURCE}`,
            native: {
                ios: `baidumap://map/direction?${query}&src=ios.${SOURCE}`,
                android: `bdapp://map/direction?${query}&src=andr.${SOURCE}`,
            }[platform],
        };
    },
    tencent: (lat, lng, name) => ({
        url:
            `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${name}` +
            `&tocoord=${lat},${lng}&coord_type=2&referer=${SOURCE}`,
    }),
    google: (lat, lng) => ({
        url:
            `https://www.google.com/maps/dir/?api=1&destination=${lat},${lng}` +
            "&travelmode=driving&dir_action=navigate",
    }),
    apple: (lat, lng) => ({ url: `https://maps.apple.com/?daddr=${lat},${lng}&dirflg=d` }),
    waze: (lat, lng) => ({
        url: `https://waze.com/ul?ll=${lat},${lng}&navigate=yes&utm_source=${SOURCE}`,
    }),
    geo: (lat, lng, name) => ({ url: `geo:${lat},${lng}?q=${lat},${lng}(${name})` }),
};

/**
 * The apps that make sense for this place on this platform, the best first.
 *
 * @param {{lat: number, lng: number, country?: string}} point WGS-84; country: ISO code
 * @param {string} name of the place
 * @param {"android" | "ios" | "desktop"} [platform]
 * @param {object} [options]
 * @param {string} [options.favourite] the app that comes first where it is offered
 * @param {"wgs84" | "gcj02"} [options.appleCnDatum] what Apple Maps takes in mainland China
 * @returns {Array<{app: string, url: string, native: string | null}>} `url` opens everywhere,
 *  `native` opens the installed app at once and does nothing where it is missing
 */
export function navLinks(point, name, platform = "desktop", options = {}) {
    const { favourite, appleCnDatum = "wgs84" } = options;
    const { lat, lng, country } = point;
    const apps = isShifted(lat, lng, country) ? CHINA_APPS : WORLD_APPS;
    return apps
        .filter((app) => !ONLY_ON[app] || ONLY_ON[app].includes(platform))
        .sort((a, b) => (b === favourite) - (a === favourite))
        .map((app) => {
            const datum = app === "apple" ? appleCnDatum : DATUMS[app] || "wgs84";
            const numbers = toDatum(lat, lng, datum, country).map((degrees) => degrees.toFixed(6));
            const link = BUILDERS[app](...numbers, encodeURIComponent(name || ""), platform);
            return { app, url: link.url, native: link.native || null };
        });
}

/** @returns {"android" | "ios" | "desktop"} HarmonyOS opens the same links as Android */
export function platformOf(userAgent) {
    if (/iPhone|iPad|iPod/.test(userAgent)) {
        return "ios";
    }
    return /Android|HarmonyOS|OpenHarmony/.test(userAgent) ? "android" : "desktop";
}

/** WeChat's and QQ's own browsers do not open map apps: the page must be opened elsewhere. */
export function isClosedBrowser(userAgent) {
    return /MicroMessenger|\bQQ\//.test(userAgent);
}
