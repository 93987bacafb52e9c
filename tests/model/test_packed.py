"""A packed pass says what the model says to each chat alone, on a small random model in single precision."""

import threading

import pytest
import torch

from assistant.model.packed import PackedModel, Part
from assistant.model.request import Usage
from assistant.model.scheduler import Chat, Scheduler


@pytest.fixture(scope="module", params=["qwen2", "llama"])
def plain(request):
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

    kinds = {"qwen2": (Qwen2Config, Qwen2ForCausalLM), "llama": (LlamaConfig, LlamaForCausalLM)}
    config, kind = kinds[request.param]
    torch.manual_seed(5)
    sizes = {"hidden_size": 48, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 6}
    return kind(config(vocab_size=50, num_key_value_heads=2, initializer_range=0.5, **sizes)).eval()


@pytest.fixture
def packed(plain):
    yield PackedModel(plain)
    plain.set_attn_implementation("sdpa")


def alone(plain, tokens):
    with torch.inference_mode():
        return plain(torch.tensor([tokens])).logits[0]


def test_a_pass_gives_each_part_the_logits_it_would_get_alone(plain, packed):
    rng = torch.Generator().manual_seed(1)
    chats = [torch.randint(0, 50, (n,), generator=rng).tolist() for n in (1, 9, 17)]
    keys = [packed.keys(40) for _ in chats]
    packed.forward([Part(keys[1], 0, chats[1][:4], 0), Part(keys[2], 0, chats[2][:16], 0)])
    starts = (0, 4, 16)
    parts = [Part(k, start, c[start:], 1) for k, start, c in zip(keys, starts, chats, strict=True)]
    found = packed.forward([parts[0], Part(keys[1], 4, chats[1][4:], 3), parts[2]])
    plain.set_attn_implementation("sdpa")
    for tokens, logits, wanted in zip(chats, found, (1, 3, 1), strict=True):
        torch.testing.assert_close(logits, alone(plain, tokens)[-wanted:], rtol=1e-4, atol=1e-4)


def test_answers_are_those_of_the_plain_model(plain):
    rng = torch.Generator().manual_seed(2)
    prompts = [torch.randint(0, 50, (n,), generator=rng).tolist() for n in (3, 21, 40, 12, 12)]
    prompts[4][:8] = prompts[3][:8]
    wanted = []
    for prompt in prompts:
        whole = plain.generate(torch.tensor([prompt]), max_new_tokens=24, do_sample=False, eos_token_id=49)[0].tolist()
        wanted.append([token for token in whole[len(prompt) :] if token != 49])
    scheduler = Scheduler(PackedModel(plain), chats=3, memory=50_000_000, piece=7)
    chats = [scheduler.submit(Chat(prompt, 24, 0.0, frozenset({49}), Usage(), threading.Event())) for prompt in prompts]
    found = [[token for tokens in chat.tokens() for token in tokens] for chat in chats]
    scheduler.close()
    plain.set_attn_implementation("sdpa")
    assert found == wanted
