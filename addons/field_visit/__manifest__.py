{
    "name": "Field Sales: Visits",
    "summary": "Customer visits with verified check-in, standard procedures and photo proof",
    "version": "19.0.1.0.0",
    "category": "Sales/Field Sales",
    "author": "Field Sales",
    "website": "https://github.com/field-sales/field",
    "license": "AGPL-3",
    "depends": ["field_base", "contacts", "base_geolocalize", "product"],
    "data": [
        "security/ir.model.access.csv",
        "security/field_sop_security.xml",
        "security/field_visit_security.xml",
        "data/field_sop_data.xml",
        "data/ir_cron_data.xml",
        "views/field_sop_views.xml",
        "views/field_visit_step_views.xml",
        "views/field_visit_views.xml",
        "views/field_visit_form_views.xml",
        "views/field_visit_report_views.xml",
        "views/field_policy_views.xml",
        "views/res_partner_views.xml",
        "views/field_visit_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "field_visit/static/src/**/*",
        ],
        "web.assets_tests": [
            "field_visit/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "field_visit/static/tests/**/*.test.js",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
