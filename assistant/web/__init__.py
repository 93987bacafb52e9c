"""The shopper's page and the REST routes: they translate between the browser and the assistant, and decide nothing."""

from assistant.web.app import Shop, create_app

__all__ = ["Shop", "create_app"]
