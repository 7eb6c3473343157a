"""One file for each subcommand of `./field`."""
