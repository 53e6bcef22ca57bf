"""The one error these tools report: a line that says what failed, where, and what to do."""


class DeviceTestError(Exception):
    pass


class OutOfTime(DeviceTestError):
    """The machine was still at work when its time was over."""
