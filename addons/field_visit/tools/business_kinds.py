"""What OpenStreetMap calls kinds of business, as people read it.

The values are those of its tags ``shop``, ``amenity``, ``office``, ``healthcare``, ``craft`` and
``tourism`` that name nearly every place somebody sells to.
Amap and lists of one's own come in words.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

BUSINESS_KINDS = {
    "alcohol": _lt("Liquor shop"),
    "bakery": _lt("Bakery"),
    "bank": _lt("Bank"),
    "bar": _lt("Bar"),
    "beauty": _lt("Beauty salon"),
    "beverages": _lt("Beverages"),
    "books": _lt("Bookshop"),
    "butcher": _lt("Butcher"),
    "cafe": _lt("Café"),
    "car": _lt("Car dealer"),
    "car_parts": _lt("Car parts"),
    "car_repair": _lt("Car repair"),
    "chemist": _lt("Drugstore"),
    "clinic": _lt("Clinic"),
    "clothes": _lt("Clothes shop"),
    "company": _lt("Company"),
    "convenience": _lt("Convenience store"),
    "cosmetics": _lt("Cosmetics"),
    "dentist": _lt("Dentist"),
    "department_store": _lt("Department store"),
    "doctors": _lt("Doctor"),
    "doityourself": _lt("Do-it-yourself store"),
    "electronics": _lt("Electronics shop"),
    "estate_agent": _lt("Estate agent"),
    "fast_food": _lt("Fast food"),
    "fuel": _lt("Petrol station"),
    "furniture": _lt("Furniture shop"),
    "greengrocer": _lt("Greengrocer"),
    "hairdresser": _lt("Hairdresser"),
    "hardware": _lt("Hardware shop"),
    "hospital": _lt("Hospital"),
    "hotel": _lt("Hotel"),
    "insurance": _lt("Insurance"),
    "kiosk": _lt("Kiosk"),
    "mall": _lt("Shopping mall"),
    "marketplace": _lt("Market"),
    "medical_supply": _lt("Medical supplies"),
    "mobile_phone": _lt("Phone shop"),
    "optician": _lt("Optician"),
    "pet": _lt("Pet shop"),
    "pharmacy": _lt("Pharmacy"),
    "pub": _lt("Pub"),
    "restaurant": _lt("Restaurant"),
    "school": _lt("School"),
    "stationery": _lt("Stationery shop"),
    "supermarket": _lt("Supermarket"),
    "tobacco": _lt("Tobacconist"),
    "toys": _lt("Toy shop"),
    "variety_store": _lt("Variety store"),
    "veterinary": _lt("Vet"),
    "wholesale": _lt("Wholesaler"),
}
