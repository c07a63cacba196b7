"""Let Hugging Face start a Job for every pull request: no server of your own.

    pip install 'huggingface_hub>=2.4,<3'
    HF_TOKEN=… BOT_TOKEN=… ACME_API_KEY=… python start_webhook.py

HF_TOKEN may start Jobs and make webhooks for the account that pays. BOT_TOKEN is of an account that may take part in
discussions: the Job answers with it. The model's own process sees neither. Edit what stands in capitals.
"""

import os

from huggingface_hub import HfApi

NAMESPACE = "acme"
WATCHED = [{"type": "model", "name": "acme/acme-7b"}]
FLAVOR = "cpu-basic"
IMAGE = "ghcr.io/astral-sh/uv:python3.12-bookworm"
COMMAND = [
    *("uv", "run", "--with", "evalmark[verify]==0.1.0", "--with", "openai==3.57.0", "evalmark"),
    *("watch", "--from-webhook", "--allow", "openai/gsm8k", "--budget", "300minutes"),
    *("--model", "openai-api/acme/acme-7b", "--model-base-url", "https://models.acme.example/v1"),
    *("--accept-served-model",),
]

api = HfApi()
secrets = {"HF_TOKEN": os.environ["BOT_TOKEN"], "ACME_API_KEY": os.environ["ACME_API_KEY"]}
# The source Job runs once, now, without an event: it ends at once, and shows that everything is in its place.
job = api.run_job(image=IMAGE, command=COMMAND, flavor=FLAVOR, secrets=secrets, namespace=NAMESPACE, timeout="6h")
webhook = api.create_webhook(job_id=job.id, watched=WATCHED, domains=["repo", "discussion"], secrets=secrets)
print(f"{job.url} has run; from now on the webhook {webhook.id} starts it for every pull request")
