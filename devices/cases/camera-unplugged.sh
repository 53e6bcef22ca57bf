# A camera whose driver was unbound streams again within 2 s of its return; what is missing is counted.
. devices/library/tests.sh
run_tests aCameraThatWasAwayStreamsAgain
