# Frames that the driver drops are lost, and every number is accounted for.
. devices/library/tests.sh
run_tests framesThatTheDriverDropsAreLost
