"""Answers by e-mail: what people of the shop wrote reaches shoppers who have left, who are asked how it went."""

from assistant.service.mailing.letter import Question
from assistant.service.mailing.mailer import Mailer, make_mailer, sender_of

__all__ = ["Mailer", "Question", "make_mailer", "sender_of"]
