"""What is known: entities, their names, how names vary, and where each came from."""

from aliases.entity import Alias, Entity
from aliases.errors import AkaError
from aliases.fold import fold_name

__all__ = ["AkaError", "Alias", "Entity", "fold_name"]
