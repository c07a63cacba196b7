"""What the process that runs a model fetches of a claimed repo."""

from pathlib import Path

from evalmark.adapters.inspect_runner.child import snapshot
from evalmark.localhub import LocalHub, RepoId

HARMLESS = {
    "model.safetensors",
    "config.json",
    "tokenizer.json",
    "merges.txt",
    "tokenizer.model",
    "chat_template.jinja",
}
ABLE_TO_RUN_CODE = {"pytorch_model.bin", "weights.pt", "old.ckpt", "data.pkl", "modeling_evil.py", "model.pth"}


def test_snapshot__holds_nothing_that_can_carry_code(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    for name in HARMLESS | ABLE_TO_RUN_CODE:
        (repo / name).write_text(name)
    model = RepoId("models", "acme/model")

    with LocalHub({model: repo}) as hub:
        folder = snapshot("acme/model", hub.sha(model), hub.url, cache_dir=str(tmp_path / "cache"))

    assert {path.name for path in Path(folder).iterdir()} == HARMLESS
