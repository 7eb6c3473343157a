export function icon(L, label, element) {
    // ruleid: field-divicon-html
    const first = L.divIcon({ className: "o", html: `<span>${label}</span>` });
    // ruleid: field-divicon-html
    const second = L.divIcon({ html: "<span>" + label });
    // ok: field-divicon-html
    const third = L.divIcon({ className: "o", html: element });
    return [first, second, third];
}
