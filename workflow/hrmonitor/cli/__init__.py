"""The command line comes in, one module a command.

Out go what a person asked for, on the terminal or as files beside the raw data, and exit code 0, 1 or 2. A command reads options,
calls functions of other rooms and prints; it holds no statistics, never overwrites a file that somebody may have filled in, and ends in one
sentence, not a traceback.
"""
