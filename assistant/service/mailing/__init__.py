"""Answers by e-mail: what people of the shop wrote reaches shoppers who have left."""

from assistant.service.mailing.mailer import Mailer, make_mailer, sender_of

__all__ = ["Mailer", "make_mailer", "sender_of"]
