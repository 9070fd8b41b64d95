"""Which one is meant: a name -> ranked candidates; a text -> mentions."""
