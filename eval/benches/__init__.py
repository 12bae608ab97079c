"""What can be measured beside the answers: one line for each benchmark of `python -m eval bench`.

A benchmark is a click command that prints a table; it knows no report and writes no run folder.
"""

import click

from eval.benches.corruption import corruption
from eval.benches.judge import judge
from eval.benches.obliqa import obliqa, obliqa_mp
from eval.benches.policyqa import policyqa
from eval.benches.speed import speed

BENCHES: dict[str, click.Command] = {
    "corruption": corruption,
    "judge": judge,
    "obliqa": obliqa,
    "obliqa-mp": obliqa_mp,
    "policyqa": policyqa,
    "speed": speed,
}
