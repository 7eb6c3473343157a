from . import api, dispatcher
