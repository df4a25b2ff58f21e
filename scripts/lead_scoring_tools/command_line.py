"""What commands have in common: options that fail with a sentence, and exit statuses."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from .errors import UserMistakeError


class Parser(argparse.ArgumentParser):
    """Keeps the layout of the example below --help, and reports a wrong argument as every other
    mistake."""

    def __init__(self, description: str | None, example: str) -> None:
        super().__init__(
            description=description,
            epilog=example,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        raise UserMistakeError(
            "arguments", "those of --help", message.rstrip("."), "See --help for an example."
        )


def run(command: Callable[[list[str] | None], None], arguments: list[str] | None) -> int:
    """Run a command; 0 if it did what it was asked to do."""
    if arguments is None and hasattr(signal, "SIGPIPE"):
        # Whoever reads the output, such as head, may stop early; that is no error.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        command(arguments)
    except UserMistakeError as mistake:
        print(mistake, file=sys.stderr)
        return mistake.exit_status
    except KeyboardInterrupt:
        print("[lead_scoring] interrupted.", file=sys.stderr)
        return 130
    return 0
