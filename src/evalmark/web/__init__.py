"""The bot behind a web address: takes webhooks, queues, verifies, answers."""
