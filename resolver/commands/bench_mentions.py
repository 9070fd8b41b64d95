"""`aka bench mentions`: how well mentions are found in annotated texts, and what goes wrong most."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--data", "folder", required=True, type=click.Path(path_type=Path), help="Folder: entities.jsonl, documents.jsonl.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Instead of the shipped operating point.")
@click.option("--errors", is_flag=True, help="Print the most frequent misses and false alarms of each category.")
@click.option("--most", type=click.IntRange(1, 1000), default=10, show_default=True, help="Of each category, with --errors.")
def mentions(folder: Path, min_score: float | None, errors: bool, most: int) -> None:
    """Precision, recall and F1 over the annotated texts of a folder; a mention is right when it overlaps one of its entity."""
    from resolver import mention_bench

    result = mention_bench.measure(folder, min_score=min_score)
    click.echo(f"precision {result.precision:.3f}, recall {result.recall:.3f}, F1 {result.f1:.3f}")
    click.echo(f"{result.gold} annotated, {result.found} found, {result.wrong} false alarms; {result.characters} characters in")
    click.echo(f"{result.seconds:.2f} s of processor time")
    for title, some in (("misses", result.misses), ("false alarms", result.alarms)) if errors else ():
        for category, size, worst in mention_bench.most_frequent(some, most):
            click.echo(f"\n{title}, {category}: {size}")
            for error, times in worst:
                click.echo(f"  {times:4d} x {error.surface!r} ({error.entity}) {error.score:.2f} {error.context}")
