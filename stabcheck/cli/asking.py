"""Commands that take values for hyperparameters beside their own options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from typer.core import TyperCommand

from stabcheck.cli.helping import SPELLINGS, Group, groups
from stabcheck.cli.values import KEY, OPTIONS, behind_options, option_values, parted, texts_by_option

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter


class Asking(TyperCommand):
    """Such a command: values are no options of it, and its help is about the parts that are chosen."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Leave the command what is its own."""
        takes = self._takes(ctx)
        own, ctx.meta[KEY] = parted(args, takes)
        ctx.meta[OPTIONS] = option_values(own, takes)
        return super().parse_args(ctx, behind_options(own, takes))

    def _takes(self, ctx: Context) -> Mapping[str, bool]:
        """The options, and whether a value follows each."""
        return {
            word: not getattr(option, "is_flag", False)
            for option in self.get_params(ctx)
            for word in (*option.opts, *option.secondary_opts)
            if word.startswith("-")
        }

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Where parts are chosen, their names."""
        if not (chosen := groups(texts_by_option(ctx))):
            super().format_help(ctx, formatter)
            return
        self.format_usage(ctx, formatter)
        for group in chosen:
            _write(group, formatter)
        formatter.write_paragraph()
        formatter.write_text(f"{ctx.command_path} --help tells the options, stabcheck list the parts.")

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The options, and how values are typed."""
        super().format_options(ctx, formatter)
        with formatter.section("Values (--help with --reg gp --method altgd tells what these two take)"):
            formatter.write_dl(SPELLINGS)


def _write(group: Group, formatter: HelpFormatter) -> None:
    with formatter.section(group.heading):
        formatter.write_dl(group.rows or [("takes no values", "")])


TAKES_VALUES = {
    "cls": Asking,
    "context_settings": {"allow_extra_args": True},
    "options_metavar": "[QUESTION] [OPTIONS] [--NAME VALUE]...",
}
"""How such a command is registered."""
