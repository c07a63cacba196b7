"""`llamacpp/<file.gguf>`: a small Inspect model provider that starts llama.cpp on a local weights file.

The file's sha256 is the model's revision: the provider measures it and refuses a file that is not the expected one.
One slot, one thread and no prompt cache make temperature 0 repeatable to the bit on one machine (llama.cpp #7594
explains why batches do not).

It runs in the rerun's process and goes with it. It speaks HTTP on loopback to the OpenAI-compatible server inside the
package `xllamacpp`, through Inspect's own `openai-api` provider.
"""

import hashlib
from pathlib import Path
from typing import Any

from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, get_model, modelapi
from inspect_ai.tool import ToolChoice, ToolInfo

LOOPBACK = "127.0.0.1"


class WeightsChangedError(Exception):
    """The weights file is not the one whose digest was announced."""


class LlamaCpp(ModelAPI):
    """llama.cpp on one weights file.

    `path`: the GGUF file. `sha256`: its digest, 64 hex digits. `context`: tokens of prompt and answer together.
    `threads`: more than one is slower for small models and changes nothing else.
    """

    def __init__(  # noqa: PLR0913 - the first four are Inspect's, who passes them by name
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        *,
        path: str,
        sha256: str,
        context: int = 4096,
        threads: int = 1,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        with Path(path).open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
        if found != sha256:
            raise WeightsChangedError(f"{model_name} has sha256 {found}, expected {sha256}")
        self._server: Any = _start(path, context, threads)
        self._address = str(self._server.listening_address)
        self._client = get_model(
            f"openai-api/llamacpp/{model_name}",
            base_url=f"{self._address}/v1",
            api_key="none",
            memoize=False,
        )

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's name
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> Any:
        """Generate through Inspect's OpenAI-compatible client; the answer is the server's own."""
        return await self._client.api.generate(input, tools, tool_choice, config)

    def max_connections(self) -> int:
        """One: requests in one batch change each other's results."""
        return 1

    def connection_key(self) -> str:
        """Connections are counted for this server."""
        return self._address

    def should_retry(self, ex: Exception) -> Any:
        """Retry what the OpenAI-compatible client would retry."""
        return self._client.api.should_retry(ex)

    def close(self) -> None:
        """Stop the server: it ends with its last reference."""
        self._server = None


def _start(path: str, context: int, threads: int) -> Any:
    import xllamacpp  # noqa: PLC0415 - a compiled engine: loaded only when a model is really started

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_parallel = 1
    params.n_ctx = context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_prompt, params.cache_ram_mib = False, 0
    params.hostnames, params.port, params.ui = [LOOPBACK], 0, False
    return xllamacpp.Server(params)


@modelapi(name="llamacpp")
def llamacpp() -> type[ModelAPI]:
    """Inspect looks the provider up by this name."""
    return LlamaCpp
