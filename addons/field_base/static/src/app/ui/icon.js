import { Component, xml } from "@odoo/owl";

/** Lines on a grid of 24, drawn for this app. */
const PATHS = {
    alert: "M12 4 2.8 20h18.4L12 4z M12 10v4.5 M12 17.3v.2",
    back: "M15 5l-7 7 7 7",
    barcode: "M4 6v12 M7.5 6v12 M10.5 6v12 M14.5 6v12 M17 6v12 M20 6v12",
    bell: "M6 16v-5a6 6 0 0112 0v5l1.5 2h-15L6 16z M10 20.5a2 2 0 004 0",
    bolt: "M13 3L5 13.5h6L10 21l8-10.5h-6L13 3z",
    building: "M4 20V8l8-4 8 4v12 M9 20v-5h6v5 M3 20h18",
    camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4V8z M12 16.5a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4z",
    check: "M4.5 12.5l5 5L19.5 7",
    clock: "M12 21a9 9 0 100-18 9 9 0 000 18z M12 7v5.2l3.4 2",
    cloud: "M7 18a4 4 0 01-.4-8 5.5 5.5 0 0110.6-1A4.5 4.5 0 0117 18H7z",
    download: "M12 4v11 M7.5 11l4.5 4.5 4.5-4.5 M5 20h14",
    flag: "M6 21V4 M6 5h11l-2.5 4L17 13H6",
    flip: "M4 12a8 8 0 0113.7-5.6L20 8.5 M20 4v4.5h-4.5 M20 12a8 8 0 01-13.7 5.6L4 15.5 M4 20v-4.5h4.5",
    globe: "M12 21a9 9 0 100-18 9 9 0 000 18z M3.5 9.5h17 M3.5 14.5h17 M12 3c5 5 5 13 0 18-5-5-5-13 0-18z",
    grip: "M5 8.5h14 M5 12h14 M5 15.5h14",
    info: "M12 21a9 9 0 100-18 9 9 0 000 18z M12 11v5.5 M12 7.6v.2",
    layers: "M12 4l9 5-9 5-9-5 9-5z M3 14l9 5 9-5",
    list: "M9 6h11 M9 12h11 M9 18h11 M4.5 6h.1 M4.5 12h.1 M4.5 18h.1",
    lock: "M6 11h12v9H6v-9z M8.5 11V8a3.5 3.5 0 017 0v3",
    map: "M9 5L3.5 7.5V19L9 16.5l6 2.5 5.5-2.5V5L15 7.5 9 5z M9 5v11.5 M15 7.5V19",
    mic: "M12 15a3 3 0 003-3V7a3 3 0 00-6 0v5a3 3 0 003 3z M6 12a6 6 0 0012 0 M12 18v3",
    navigate: "M20.5 3.5L3.5 10.8l7 2.7 2.7 7 7.3-17z",
    next: "M9 5l7 7-7 7",
    note: "M5 4h14v16H5V4z M8.5 9h7 M8.5 12.5h7 M8.5 16h4",
    pause: "M8.5 6v12 M15.5 6v12",
    pen: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20z M14 6.5l3.5 3.5",
    people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7z M2.5 20a6.5 6.5 0 0113 0 M16 4.5a3.5 3.5 0 010 6.3 M18 14.2a6.5 6.5 0 013.5 5.8",
    phone: "M5 4h4l1.7 4.5-2.2 1.7a12 12 0 005.3 5.3l1.7-2.2L20 15v4a1 1 0 01-1 1A15 15 0 014 5a1 1 0 011-1z",
    pin: "M12 21c4.5-4.6 7-8 7-11.3A7 7 0 005 9.700C5 13 7.5 16.4 12 21z M12 12a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
    play: "M8 5l11 7-11 7V5z",
    plus: "M12 5v14 M5 12h14",
    search: "M11 18a7 7 0 100-14 7 7 0 000 14z M16.2 16.2L21 21",
    shield: "M12 3l7.5 2.5v6c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.500v-6L12 3z",
    stop: "M7 7h10v10H7V7z",
    sun: "M12 16.500a4.5 4.5 0 100-9 4.5 4.5 0 000 9z M12 2.500v2 M12 19.500v2 M2.5 12h2 M19.5 12h2 M5.3 5.300l1.4 1.4 M17.3 17.300l1.4 1.4 M5.3 18.700l1.4-1.4 M17.3 6.700l1.4-1.4",
    sync: "M4 12a8 8 0 0113.7-5.600L20 8.5 M20 4v4.500h-4.5 M20 12a8 8 0 01-13.7 5.600L4 15.5 M4 20v-4.500h4.5",
    target: "M12 19a7 7 0 100-14 7 7 0 000 14z M12 2v4 M12 18v4 M2 12h4 M18 12h4",
    today: "M4 6h16v14H4V6z M4 10.500h16 M8.5 3.500v4 M15.5 3.500v4",
    trash: "M5 7h14 M9.5 7V4.500h5V7 M7 7l1 13h8l1-13",
    up: "M12 20V5 M6 11l6-6 6 6",
    user: "M12 12a4 4 0 100-8 4 4 0 000 8z M4 20.500a8 8 0 0116 0",
    x: "M6 6l12 12 M18 6L6 18",
};

export class Icon extends Component {
    static template = xml`
        <svg class="o_fa_icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path t-att-d="path"/>
        </svg>`;
    static props = { name: String };

    get path() {
        return PATHS[this.props.name] || PATHS.info;
    }
}
