"""What is added to every local Hub when it starts; see `HubState` for what an extension may do."""

from evalmark.localhub.faults import faults_extension
from evalmark.localhub.jobs import jobs_extension
from evalmark.localhub.state import Extension
from evalmark.localhub.webhooks import webhooks_extension

EXTENSIONS: tuple[Extension, ...] = (faults_extension, jobs_extension, webhooks_extension)
