"""The shopper's page and the REST routes: they translate between the browser and the assistant, and decide nothing."""

from assistant.web.app import create_app
from assistant.web.shop import Shop

__all__ = ["Shop", "create_app"]
