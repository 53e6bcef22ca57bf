# Runs tests of the library; to be read by a case.

# run_tests PATTERN: runs the tests whose names it matches. None, or one that was skipped, is an error.
run_tests() {
    tests=.build/debug/heedPackageTests.xctest
    if [ ! -x "$tests" ]; then
        echo "skipped: the tests are not built; run swift build --build-tests"
        exit 77
    fi
    "$tests" --testing-library swift-testing --filter "$1" >/tmp/tests 2>&1 || { cat /tmp/tests; return 1; }
    grep -E 'Test run with|^[A-Za-z]' /tmp/tests | grep -v '^SKIPPED: vivid does not offer jpeg' || true
    if grep -qE 'Test run with 0 tests|SKIPPED: (the kernel|HEED_FED|there is no)' /tmp/tests; then
        cat /tmp/tests
        echo "a test that this case is for did not run"
        return 1
    fi
}
