"""Errors of the harness → one line and an exit status. Knows no command.

2 for runs that cannot be compared, 3 where the harness failed.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from assistant.errors import AssistantError
from eval.errors import EvalError, NotComparable
from sources.errors import SourceError


@contextmanager
def failures() -> Generator[None]:
    """Run a command's work; what is raised is said in one line, with the exit status."""
    from assistant.surfaces import terminal

    try:
        yield
    except NotComparable as error:
        terminal.complain(str(error))
        sys.exit(2)
    except (EvalError, AssistantError, SourceError) as error:
        terminal.complain(str(error))
        sys.exit(3)
    except KeyboardInterrupt:
        terminal.complain(
            "Interrupted. What was done is kept; the same command goes on from there."
        )
        sys.exit(3)
