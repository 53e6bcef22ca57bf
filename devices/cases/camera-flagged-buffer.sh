# A buffer that the driver flags as damaged is told as damaged, and the stream goes on.
. devices/library/tests.sh
run_tests aFlaggedBufferIsDamagedAndTheStreamGoesOn
