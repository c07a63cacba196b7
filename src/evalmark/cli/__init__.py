"""The command line: one thin file a command. It builds adapters, calls a flow, prints, and says an exit code."""
