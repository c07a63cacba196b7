"""What holds for all tests."""

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")

# The quick suite has two minutes: these files take a third of them, and change seldom.
SLOW = frozenset(
    {
        "test_action_run", "test_git_commits", "test_hostile", "test_hub_port", "test_inspect_samples",
        "test_localhub_clients", "test_localhub_git", "test_localhub_writes", "test_numbers", "test_receipt_attacks",
        "test_receipt_property", "test_records_port",
    }
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of those files as slow."""
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker(pytest.mark.slow)
