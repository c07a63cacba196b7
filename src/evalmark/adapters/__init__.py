"""The only code that does I/O; one vendor a file. An adapter translates types and errors, and decides nothing."""
