"""`source`: a link that supports the score, and who says so.

The home pages and the organisations are those that tools and exporters were seen to write into every entry.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from evalmark.checks.fields import key_in, mapping_in, text_in
from evalmark.checks.registry import found
from evalmark.finding import Finding
from evalmark.formats.edits import renamed_key, replaced
from evalmark.formats.nodes import Mapping, Scalar, shown

# Host and path, without `www.` and a slash at the end.
HOME_PAGES = frozenset(
    {
        "artificialanalysis.ai", "arxiv.org", "crfm.stanford.edu/helm", "epoch.ai", "evalplus.github.io", "github.com",
        "github.com/confident-ai/deepeval", "github.com/eleutherai/lm-evaluation-harness",
        "github.com/embeddings-benchmark/mteb", "github.com/euroeval/euroeval", "github.com/evalplus/evalplus",
        "github.com/groq/openbench", "github.com/huggingface/community-evals", "github.com/huggingface/evaluate",
        "github.com/huggingface/lighteval", "github.com/nvidia-nemo/evaluator", "github.com/open-compass/opencompass",
        "github.com/openai/evals", "github.com/openai/simple-evals", "github.com/stanford-crfm/helm",
        "github.com/ukgovernmentbeis/inspect_ai", "github.com/ukgovernmentbeis/inspect_evals",
        "github.com/vllm-project/vllm", "huggingface.co", "inspect.aisi.org.uk", "livebench.ai", "lmarena.ai",
        "opencompass.org.cn", "paperswithcode.com", "scale.com/leaderboard", "swebench.com", "vals.ai", "wandb.ai",
    }
)  # fmt: skip
_SHORT_HOSTS = {"hf.co": "huggingface.co"}
# Nobody else can open these.
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - compared with, not listened on
# What follows huggingface.co/ and is no owner of a model.
_NOT_AN_OWNER = frozenset(
    {
        "blog", "buckets", "chat", "collections", "datasets", "docs", "jobs", "learn", "models", "organizations",
        "papers", "posts", "spaces", "tasks",
    }
)  # fmt: skip
_MODEL_CARD = re.compile(r"/([^/]+)/[^/]+(?:/(?:blob|resolve|raw)/[^/]+/README\.md|/tree/main)?/?")
ORGANISATIONS = frozenset(
    {
        "allenai", "amazon", "apple", "bigcode", "bigscience", "cais", "cohereforai", "coherelabs", "deepmind",
        "deepseek-ai", "eleutherai", "google", "harborframework", "huggingface", "huggingfacetb", "ibm-granite",
        "internlm", "lighteval", "lightonai", "matharena", "meta-llama", "microsoft", "mistralai",
        "moonshotai", "mteb", "nebius", "nousresearch", "nvidia", "openai", "opengvlab", "openai-community", "qwen",
        "salesforce", "scaleai", "servicenow", "swe-bench", "tencent", "tiger-lab", "tiiuae", "unsloth", "xai-org",
        "zai-org",
    }
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?")
_SPACE = re.compile(r"\s")


def source_findings(entry: Mapping) -> Iterator[Finding]:
    """What is wrong with an entry's source, if it has one."""
    source = mapping_in(entry, "source")
    if source is None:
        return
    url = text_in(source, "url")
    if url is not None:
        yield from _url_findings(url)
    yield from _attribution_findings(source)


def _url_findings(url: Scalar) -> Iterator[Finding]:
    address = _address(url.text)
    if address is None:
        yield found(
            "source-url-form",
            url.place,
            f"`source.url` must be a web address, but it is `{shown(url.text)}`",
            "write the whole address, with https:// before it",
        )
        return
    host, path = address
    if host in _ONLY_HERE or f"{host}{path}".rstrip("/").lower() in HOME_PAGES:
        yield found(
            "source-no-evidence",
            url.place,
            f"`source.url` is no evidence for this score: {shown(url.text)}",
            "link the logs, the transcript or the page that shows this very score, or delete `source`",
        )
    elif host == "huggingface.co" and (card := _MODEL_CARD.fullmatch(path)) and card[1] not in _NOT_AN_OWNER:
        yield found(
            "source-is-a-model-card",
            url.place,
            f"`source.url` is a model's page, which only repeats the score: {shown(url.text)}",
            "link the logs of the evaluation if there are any",
        )


def _address(url: str) -> tuple[str, str] | None:
    """The host and path of a web address."""
    if _SPACE.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # `http://[`
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return _SHORT_HOSTS.get(host, host.removeprefix("www.")), parts.path


def _attribution_findings(source: Mapping) -> Iterator[Finding]:
    user, org = text_in(source, "user"), text_in(source, "org")
    for name in (user, org):
        if name is not None and not _NAME.fullmatch(name.text):
            yield _no_name(name)
    if user is not None and org is not None:
        yield found(
            "source-user-and-org",
            key_in(source, "user").place,
            "`source` has both `user` and `org`, but a score is reported by one of them",
            "keep the one whose name should stand beside the score",
        )
    elif user is not None and user.text.lower() in ORGANISATIONS:
        key = key_in(source, "user")
        yield found(
            "source-org-as-user",
            key.place,
            f"`{shown(user.text)}` is an organisation, and `user` is for a person",
            f"write org: {user.text}",
            renamed_key(key, source, "org"),
        )


def _no_name(name: Scalar) -> Finding:
    bare = name.text.removeprefix("@")
    meant = bare if _NAME.fullmatch(bare) else ""
    field = name.place.pointer.rpartition(".")[2]
    return found(
        "source-name-form",
        name.place,
        f"`source.{field}` must be a name on Hugging Face, but it is `{shown(name.text)}`",
        f"write {meant}"
        if meant
        else "write the name as in https://huggingface.co/<name>; `source.name` is for any text",
        replaced(name, f'"{meant}"') if meant else None,
    )
