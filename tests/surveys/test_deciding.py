"""The moments at which to ask, told from what the assistant itself took a message for."""

import pytest

from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.record.surveys import Surveys
from assistant.settings import Settings
from assistant.surveys import PACKAGED, load_rules
from assistant.types import Utterance
from assistant.writer import Writer
from tests.fakes import honest, scripted


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("thank you so much", None),
        ("Thanks, that's all!", None),
        ("great, thanks", None),
        ("bye", None),
        ("谢谢你", None),
        ("好的，再见", None),
        ("ok", "no_moment"),
        ("知道了", "no_moment"),
        ("a lamp under $30", "no_moment"),
        ("thanks, and is the first one dimmable?", "no_moment"),
    ],
)
def test_thanks_and_goodbye_to_the_real_assistant_are_the_moment(catalog, tmp_path, words, why):  # type: ignore[no-untyped-def]
    record = Record(f"sqlite:///{tmp_path / 'record.db'}")
    settings = Settings(home=tmp_path)  # type: ignore[call-arg]
    assistant = Assistant(
        catalog, record, Writer(scripted(honest), stall_timeout_s=5), settings, model="m", quantisation="none"
    )
    surveys = Surveys(record.engine, load_rules(PACKAGED))
    *_, done = assistant.reply(Utterance("a lamp under $50"))
    *_, last = assistant.reply(Utterance(words, done.turn.session_id))
    found = surveys.due(last.turn.session_id, "turn")
    assert found.why == why, last.turn.reply
    assert (found.offer is None) == (why is not None)
    record.close()
