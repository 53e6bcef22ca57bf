# heed: `make run` shows it at work, `make test` tests it; each step skips what is done.

DATA := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/heed
HEED := .build/release/heed
DEMO := $(DATA)/recordings/demo.mkv
PROMTOOL := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/heed/promtool

.PHONY: run test test-devices test-page build packages assets extras extras-cuda test-driver lint format bench bench-costs clean

# A software Vulkan driver stands for a GPU in tests.
SOFTWARE_GPU := VK_DRIVER_FILES=$(DATA)/lib/vulkan-driver/icd.json ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER=1

## Build everything, then replay the demo recording through the pipeline.
run: build assets
	@mkdir -p out
	@echo "== Replaying the demo recording : frames and speech, with their true labels and words"
	@$(HEED) replay $(DEMO) --deadline 100ms --results out/demo.jsonl --summary out/demo.json
	@echo "Look at it in a browser, http://127.0.0.1:8077/: $(HEED) replay $(DEMO) --page"

## Everything the tests need, then the tests.
test: packages assets extras test-driver lint
	@assets/install-debian-packages.sh Tests/debian-packages.txt
	@Tests/fetch-promtool.sh $(PROMTOOL) || echo "SKIPPED: metrics and rules are not checked, for there is no promtool"
	@echo "== Testing the set-up tool"
	@"$${XDG_CACHE_HOME:-$$HOME/.cache}/heed/python/bin/python3" -m unittest discover assets/tests
	@echo "== Testing heed"
	@swift test --skip DashboardTests
	@echo "== Testing the page's server"
	@PATH="$(PROMTOOL):$$PATH" swift test --skip-build --filter DashboardTests
	@echo "== Testing WebGPU on a software driver"
	@$(SOFTWARE_GPU) swift test --skip-build --filter WebGPUResultTests

## heed against the kernel's virtual camera and sound card, in a virtual machine: devices/README.md.
test-devices: build assets
	@assets/install-debian-packages.sh devices/debian-packages.txt
	@test -s $(DATA)/profiles/profile.json || $(HEED) profile
	@echo "== Building the tests"
	@swift build --build-tests
	@echo "== Testing heed against virtual devices"
	@devices/run || [ $$? = 77 ]

## heed's page in Debian's chromium, without a window.
test-page: build assets
	@assets/install-debian-packages.sh Tests/Browser/debian-packages.txt || true
	@echo "== Testing the page in a browser"
	@Tests/Browser/run

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

## Processors beyond ONNX Runtime's own on the CPU: OpenVINO and WebGPU.
extras: packages assets
	@echo "== Extra processors"
	@python3 assets/build.py --only extras

## An NVIDIA GPU by CUDA, 2.1 GB to download.
extras-cuda: packages assets
	@echo "== CUDA"
	@python3 assets/build.py --only cuda

## A software Vulkan driver, with which WebGPU is tested where there is no GPU.
test-driver: packages assets
	@echo "== Software Vulkan driver"
	@python3 assets/build.py --only driver || echo "SKIPPED: WebGPU is not tested, since there is no software driver"

## Formatting, as swift-format sees it.
lint:
	@echo "== Checking the format"
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests $(wildcard bench)

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests $(wildcard bench)

## Policies on traces of this machine and on the simulated platform, and a live run against its trace: within 20 minutes.
## PICTURES=FOLDER takes labelled pictures instead of the demo.
bench: build assets
	@bench/run policies $(PICTURES) prediction $(PICTURES)

## What heed costs beside its peers: what else of bench/README.md wants no folder.
bench-costs: build assets
	@assets/install-debian-packages.sh Tests/Browser/debian-packages.txt
	@bench/run inference rested frame capture capture-threads scheduler meters processor memory start latency choices \
		streams switching speech-silence page

clean:
	@rm -rf .build out
