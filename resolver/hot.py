"""The modules of the hot path, which are compiled where that can be: the one list of them, read by `setup.py` too."""

HOT = (
    "aliases.keys",
    *(
        f"resolver.{name}"
        for name in (
            "align", "assemble", "beside", "certain", "contest", "context", "edits", "finding", "forms", "gating", "grams", "left",
            "loading", "pairs", "proclitics", "proposals", "proposer", "proposing", "readings", "runs", "scan", "sequences", "shorts", "sieve",
            "spans", "spelling", "standing", "strings", "sums", "tallies", "tokenizer", "trees", "tries", "vocabulary", "walks", "weighing",
            "wording",
        )
    ),
)  # fmt: skip
