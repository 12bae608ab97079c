"""What can be measured beside the answers: one line for each benchmark of `python -m eval bench`.

A benchmark is a click command that prints a table; it knows no report and writes no run folder.
"""

import click

from eval.benches.speed import speed

BENCHES: dict[str, click.Command] = {
    "speed": speed,
}
