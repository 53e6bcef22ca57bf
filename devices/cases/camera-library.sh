# The camera's own tests pass on vivid: formats and colours, faults, unplugged, stalled, dropping, a second user.
tests=.build/debug/heedPackageTests.xctest
if [ ! -x "$tests" ]; then
    echo "skipped: the tests are not built; run swift build --build-tests"
    exit 77
fi
"$tests" --testing-library swift-testing --filter CameraInUseTests
