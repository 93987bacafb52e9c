"""How shoppers are asked whether they are satisfied: the owner's wording and rules, and answers that others collected."""

from assistant.surveys.form import Form, Scale, Words
from assistant.surveys.rules import PACKAGED, Rules, load_rules, read_rules, rules_file

__all__ = ["PACKAGED", "Form", "Rules", "Scale", "Words", "load_rules", "read_rules", "rules_file"]
