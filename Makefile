# Centralita. `make help` lists what there is; README.md tells the rest.
SHELL := /bin/bash
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
GOBUILD := CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "$(LDFLAGS)"
BOX := build/centralita
DATA ?= build/data
HTTP ?= 127.0.0.1:8080
HTTPS ?= 127.0.0.1:8443
SIP ?= 127.0.0.1:5060
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Debian packages: what sounds are made with, and what the tests call with.
NEEDS_SOUND := espeak-ng sox
NEEDS_LAB := python3-numpy python3-scipy espeak-ng gcc asterisk-core-sounds-en-wav asterisk-core-sounds-es-wav \
  asterisk-core-sounds-it-wav asterisk-prompt-it-menardi-wav asterisk-moh-opsound-wav
NEEDS_TEST := $(NEEDS_SOUND) baresip-core linphone-cli sip-tester sipvicious kamailio chromium fonts-dejavu-core qemu-user-static gcc libc6-dev libspandsp-dev libtiff-dev busybox

.PHONY: help run box web sounds test unit race days e2e fax arm-test soak lab echo-day lint fmt arm arm64 bench bench-sip flood cycles powerback netdown torture fuzz fuzz-short licences needs clean arm-cost lab-peers bench-browsers
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

run: box sounds ## start the box on the simulated board and print the address of its page
	$(BOX) run --board sim --data $(DATA) --http $(HTTP) --https $(HTTPS) --sip $(SIP) --settings scripts/demo/office.yaml --sounds build/sounds

box: $(BOX) ## build the program with its page for this machine
$(BOX): web
	@mkdir -p build
	$(GOBUILD) -o $(BOX) ./firmware/cmd/centralita
.PHONY: $(BOX)

web: webui/dist/index.html ## build the web page
webui/dist/index.html: $(shell find webui/src webui/public webui/index.html webui/package.json webui/vite.config.ts webui/tsconfig.json webui/compress.mjs webui/publish.mjs firmware/words -type f ! -name '*.go' 2>/dev/null) webui/node_modules/.package-lock.json
	cd webui && npm run --silent build
webui/node_modules/.package-lock.json: webui/package-lock.json
	cd webui && npm ci --no-audit --no-fund --silent
	@touch $@

sounds: ## unpack prompts and music, speak what is missing (build/sounds)
	@scripts/need $(NEEDS_SOUND) || true
	@scripts/sounds/build build/sounds

needs:
	@scripts/need $(NEEDS_TEST)

test: needs lint unit race days fuzz-short arm-test e2e ## everything CI checks

unit: web ## Go and page tests
	go test -tags timetzdata $$(go list ./... | grep -v -e /scripts/e2e -e /scripts/archtest)
	go test -count=1 ./scripts/archtest
	cd webui && npm test --silent

days: ## whole days of simulated offices, 500 and more
	@mkdir -p build
	$(GOBUILD) -o build/officesim ./firmware/cmd/officesim
	build/officesim -days 520

e2e: box sounds needs ## the real program with real telephones: baresip, sipp, Chromium
	go test -count=1 -timeout 20m -parallel 3 -v ./scripts/e2e # most of them wait for people to have spoken

PAGES ?= 20
fax: box sounds needs ## send PAGES fax pages line to handset and line to SIP: in virtual time, then as many through the program
	go test -count=1 -timeout 20m -run TestFax -v ./scripts/copper -pages $(PAGES)
	go test -count=$$(( ($(PAGES)+1)/2 )) -timeout 40m -run 'TestFax$$' -v ./scripts/e2e

RACED := ./firmware/switchboard ./firmware/leg/... ./firmware/journal ./firmware/recorder ./firmware/store \
  ./firmware/api ./firmware/media ./firmware/media/jitter ./hal/... ./board/simboard
# Tests in a bubble of virtual time run on one processor: the race detector of Go 1.26 keeps
# one context for all timers of a bubble and dies when two threads enter it at once
# (golang/go issue 78156). What it finds does not depend on threads but on the order of locks.
BUBBLED = $(sort $(shell go list -f '{{range .TestImports}}{{if eq . "testing/synctest"}}{{$$.ImportPath}} {{end}}{{end}}{{range .XTestImports}}{{if eq . "testing/synctest"}}{{$$.ImportPath}} {{end}}{{end}}' $(RACED)))
UNBUBBLED = $(filter-out $(BUBBLED),$(shell go list $(RACED)))
race: ## the parts with goroutines under the race detector
	set -o pipefail; go test -race -short -cpu 1 -tags timetzdata $(BUBBLED) 2>&1 | grep -v 'no test files'
	set -o pipefail; go test -race -short -tags timetzdata $(UNBUBBLED) 2>&1 | grep -v 'no test files'

ARM_TESTED := ./firmware/media/... ./firmware/journal ./firmware/event ./firmware/leg ./firmware/leg/rtp ./firmware/leg/sip
arm-test: ## the arm v7 build of sound, SIP, journal and events under qemu
	CGO_ENABLED=0 GOOS=linux GOARCH=arm GOARM=7 go test -vet=off -exec qemu-arm-static -short -timeout 10m $(ARM_TESTED) | grep -v 'no test files'; exit $${PIPESTATUS[0]}

arm-cost: ## instructions of the sound functions on arm v7, and what 8 lines take of a Cortex-A8
	@scripts/need gcc libc6-dev qemu-user
	@nice -n 15 go run ./scripts/armcost

SCRIPTS ?= 10000
SEED ?= 1
soak: ## let boxes fail by SCRIPTS random scripts from SEED on, calls going on (about half an hour)
	SOAK=$(SCRIPTS) SOAK_SEED=$(SEED) nice go test -count=1 -run TestSoak -timeout 6h -v ./scripts/soak | grep -v '^ *\(=== \|--- PASS\)'; exit $${PIPESTATUS[0]}

SEEDS ?= 20240601
lab: ## measure the sound functions on a corpus (LAB=DIR has its makers, SEEDS="1 2 3") beside their bars
	@[ -z "$(LAB)" ] || scripts/need $(NEEDS_LAB)
	@bad=0; for s in $(SEEDS); do go run ./scripts/lab -lab "$(LAB)" -seed $$s $(LABFLAGS) || bad=1; done; exit $$bad

lab-peers: ## the same beside spandsp and Speex
	@scripts/need libspandsp-dev libtiff-dev libspeexdsp-dev
	@$(MAKE) -s lab LABFLAGS="$(LABFLAGS) -peers"

echo-day: ## the echo canceller through a day of mixed sound: ERLE and largest coefficient by the hour (4 minutes)
	nice -n 15 go test -count=1 ./firmware/media/echo -run TestDay -v -day 24h -timeout 2h

RELEASE_CALLS ?= 223
RELEASE_SEED ?= 1
release-lab: ## 2 000 simulated calls of each of nine countries: conversations cut, hang-ups seen late
	go run ./firmware/cmd/linelab release -calls $(RELEASE_CALLS) -seed $(RELEASE_SEED) -workers 2 -sounds "$$([ -d build/sounds ] && echo build/sounds)"

lint: ## formatting, vet, staticcheck, generated files and go.mod unchanged
	@out=$$(gofmt -l board firmware hal scripts webui/*.go); [ -z "$$out" ] || { echo "gofmt: $$out"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	@scripts/unchanged

fmt: ## format all Go
	gofmt -w board firmware hal scripts webui/*.go

arm: web ## the program for arm v7 (build/centralita-arm)
	GOOS=linux GOARCH=arm GOARM=7 $(GOBUILD) -o build/centralita-arm ./firmware/cmd/centralita
	@ls -l build/centralita-arm | awk '{print "arm v7:", $$5, "bytes"}'

arm64: web ## the program for arm64 (build/centralita-arm64)
	GOOS=linux GOARCH=arm64 $(GOBUILD) -o build/centralita-arm64 ./firmware/cmd/centralita
	@ls -l build/centralita-arm64 | awk '{print "arm64:", $$5, "bytes"}'

CYCLES ?= 10000
cycles: box sounds ## hold a call CYCLES times and hand over a tenth as many calls: nothing is kept (3 minutes)
	CYCLES=$(CYCLES) go test -count=1 -timeout 30m -run 'TestCycles$$' -v ./scripts/e2e

powerback: box sounds ## cut the power with 500 telephones registered: how soon all are there again
	go test -count=1 -run 'TestPowerBack$$' -v ./scripts/e2e

NETDOWN ?= 30s
netdown: box sounds ## take the network away from a box with a call for NETDOWN: calls live on, registrations come back (root)
	NETDOWN=$(NETDOWN) go test -count=1 -timeout 30m -run 'TestNetworkDown$$' -v ./scripts/e2e

TORTURE ?=
torture: box sounds ## send the messages of RFC 4475 of folder TORTURE (msg/*.dat, expected.tsv) to the program
	@[ -n "$(TORTURE)" ] || { echo "make torture TORTURE=DIR"; exit 1; }
	TORTURE="$(abspath $(TORTURE))" go test -count=1 -run 'TestTortureMessages$$' -v ./scripts/e2e

BENCHSIP ?= -runs 3 all
FLOOD ?= 60s
flood: box sounds ## flood the box with INVITE, REGISTER and OPTIONS from one and from many, FLOOD each, phones calling meanwhile
	FLOOD=$(FLOOD) go test -count=1 -timeout 30m -run 'TestFloods$$' -v ./scripts/e2e

bench-sip: box sounds ## print the figures of SIP calls and registrations (BENCHSIP="-runs 1 calls" for a part, "-server host:port calls" for another server, PEER=host:port beside it)
	scripts/bench/sip $(if $(PEER),-peer $(PEER)) $(if $(PEER_PID),-peer-pid $(PEER_PID)) $(BENCHSIP)

bench: box arm sounds needs ## print the figures of speed and size
	scripts/bench/run

BROWSERS ?= 32
bench-browsers: box ## processor time of BROWSERS calls between browsers and SIP telephones (half a minute)
	BROWSERS=$(BROWSERS) go test -count=1 -run TestBrowserLegs -v ./scripts/bench/browsers

FUZZTIME ?= 20s
fuzz: ## run every fuzz target for FUZZTIME each
	@for f in $$(grep -rlE '^func Fuzz' --include='*_test.go' board firmware hal | sort); do \
	  for t in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$f | cut -c6-); do \
	    echo "fuzz $$(dirname $$f) $$t"; \
	    go test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./$$(dirname $$f) || exit 1; \
	  done; \
	done

# A number of runs and not a time: a deadline that falls into the shrinking of an
# input counts as a failure.
fuzz-short: ## every fuzz target, some thousand inputs each
	@$(MAKE) -s fuzz FUZZTIME=3000x >build/fuzz.log 2>&1 || { tail -40 build/fuzz.log; exit 1; }
	@echo "$$(grep -c '^fuzz ' build/fuzz.log) fuzz targets, no failure"

# What an image for QEMU's ARM machine is made and started with.
NEEDS_IMAGE := qemu-system-arm qemu-user-static u-boot-qemu u-boot-tools genimage squashfs-tools dosfstools mtools \
  e2fsprogs rauc kmod cpio zstd fakeroot libcap2-bin openssl libubootenv-tool
IMAGE := build/image/qemu
.PHONY: image-qemu qemu-partner boot-qemu boot-test boot-trouble boot-board-test sbom reproducible
image-qemu: arm sounds qemu-partner ## a bootable image for QEMU's ARM machine, and the bundle that updates it (build/image/qemu)
	@scripts/need $(NEEDS_IMAGE)
	VERSION=$(VERSION) nice -n 10 scripts/qemu-image $(IMAGE)

# What the board "qemu" has below the kernel: chips and a town, and the kernel modules
# that show them.
qemu-partner:
	@scripts/qemu-modules
	GOOS=linux GOARCH=arm GOARM=7 $(GOBUILD) -o build/qemutown-arm ./firmware/cmd/qemutown

boot-qemu: ## start that image: its serial port is this terminal, its page is at HTTP (BOARD=qemu: that board; CABLE=path: a socket at its USB cable)
	@[ -s $(IMAGE)/disk.img ] || $(MAKE) image-qemu
	@[ -s $(IMAGE)/run.img -a $(IMAGE)/run.img -nt $(IMAGE)/disk.img ] || cp --sparse=always $(IMAGE)/disk.img $(IMAGE)/run.img
	@HTTP=$(HTTP) HTTPS=$(HTTPS) SIP=$(SIP) BOARD=$(BOARD) CABLE=$(CABLE) scripts/qemu-run $(IMAGE)/run.img

sbom: arm ## what the image's program is made of, as CycloneDX (build/centralita.cdx.json)
	go run ./scripts/sbom -program build/centralita-arm -o build/centralita.cdx.json

reproducible: webui/node_modules/.package-lock.json sounds ## build our parts of an image twice and compare them byte for byte
	nice -n 15 scripts/reproducible

boot-test: image-qemu ## start the image: doors, memory, updates, an installer at the USB cable, a call, the front, the watchdog (half an hour)
	@scripts/need expect socat
	nice -n 10 scripts/qemu/update-images build/image/update
	BOOT_TEST=1 go test -count=1 -timeout 40m -v ./scripts/boottest

BOARD_TEST ?= all
boot-board-test: image-qemu ## what every board must do, in the image on the kernel's own SPI, GPIO, sound and LEDs (BOARD_TEST names one)
	BOARD_TEST="$(BOARD_TEST)" go test -count=1 -timeout 120m -run TestSuiteOnKernel -v ./scripts/boottest

CUTS ?=
.PHONY: update-cuts power-cuts cut-images
cut-images: arm sounds
	@scripts/need $(NEEDS_IMAGE)
	VERSION=$(VERSION) nice -n 10 scripts/qemu/update-images build/image/update

update-cuts: cut-images ## take the power away at CUTS (40) places of updates of the image, and of a quarter as many commits (CUTS_SEED)
	BOOT_TEST=1 CUTS=$(or $(CUTS),40) nice -n 10 go test -count=1 -timeout 8h -v -run 'TestUpdateCuts$$' ./scripts/boottest

power-cuts: cut-images ## take the power away CUTS (30) times from the image while people talk and are recorded (CUTS_SEED)
	BOOT_TEST=1 CUTS=$(or $(CUTS),30) nice -n 10 go test -count=1 -timeout 8h -v -run 'TestPowerCuts$$' ./scripts/boottest

boot-trouble: image-qemu ## start the image and let it meet a wrong clock, a pulled cable, a full and a read-only disk (some minutes)
	BOOT_TEST=1 BOOT_TROUBLE=1 nice -n 10 go test -count=1 -timeout 60m -run 'TestTroubles$$' -v ./scripts/boottest

licences: ## list the licences of what the program is linked with
	@go run ./scripts/licences

clean: ## remove what was built
	rm -rf build webui/dist/assets webui/dist/index.html
