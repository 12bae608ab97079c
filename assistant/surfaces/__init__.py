"""How people reach the assistant: thin adapters that render answers and errors.

None imports another but the command line, which starts them.
"""
