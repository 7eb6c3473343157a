/* global L */

import { language } from "./names";

/**
 * Names of large cities for the built-in base map, so that one knows where one is without streets.
 * Made by hand: [English, Chinese, latitude, longitude, rank]; rank 1 shows from zoom 3 on. No
 * names of countries or provinces, as there are no borders either.
 */
const PLACES = [
    ["Beijing", "北京", 39.9, 116.4, 1],
    ["Shanghai", "上海", 31.23, 121.47, 1],
    ["Guangzhou", "广州", 23.13, 113.26, 1],
    ["Chongqing", "重庆", 29.56, 106.55, 1],
    ["Urumqi", "乌鲁木齐", 43.83, 87.62, 1],
    ["Chengdu", "成都", 30.57, 104.07, 2],
    ["Wuhan", "武汉", 30.59, 114.31, 2],
    ["Xi'an", "西安", 34.34, 108.94, 2],
    ["Harbin", "哈尔滨", 45.8, 126.53, 2],
    ["Shenyang", "沈阳", 41.8, 123.43, 2],
    ["Kunming", "昆明", 25.04, 102.72, 2],
    ["Lhasa", "拉萨", 29.65, 91.17, 2],
    ["Lanzhou", "兰州", 36.06, 103.83, 2],
    ["Shenzhen", "深圳", 22.54, 114.06, 3],
    ["Tianjin", "天津", 39.13, 117.2, 3],
    ["Nanjing", "南京", 32.06, 118.8, 3],
    ["Hangzhou", "杭州", 30.27, 120.16, 3],
    ["Suzhou", "苏州", 31.3, 120.62, 4],
    ["Wuxi", "无锡", 31.57, 120.3, 5],
    ["Ningbo", "宁波", 29.87, 121.54, 4],
    ["Wenzhou", "温州", 27.99, 120.7, 4],
    ["Hefei", "合肥", 31.82, 117.23, 3],
    ["Fuzhou", "福州", 26.07, 119.3, 3],
    ["Xiamen", "厦门", 24.48, 118.09, 3],
    ["Nanchang", "南昌", 28.68, 115.86, 3],
    ["Jinan", "济南", 36.65, 117.12, 3],
    ["Qingdao", "青岛", 36.07, 120.38, 3],
    ["Zhengzhou", "郑州", 34.75, 113.62, 3],
    ["Shijiazhuang", "石家庄", 38.04, 114.51, 3],
    ["Taiyuan", "太原", 37.87, 112.55, 3],
    ["Hohhot", "呼和浩特", 40.84, 111.75, 3],
    ["Changchun", "长春", 43.82, 125.32, 3],
    ["Dalian", "大连", 38.91, 121.6, 3],
    ["Changsha", "长沙", 28.23, 112.94, 3],
    ["Guiyang", "贵阳", 26.65, 106.63, 3],
    ["Nanning", "南宁", 22.82, 108.37, 3],
    ["Haikou", "海口", 20.04, 110.32, 3],
    ["Sanya", "三亚", 18.25, 109.51, 4],
    ["Yinchuan", "银川", 38.49, 106.23, 3],
    ["Xining", "西宁", 36.62, 101.78, 3],
    ["Kashgar", "喀什", 39.47, 75.99, 3],
    ["Dongguan", "东莞", 23.02, 113.75, 5],
    ["Foshan", "佛山", 23.02, 113.12, 5],
    ["Zhuhai", "珠海", 22.27, 113.57, 4],
    ["Shantou", "汕头", 23.35, 116.68, 4],
    ["Luoyang", "洛阳", 34.62, 112.45, 4],
    ["Xuzhou", "徐州", 34.26, 117.19, 4],
    ["Yantai", "烟台", 37.46, 121.44, 4],
    ["Baotou", "包头", 40.66, 109.84, 4],
    ["Daqing", "大庆", 46.59, 125.1, 4],
    ["Guilin", "桂林", 25.27, 110.29, 4],
    ["Yichang", "宜昌", 30.69, 111.29, 4],
    ["Zunyi", "遵义", 27.73, 106.93, 4],
    ["Hong Kong", "香港", 22.3, 114.17, 3],
    ["Macau", "澳门", 22.2, 113.54, 4],
    ["Taipei", "台北", 25.03, 121.56, 2],
    ["Tokyo", "东京", 35.68, 139.77, 1],
    ["Osaka", "大阪", 34.69, 135.5, 3],
    ["Seoul", "首尔", 37.57, 126.98, 1],
    ["Ulaanbaatar", "乌兰巴托", 47.89, 106.91, 2],
    ["Hanoi", "河内", 21.03, 105.8, 2],
    ["Ho Chi Minh City", "胡志明市", 10.78, 106.7, 2],
    ["Bangkok", "曼谷", 13.76, 100.5, 1],
    ["Singapore", "新加坡", 1.35, 103.82, 1],
    ["Kuala Lumpur", "吉隆坡", 3.14, 101.69, 2],
    ["Jakarta", "雅加达", -6.2, 106.82, 1],
    ["Manila", "马尼拉", 14.6, 120.98, 1],
    ["Yangon", "仰光", 16.84, 96.17, 2],
    ["Delhi", "德里", 28.61, 77.21, 1],
    ["Mumbai", "孟买", 19.08, 72.88, 1],
    ["Bengaluru", "班加罗尔", 12.97, 77.59, 2],
    ["Kolkata", "加尔各答", 22.57, 88.36, 2],
    ["Dhaka", "达卡", 23.81, 90.41, 2],
    ["Karachi", "卡拉奇", 24.86, 67.01, 1],
    ["Almaty", "阿拉木图", 43.24, 76.89, 2],
    ["Tashkent", "塔什干", 41.3, 69.24, 2],
    ["Novosibirsk", "新西伯利亚", 55.03, 82.92, 2],
    ["Vladivostok", "符拉迪沃斯托克", 43.12, 131.89, 2],
    ["Moscow", "莫斯科", 55.76, 37.62, 1],
    ["Saint Petersburg", "圣彼得堡", 59.93, 30.34, 2],
    ["Istanbul", "伊斯坦布尔", 41.01, 28.98, 1],
    ["Dubai", "迪拜", 25.2, 55.27, 1],
    ["Tehran", "德黑兰", 35.69, 51.39, 1],
    ["Riyadh", "利雅得", 24.71, 46.68, 2],
    ["Cairo", "开罗", 30.04, 31.24, 1],
    ["Lagos", "拉各斯", 6.52, 3.38, 1],
    ["Nairobi", "内罗毕", -1.29, 36.82, 1],
    ["Johannesburg", "约翰内斯堡", -26.2, 28.05, 1],
    ["London", "伦敦", 51.51, -0.13, 1],
    ["Paris", "巴黎", 48.86, 2.35, 1],
    ["Madrid", "马德里", 40.42, -3.7, 1],
    ["Rome", "罗马", 41.9, 12.5, 2],
    ["Milan", "米兰", 45.46, 9.19, 3],
    ["Berlin", "柏林", 52.52, 13.4, 1],
    ["Munich", "慕尼黑", 48.14, 11.58, 3],
    ["Frankfurt", "法兰克福", 50.11, 8.68, 3],
    ["Hamburg", "汉堡", 53.55, 9.99, 3],
    ["Brussels", "布鲁塞尔", 50.85, 4.35, 3],
    ["Amsterdam", "阿姆斯特丹", 52.37, 4.9, 3],
    ["Zurich", "苏黎世", 47.38, 8.54, 3],
    ["Vienna", "维也纳", 48.21, 16.37, 2],
    ["Warsaw", "华沙", 52.23, 21.01, 2],
    ["Prague", "布拉格", 50.08, 14.44, 3],
    ["Budapest", "布达佩斯", 47.5, 19.04, 3],
    ["Stockholm", "斯德哥尔摩", 59.33, 18.07, 2],
    ["Copenhagen", "哥本哈根", 55.68, 12.57, 3],
    ["Lisbon", "里斯本", 38.72, -9.14, 2],
    ["Athens", "雅典", 37.98, 23.73, 2],
    ["Kyiv", "基辅", 50.45, 30.52, 2],
    ["New York", "纽约", 40.71, -74.01, 1],
    ["Los Angeles", "洛杉矶", 34.05, -118.24, 1],
    ["Chicago", "芝加哥", 41.88, -87.63, 1],
    ["Houston", "休斯敦", 29.76, -95.37, 2],
    ["San Francisco", "旧金山", 37.77, -122.42, 2],
    ["Miami", "迈阿密", 25.76, -80.19, 2],
    ["Toronto", "多伦多", 43.65, -79.38, 2],
    ["Vancouver", "温哥华", 49.28, -123.12, 2],
    ["Mexico City", "墨西哥城", 19.43, -99.13, 1],
    ["Bogotá", "波哥大", 4.71, -74.07, 2],
    ["Lima", "利马", -12.05, -77.04, 1],
    ["São Paulo", "圣保罗", -23.55, -46.63, 1],
    ["Buenos Aires", "布宜诺斯艾利斯", -34.6, -58.38, 1],
    ["Santiago", "圣地亚哥", -33.45, -70.67, 2],
    ["Sydney", "悉尼", -33.87, 151.21, 1],
    ["Melbourne", "墨尔本", -37.81, 144.96, 2],
    ["Auckland", "奥克兰", -36.85, 174.76, 1],
];
/** Zoom from which a rank is shown. */
const FROM_ZOOM = { 1: 3, 2: 4, 3: 5, 4: 7, 5: 8 };
/** Nearer than this the name of a city says nothing new. */
const UNTIL_ZOOM = 13;

/** The names, drawn again after each move: some dozen elements, none of them for clicking. */
export class PlaceNames {
    /** @param {L.Map} map */
    constructor(map) {
        this.map = map;
        const pane = map.getPane("fieldNames") || map.createPane("fieldNames");
        pane.style.zIndex = 260;
        pane.style.pointerEvents = "none";
        pane.setAttribute("aria-hidden", "true");
        this.group = L.layerGroup().addTo(map);
        const isChinese = language().startsWith("zh");
        this.places = PLACES.map(([english, chinese, lat, lng, rank]) => ({
            name: isChinese ? chinese : english,
            point: L.latLng(lat, lng),
            rank,
        }));
        map.on("moveend", this.draw, this);
        this.draw();
    }

    destroy() {
        this.map.off("moveend", this.draw, this);
        this.group.remove();
    }

    draw() {
        this.group.clearLayers();
        const zoom = this.map.getZoom();
        if (zoom >= UNTIL_ZOOM) {
            return;
        }
        const bounds = this.map.getBounds().pad(0.1);
        for (const { name, point, rank } of this.places) {
            if (zoom >= FROM_ZOOM[rank] && bounds.contains(point)) {
                this.addName(name, point);
            }
        }
    }

    addName(name, point) {
        const html = document.createElement("span");
        html.textContent = name;
        const icon = L.divIcon({ html, className: "o_field_map_place", iconSize: [0, 0] });
        const options = { icon, pane: "fieldNames", interactive: false, keyboard: false };
        this.group.addLayer(L.marker(point, options));
    }
}
