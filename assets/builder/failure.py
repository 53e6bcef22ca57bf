"""The one error the set-up tool reports: a single line that says what failed, where, and what to do."""


class BuildError(Exception):
    pass
