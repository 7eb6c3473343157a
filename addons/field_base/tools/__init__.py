from . import canonical, envelope, errors, geo, payload, times
