# A stream that fails, by a fatal error or as if unplugged, is opened again within 2 s.
. devices/library/tests.sh
run_tests aStreamThatFailsIsOpenedAgain
