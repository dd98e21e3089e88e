"""The command line of `segment`: one file per command, shared options, one module that prints."""
