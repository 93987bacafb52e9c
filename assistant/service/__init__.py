"""Customer service over a shop's own orders: who may see what, and what may be done, checked by code."""

from assistant.service.deeds import Offers
from assistant.service.loading import load_folder, read_folder
from assistant.service.offers import CatalogOffers
from assistant.service.rulebook import DEMO_RULES, load_rules
from assistant.service.rules import Rules
from assistant.service.service import Service
from assistant.service.sql import SqlStore
from assistant.service.store import Books, Store
from assistant.service.types import (
    Address,
    Claimed,
    Customer,
    Deed,
    Effect,
    Line,
    Offer,
    Order,
    Parcel,
    Payment,
    PaymentMethod,
    Proposal,
    Refused,
    SomebodyElse,
    Swap,
    TooManyAttempts,
)

__all__ = [
    "DEMO_RULES",
    "Address",
    "Books",
    "CatalogOffers",
    "Claimed",
    "Customer",
    "Deed",
    "Effect",
    "Line",
    "Offer",
    "Offers",
    "Order",
    "Parcel",
    "Payment",
    "PaymentMethod",
    "Proposal",
    "Refused",
    "Rules",
    "Service",
    "SomebodyElse",
    "SqlStore",
    "Store",
    "Swap",
    "TooManyAttempts",
    "load_folder",
    "load_rules",
    "read_folder",
]
