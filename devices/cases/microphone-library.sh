# The microphone's own tests pass on the loopback card: bit by bit, stopped, unplugged, busy, fast and slow.
. devices/library/tests.sh
run_tests LoopbackTests
