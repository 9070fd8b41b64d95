"""The command line: `aka lookup`, `aka mentions`, `aka serve`, ... Each command is a few lines over the library.

Exit status: 0 fine, 1 nothing found, 2 usage, 65 bad input, 70 our fault, 75 try again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from aliases import strict_json
from aliases.errors import AkaError, MalformedError
from resolver import console
from resolver.commands.lazy import LazyGroup

OUR_FAULT = 70  # EX_SOFTWARE
STOPPED = 130  # what shells report for Ctrl-C

# Command -> where it is; loaded when asked for, so that `aka lookup` does not wait for what `aka serve` needs.
COMMANDS = {
    "audit": "resolver.commands.token:audit",
    "bench": "resolver.commands.bench:bench",
    "correct": "resolver.commands.judging:correct",
    "corrections": "resolver.commands.judging:corrections",
    "diff": "resolver.commands.versions:diff",
    "doctor": "resolver.commands.doctor:doctor",
    "export": "resolver.commands.lists:export",
    "history": "resolver.commands.versions:history",
    "import": "resolver.commands.lists:import_",
    "lint": "resolver.commands.lists:lint",
    "lists": "resolver.commands.lists:lists",
    "lookback": "resolver.commands.lookback:lookback",
    "lookup": "resolver.commands.lookup:lookup",
    "mentions": "resolver.commands.mentions:mentions",
    "mcp": "resolver.commands.model:mcp",
    "merge": "resolver.commands.judging:merge",
    "merges": "resolver.commands.judging:merges",
    "rebuild": "resolver.commands.versions:rebuild",
    "review": "resolver.commands.review:review",
    "rollback": "resolver.commands.versions:rollback",
    "serve": "resolver.commands.serve:serve",
    "suggest": "resolver.commands.review:suggest",
    "suggest-merges": "resolver.commands.judging:suggest_merges",
    "token": "resolver.commands.token:token",
    "update": "resolver.commands.updating:update",
    "verify": "resolver.commands.verify:verify",
    "version": "resolver.commands.serve:version",
}


class _ReaderGoneError(Exception):
    """Whoever read the standard output has what it wants. (A BrokenPipeError itself click would turn into exit status 1.)"""


class Commands(LazyGroup):
    """The group of COMMANDS."""

    places = COMMANDS

    def invoke(self, context: click.Context) -> object:
        """Context -> what the command returns, all of its output written."""
        try:
            answer = super().invoke(context)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _ReaderGoneError from None
        return answer


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
def cli() -> None:
    """Who is meant by this name, and which entities does this text mention - in any spelling and script."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Arguments of the command line (those of the process without) -> the process ends with the exit status."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Arguments -> exit status; whatever goes wrong is one message on standard error, never a traceback."""
    try:
        _check_arguments(arguments)
        status = cli.main(args=list(arguments), prog_name="aka", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except AkaError as error:
        return _failed(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except _ReaderGoneError:  # the reader, such as `head`, has what it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("AKA_DEBUG"):
            raise
        console.say(f"failed: {type(error).__name__}: {error} (an error of ours; AKA_DEBUG=1 shows where)")
        return OUR_FAULT


def _failed(error: AkaError) -> int:
    console.say(error.detail)
    for problem in error.problems:
        if str(problem) != error.detail:
            console.say(str(problem))
    return error.exit_code


def _check_arguments(arguments: Sequence[str]) -> None:
    """A byte that is not UTF-8 arrives as half a surrogate pair, which nothing further on could print or store."""
    for place, argument in enumerate(arguments, 1):
        try:
            strict_json.utf8(argument.encode("utf-8", "surrogateescape"), what=f"argument {place}")
        except UnicodeEncodeError:
            raise MalformedError(f"argument {place} holds half a surrogate pair: give whole characters") from None
