"""What is proposed to a person who writes a file: entries from results, tasks from a dataset, a description."""
