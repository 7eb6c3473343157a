from . import dispatcher, api
