"""The books in dictionaries: another shop's own store, plugged in at the seam."""

from contextlib import contextmanager

from assistant.service.spelling import code_key, words_key


class MemoryStore:
    def __init__(self, customers, orders):
        self.held = {
            "customers": {one.id: one for one in customers},
            "orders": {one.id: one for one in orders},
            "proposals": {},
            "traces": {},
            "identities": {},
            "attempts": [],
        }

    @contextmanager
    def reading(self):
        yield MemoryBooks(self.held)

    @contextmanager
    def writing(self):
        changed = {name: one.copy() for name, one in self.held.items()}
        yield MemoryBooks(changed)
        self.held = changed

    def snapshot(self):
        return dict(self.held["customers"]), dict(self.held["orders"])


class MemoryBooks:
    def __init__(self, held):
        self.held = held

    def customer(self, id):
        return self.held["customers"].get(id)

    def matching(self, claimed, way):
        assert set(way) <= {"email", "order_id"}
        found = {one.id for one in self.held["customers"].values() if words_key(one.email) == words_key(claimed.email)}
        if "order_id" in way:
            found = {id for id in found if self.order(id, claimed.order_id)}
        return tuple(found)

    def order(self, customer_id, order_id):
        theirs = (one for one in self.held["orders"].values() if one.customer_id == customer_id)
        return next((one for one in theirs if code_key(one.id) == code_key(order_id)), None)

    def orders(self, customer_id):
        return tuple(one for one in self.held["orders"].values() if one.customer_id == customer_id)

    def save_customer(self, customer):
        self.held["customers"][customer.id] = customer

    def save_order(self, order):
        self.held["orders"][order.id] = order

    def proposal(self, id):
        return self.held["proposals"].get(id)

    def trace(self, proposal_id):
        return self.held["traces"].get(proposal_id)

    def save_proposal(self, proposal, trace=None):
        self.held["proposals"][proposal.id] = proposal
        if trace is not None:
            self.held["traces"][proposal.id] = trace

    def proposals(self, session_id):
        return tuple(one for one in self.held["proposals"].values() if one.session_id == session_id)

    def waiting(self):
        return tuple(one for one in self.held["proposals"].values() if one.state == "waiting")

    def identity(self, session_id):
        return self.held["identities"].get(session_id)

    def identify(self, session_id, identity):
        self.held["identities"][session_id] = identity

    def failures(self, key, since):
        return tuple(at for one, at in self.held["attempts"] if one == key and at > since)

    def fail(self, keys, at, since):
        self.held["attempts"] += [(key, at) for key in keys]
