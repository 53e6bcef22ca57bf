"""The one error these tools report: a line that says what failed, where, and what to do."""


class DeviceTestError(Exception):
    pass


class Unavailable(DeviceTestError):
    """This machine cannot run the virtual one at all, so that nothing was tested."""


class OutOfTime(DeviceTestError):
    """The machine was still at work when its time was over."""
