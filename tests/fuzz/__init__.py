"""What bytes of any kind may do to: each target takes bytes and lets nothing out but the failures that a user is told of."""
