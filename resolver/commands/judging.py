"""What a person judges: `aka suggest-merges`, `aka merge`, `aka merges`, `aka correct` and `aka corrections`."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

from aliases.entity import ALIAS_KINDS
from resolver import console, wire
from resolver.commands import options

Command = TypeVar("Command", bound=Callable[..., Any])


def _signed(command: Command) -> Command:
    """Command -> the same with who says so and why, and whether it is served at once."""
    for option in (
        click.option("--later", is_flag=True, help="Only record it: the next import or `aka rebuild` serves it."),
        click.option("--note", default="", metavar="TEXT", help="Why."),
        click.option("--by", metavar="NAME", help="Who says so [default: the user that runs this]."),
    ):
        command = option(command)
    return command


def _me(by: str | None) -> str:
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "unknown"


@click.command("suggest-merges")
@options.data
@click.option("--list", "list_name", metavar="NAME", help="Only pairs of which one is on this list.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Lowest score to show [default: 0.5].")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@options.as_json
def suggest_merges(data: str | None, list_name: str | None, min_score: float | None, limit: int, as_json: bool) -> int:
    """Entities of different lists that may be one, surest first; a person says so with `aka merge`."""
    from resolver import judging

    with console.progress() as progress:
        found = judging.suggestions(
            options.needed(data),
            list_name=list_name,
            min_score=judging.MIN_SCORE if min_score is None else min_score,
            limit=limit,
            progress=progress,
        )
    if as_json:
        for one in found:
            options.write(wire.merge_suggestion(one))
        return 0 if found else options.NOTHING_FOUND
    if not found:
        click.echo("no two entities of different lists look like one that was not judged yet")
        return options.NOTHING_FOUND
    rows = [
        (f"{one.score:.2f}", one.keep.id, one.keep.name, one.other.id, one.other.name, "; ".join(why.text for why in one.reasons))
        for one in found
    ]
    click.echo(console.table(("score", "keep", "name", "other", "name", "why"), rows))
    return 0


@click.command()
@click.argument("keep", metavar="KEEP")
@click.argument("others", metavar="OTHER...", nargs=-1, required=True)
@options.data
@click.option("--different", "verdict", flag_value="different", help="They are not one, and are not to be suggested again.")
@click.option("--undo", "verdict", flag_value="open", help="Take back what was said of them.")
@_signed
@options.as_json
def merge(
    keep: str,
    others: tuple[str, ...],
    data: str | None,
    verdict: str | None,
    by: str | None,
    note: str,
    later: bool,
    as_json: bool,
) -> None:
    """The entities KEEP and OTHER... are one, known as KEEP from now on, with the names and lists of all."""
    from resolver import judging

    with console.progress() as progress:
        judged = judging.judge(
            options.needed(data),
            keep,
            others,
            verdict=verdict or "same",  # type: ignore[arg-type]
            by=_me(by),
            note=note,
            serve=not later,
            progress=progress,
        )
    if as_json:
        options.write(judged)
        return
    said = {"same": "is one with", "different": "is not", "open": "is no longer judged against"}[verdict or "same"]
    served = f"generation {judged.generation}" if judged.served else "waits for the next import or aka rebuild"
    click.echo(console.plain(f"{keep} {said} {', '.join(others)}; {served}"))


@click.command()
@options.data
@click.option("--all", "everything", is_flag=True, help="Also what was taken back or judged anew since.")
@options.as_json
def merges(data: str | None, everything: bool, as_json: bool) -> None:
    """What persons said of two entities: one, or two."""
    from aliases import judgements
    from aliases.store import FILE, Store

    with Store.open(options.needed(data) / FILE) as store:
        found = judgements.recorded(store)
    _tell(
        found if everything else judgements.in_force(found),
        ("id", "keep", "other", "verdict", "judged_at", "judged_by", "note", "generation"),
        as_json=as_json,
        none="nothing was judged yet: aka suggest-merges shows what could be",
    )


@click.command()
@click.argument("entity", metavar="ENTITY")
@options.data
@click.option("--add", metavar="NAME", help="One more name for it.")
@click.option("--kind", type=click.Choice(ALIAS_KINDS), default="alias", show_default=True, help="Of the name to add.")
@click.option("--lang", default="", metavar="CODE", help="ISO 639 code of the name to add.")
@click.option("--case", is_flag=True, help="The name to add matches only in exactly this case.")
@click.option("--drop", metavar="NAME", help="A name that a list has for it, which is not to be used.")
@click.option("--set", "field", metavar="FIELD=VALUE", help="name, type or a property; no VALUE removes a property.")
@click.option("--remove", is_flag=True, default=None, help="It is not to be found any more, whatever lists have it.")
@click.option("--undo", type=click.IntRange(1), metavar="N", help="Take back correction N.")
@_signed
@options.as_json
def correct(entity: str, data: str | None, as_json: bool, **asked: Any) -> None:
    """Change by hand what the lists say of ENTITY; it holds on over new versions of them."""
    from resolver import judging

    change = _change(entity, **asked)
    with console.progress() as progress:
        made, generation = judging.correct(options.needed(data), entity, change, serve=not asked["later"], progress=progress)
    if as_json:
        options.write(made)
    else:
        served = "waits for the next import or aka rebuild" if asked["later"] else f"generation {generation}"
        what = made.action if made.value is None else f"{made.action} {_shown(made.value)}"
        click.echo(console.plain(f"correction {made.id} of {entity}: {what}; {served}"))


def _change(entity: str, *, by: str | None, note: str, later: bool, **asked: Any) -> Callable[..., Any]:
    """What is asked for -> the call of `aliases.corrections` that does it; UsageError unless it is exactly one thing."""
    from aliases import corrections
    from aliases.entity import Alias

    chosen = [name for name in ("add", "drop", "field", "remove", "undo") if asked[name] is not None]
    if len(chosen) != 1:
        raise click.UsageError("Give exactly one of --add, --drop, --set, --remove and --undo.")
    who = {"by": _me(by), "note": note}
    if asked["add"] is not None:
        alias = Alias(asked["add"], kind=asked["kind"], lang=asked["lang"], source=f"by hand: {who['by']}", case=asked["case"])
        return lambda store: corrections.add_name(store, entity, alias, **who)
    if asked["drop"] is not None:
        return lambda store: corrections.drop_name(store, entity, asked["drop"], **who)
    if asked["remove"] is not None:
        return lambda store: corrections.remove(store, entity, **who)
    if asked["undo"] is not None:
        return lambda store: corrections.undo(store, asked["undo"], **who)
    field, equals, value = asked["field"].partition("=")
    if not equals:
        raise click.UsageError(f"--set {asked['field']!r} is not FIELD=VALUE, such as --set country=SY.")
    return lambda store: corrections.set_field(store, entity, field, value or None, **who)


@click.command()
@options.data
@click.option("--all", "everything", is_flag=True, help="Also what was undone since.")
@options.as_json
def corrections(data: str | None, everything: bool, as_json: bool) -> None:
    """What was changed by hand of what the lists say."""
    from aliases import corrections as made
    from aliases.store import FILE, Store

    with Store.open(options.needed(data) / FILE) as store:
        found = made.recorded(store)
    head = ("id", "entity", "action", "field", "value", "made_at", "made_by", "note", "generation")
    _tell(found if everything else made.in_force(found), head, as_json=as_json, none="nothing was corrected by hand")


def _tell(found: list[Any], head: tuple[str, ...], *, as_json: bool, none: str) -> None:
    if as_json:
        for one in found:
            sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    elif found:
        click.echo(console.table(head, [[_shown(getattr(one, name)) for name in head] for one in found]))
    else:
        click.echo(none)


def _shown(value: Any) -> str:
    if isinstance(value, dict) and "form" in value:
        return str(value["form"])
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
