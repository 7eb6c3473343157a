from . import dispatcher, guard, log_filter, track
