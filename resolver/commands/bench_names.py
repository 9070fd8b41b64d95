"""`aka bench names`: how well names are looked up, and which are not."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import click


@click.command()
@click.option("--data", "folder", required=True, type=click.Path(path_type=Path), help="Folder: entities.jsonl, queries.jsonl.")
@click.option("--errors", is_flag=True, help="Print the worst false alarms and misses of each category.")
@click.option("--most", type=click.IntRange(1, 1000), default=10, show_default=True, help="Of each category, with --errors.")
@click.option("--country", is_flag=True, help="Give the country of every known place as a hint.")
@click.option("--record", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write a dated file there.")
def names(folder: Path, errors: bool, most: int, country: bool, record: Path | None) -> None:
    """How well the judged names of a folder are looked up: R@1, right above what 1 and 2 % of unknown names reach, calibration."""
    from resolver import console, name_bench

    answers, spent = name_bench.ask(folder, country=country)
    rows = name_bench.table(answers)
    lines = [(row.type, row.kind, str(row.queries), str(row.first), *map(str, row.above)) for row in rows]
    click.echo(console.table(("type", "kind", "queries", "R@1", "R@1%FP", "R@2%FP"), lines))
    error = name_bench.calibration(answers)
    click.echo(f"calibration error {error:.4f}; {spent:.2f} ms of processor time a name")
    shares = name_bench.answered(answers)
    for type_, (wrongly, rightly) in shares.items():
        click.echo(f"operating point, {type_}: {wrongly} % of unknown names answered, {rightly} % of known ones rightly")
    if errors:
        for title, some in name_bench.errors(answers, most):
            click.echo(f"\n{title}")
            for answer in some:
                got = f"{answer.best.matched} ({answer.best.entity.id})" if answer.best else "nothing"
                click.echo(f"  {answer.score:.3f} {answer.query['query']} -> {got}, wanted {answer.query['expect'] or 'nobody'}")
    if record:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        made = {
            "date": today, "country_hint": country, "calibration_error": round(error, 4), "ms_per_name": round(spent, 2),
            "answered": shares, "rows": [{"type": r.type, "kind": r.kind, "n": r.queries, "R@1": r.first,
                                          "R@1%FP": r.above[0], "R@2%FP": r.above[1]} for r in rows],
        }  # fmt: skip
        record.mkdir(parents=True, exist_ok=True)
        (record / f"{today}.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
