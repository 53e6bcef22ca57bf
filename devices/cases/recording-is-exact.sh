# What the drivers of camera and card bring comes back from its recording: bit by bit, nanosecond by nanosecond.
# clock: counted
# seconds: 900
. devices/library/speech.sh
. devices/library/tests.sh
(while play; do :; done) 2>/dev/null &
run_tests RecordedDevicesTests
