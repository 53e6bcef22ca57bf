# The microphone's own tests pass on the loopback card: bit by bit, stopped, unplugged, busy, fast and slow.
tests=.build/debug/heedPackageTests.xctest
if [ ! -x "$tests" ]; then
    echo "skipped: the tests are not built; run swift build --build-tests"
    exit 77
fi
"$tests" --testing-library swift-testing --filter LoopbackTests
