export function show(element, partner, layer, name) {
    // ruleid: field-html-from-text
    element.innerHTML = partner.name;
    // ruleid: field-html-from-text
    element.insertAdjacentHTML("beforeend", `<b>${name}</b>`);
    // ruleid: field-html-from-text
    layer.bindPopup(`<b>${name}</b>`);
    // ruleid: field-html-from-text
    layer.bindTooltip("<b>" + name + "</b>");
    // ruleid: field-html-from-text
    const html = markup(`<b>${name}</b>`);
    // ok: field-html-from-text
    element.innerHTML = "";
    // ok: field-html-from-text
    element.textContent = partner.name;
    // ok: field-html-from-text
    layer.bindPopup(element);
    // ok: field-html-from-text
    const safe = markup`<b>${name}</b>`;
    return [html, safe];
}
