# A stream that cannot be started, for a call of the driver's fails, is tried again.
. devices/library/tests.sh
run_tests aStreamThatCannotStartIsTriedAgain
