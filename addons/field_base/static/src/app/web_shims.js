// @odoo-module ignore
/**
 * The names under which components shared with Odoo's web client look for its services, with what
 * the app has instead: the map draws in both.
 */
odoo.define("@web/core/l10n/translation", ["@field_base/app/core/i18n"], (require) => {
    const { _t } = require("@field_base/app/core/i18n");
    // Odoo's bundler writes a call of this one for each _t
    return { _t, appTranslateFn: (text, module, ...values) => _t(text, ...values) };
});
odoo.define("@web/core/assets", ["@field_base/app/core/loader"], (require) => {
    const { loadBundle, loadCSS, loadJS } = require("@field_base/app/core/loader");
    return { loadBundle, loadCSS, loadJS };
});
