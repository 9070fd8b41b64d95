"""The commands of `aka`, a file for what belongs together; `resolver.cli` lists and runs them."""
