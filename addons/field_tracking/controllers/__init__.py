from . import dispatcher, export, guard, log_filter, track
