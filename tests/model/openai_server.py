"""Serves a GGUF file over HTTP with llama.cpp until its standard input closes: openai_server.py FILE KEY.

Prints the address; the contract test speaks to it as to any OpenAI-compatible server.
"""

import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.api_keys = [sys.argv[2]]
params.n_parallel = 2
params.n_ctx = 4096
params.verbosity = 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
