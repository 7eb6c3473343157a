from . import field_device_token
