# A stream in which no frame comes any more is restarted, and streams within 2 s of the frames' return.
. devices/library/tests.sh
run_tests aStreamThatStallsIsRestarted
