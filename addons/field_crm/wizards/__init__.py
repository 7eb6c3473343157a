from . import field_lead_return
