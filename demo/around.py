"""Who is no customer yet: the list that the app looks through when somebody looks around."""

import base64
import csv
import io

from .odoo_env import as_user, create_translated
from .people import REPS
from .places import home_of, make_neighbours

LIST = ("Shops of the town", "市区店铺名录")
#: As OpenStreetMap calls them; the app says it in the reader's language.
KINDS = {"shop": "convenience", "supermarket": "supermarket", "restaurant": "restaurant"}
LOOK = 5000  # metres


def lay_out_list(env, users, seed):
    """The list, and the first find of the first representative: the nearest to her home."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("name", "lat", "lng", "address", "kind"))
    for shop in make_neighbours(seed):
        rows.writerow((shop.name, shop.lat, shop.lng, shop.address, KINDS[shop.kind]))
    file = base64.b64encode(text.getvalue().encode())
    values = {"kind": "list", "file": file, "file_name": "shops.csv"}
    create_translated(env, "field.prospect.provider", [{"name": LIST, **values}])
    rep = REPS[0]
    provider = as_user(env, users[rep.login])["field.prospect.provider"]
    found = provider.find_nearby(*home_of(rep.territory, seed), LOOK)["places"]
    provider.add_prospect(found[0])
