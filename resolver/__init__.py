"""Which one is meant: a name -> ranked candidates; a text -> mentions.

(In record linkage a *resolver* merges records and in spaCy an *entity linker* does what this one does: it says which known
entity a name or a span of text stands for.)
"""

from resolver.match import Candidate, Comparison, Mention, Reason
from resolver.resolve import Resolver

__all__ = ["Candidate", "Comparison", "Mention", "Reason", "Resolver"]
