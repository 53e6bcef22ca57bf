# heed: `make run` shows it at work, `make test` tests it; each step skips what is done.

DATA := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/heed
HEED := .build/release/heed
DEMO := $(DATA)/recordings/demo.mkv

.PHONY: run test test-devices build packages assets lint format bench clean

## Build everything, then replay the demo recording through the pipeline.
run: build assets
	@mkdir -p out
	@echo "== Replaying the demo recording : frames and speech, with their true labels and words"
	@$(HEED) replay $(DEMO) --deadline 100ms --results out/demo.jsonl --summary out/demo.json
	@echo "Try: $(HEED) replay --help"

## Everything the tests need, then the tests.
test: packages assets lint
	@echo "== Testing the set-up tool"
	@"$${XDG_CACHE_HOME:-$$HOME/.cache}/heed/python/bin/python3" -m unittest discover assets/tests
	@echo "== Testing heed"
	@swift test

## heed against the kernel's virtual camera and sound card, in a virtual machine: devices/README.md.
test-devices: build assets
	@assets/install-debian-packages.sh devices/debian-packages.txt
	@test -s $(DATA)/profiles/profile.json || $(HEED) profile
	@echo "== Building the tests"
	@swift build --build-tests
	@echo "== Testing heed against virtual devices"
	@devices/run || [ $$? = 77 ]

## The release binary, at .build/release/heed.
build: packages
	@echo "== Building heed (release)"
	@swift build -c release --product heed

## Debian's packages that heed builds on.
packages:
	@echo "== Debian packages"
	@assets/install-debian-packages.sh

## Model bundles, the inference engine's library and the demo recording.
assets: packages
	@echo "== Models, inference engine and demo recording"
	@python3 assets/build.py

## Formatting, as swift-format sees it.
lint:
	@echo "== Checking the format"
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests $(wildcard bench)

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests $(wildcard bench)

## Every figure of bench/README.md, measured on this machine.
bench: build assets
	@bench/run

clean:
	@rm -rf .build out
