"""The command line: one verb, one file.  A verb's file is loaded when that verb, or the list of verbs, is asked for.

Exit codes: 0 well, 1 a run failed, 2 bad input (one message, nothing written), 130 interrupted.
"""

from __future__ import annotations

import errno
import importlib
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from neurohumor.cli.messages import BAD_INPUT, FAILED, INTERRUPTED, tell_error
from neurohumor.errors import NeurohumorError, SolveError, did_you_mean

VERBS = (
    "run",
    "check",
    "show",
    "explain",
    "compare",
    "readouts",
    "events",
    "cite",
    "validate",
    "step",
    "orbits",
    "export",
    "crosscheck",
    "doctor",
)

Typed = Callable[..., Any]
_REPORT = "\n    run it again with --debug, and report what it shows"
_USAGE = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
"""What the library raises for a misspelt option; it prints these itself."""


class Verbs(TyperGroup):
    """The group of verbs: each is loaded when needed, and every error becomes one message and an exit code."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Every verb, in the order of a first visit."""
        return list(VERBS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """The verb of that name, or None."""
        if cmd_name not in VERBS:
            return None
        return command(cmd_name, importlib.import_module(f"neurohumor.cli.{cmd_name}").verb)

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Takes --debug out wherever it stands, so that it can be added at the end of a line."""
        before, end, after = _divided(args)
        ctx.meta["neurohumor.debug"] = "--debug" in before
        return super().parse_args(ctx, [*(a for a in before if a != "--debug"), *end, *after])  # type: ignore[arg-type]

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """The verb that is meant; an unknown one is told with the closest."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            close = did_you_mean(args[0], VERBS) or f"there are: {', '.join(VERBS)}"
            ctx.fail(f"no verb is called {args[0]!r}; {close}")
        return super().resolve_command(ctx, args)  # type: ignore[arg-type]

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Runs the verb."""
        try:
            return super().invoke(ctx)  # type: ignore[arg-type]
        except NeurohumorError as error:
            code = FAILED if isinstance(error, SolveError) else BAD_INPUT
            _refuse(ctx, str(error), code, error)
        except KeyboardInterrupt:
            _refuse(ctx, "interrupted", INTERRUPTED, None)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            _refuse(ctx, f"{error.filename or 'a file'}: {error.strerror or error}", BAD_INPUT, error)
        except RecursionError as error:
            _refuse(ctx, "the input is nested too deeply", BAD_INPUT, error)
        except (typer.Exit, typer.Abort):
            raise
        except MemoryError as error:
            _refuse(ctx, "not enough memory; ask for fewer days, people or samples", FAILED, error)
        except Exception as error:
            if isinstance(error, _USAGE):
                raise
            _refuse(ctx, f"a fault within neurohumor, {type(error).__name__}: {error}{_REPORT}", FAILED, error)


def _divided(args: list[str]) -> tuple[list[str], list[str], list[str]]:
    """What stands before, at and after "--", which ends the options."""
    if "--" not in args:
        return args, [], []
    at = args.index("--")
    return args[:at], ["--"], args[at + 1 :]


def _refuse(ctx: typer.Context, message: str, code: int, error: BaseException | None) -> None:
    if error is not None and ctx.meta.get("neurohumor.debug"):
        import traceback

        traceback.print_exception(error)
        raise typer.Exit(code)
    tell_error(message)
    raise typer.Exit(code)


def command(name: str, function: Typed) -> Any:
    """A function with annotated options as a command of the line."""
    one = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    one.command(name, context_settings=_SETTINGS)(function)
    return typer.main.get_command(one)


_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings=_SETTINGS,
)


def _version(asked: bool) -> None:
    if asked:
        from neurohumor.cli.versions import own_version

        typer.echo(f"neurohumor {own_version()}")
        raise typer.Exit()


@app.callback(
    epilog="Input files are read as data and never evaluated as code. For research and education; no medical advice.",
)
def neurohumor(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere.")] = False,
) -> None:
    """Hormones, neurotransmitters and brain energy of a person living through days of light, sleep, meals, stress and drugs."""


def main() -> None:
    """The entry point of the console script."""
    app(prog_name="neurohumor")
