import { App as OwlApp, reactive, whenReady } from "@odoo/owl";
import { getTemplate } from "@web/core/templates";
import { App } from "./core/app";
import { translateTemplate } from "./core/i18n";
import { Root } from "./root";

/** For Odoo's own components that are shown here too; see web_shims.js. */
function makeEnv(app) {
    return { app, services: {}, isSmall: true };
}

export async function startApp(target) {
    const app = new App();
    await app.start();
    const owl = new OwlApp(Root, {
        name: "Field",
        env: makeEnv(app),
        getTemplate,
        translateFn: translateTemplate,
        translatableAttributes: ["aria-label", "placeholder", "title", "alt"],
        warnIfNoStaticProps: false,
    });
    target.replaceChildren();
    await owl.mount(target);
    document.body.dataset.state = reactive(app.state).phase;
    return app;
}

whenReady(async () => {
    const target = document.getElementById("field-app");
    if (target) {
        window.fieldApp = await startApp(target);
        performance.mark("field-ready");
        window.fieldApp.afterStart();
    }
});
