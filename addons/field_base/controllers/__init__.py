from . import api, app, dispatcher, evidence, map_package, open_api, privacy, push
