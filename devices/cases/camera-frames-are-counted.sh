# Every frame of the camera's is accounted for; a second user is told who the first is.
. devices/library/tests.sh
run_tests "everyFrameIsAccountedFor|aSecondUserIsToldWhoTheFirstIs"
