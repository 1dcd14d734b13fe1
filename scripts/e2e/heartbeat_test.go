package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// beats is what the health page says of the heart.
type beats struct {
	Heartbeat struct {
		Good      bool
		Failing   string
		Beats     uint64
		Missed    uint64
		LongestUS int64 `json:"longest_us"`
	}
}

func (b *box) beats() (h beats) {
	b.t.Helper()
	b.must("GET", "/api/v1/health", nil, &h)
	return h
}

// TestHeartbeat: the box answers its own telephone call for a sign of life through the
// socket that telephones use, within a tenth of a second and while the socket is
// flooded. It is the proof that alone feeds a real board's watchdog.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26400-26449")
	b.signIn()
	until(t, 5*time.Second, "a heartbeat", func() (any, bool) {
		h := b.beats()
		return h, h.Heartbeat.Good && h.Heartbeat.Beats > 0
	})
	stop, sent := make(chan struct{}), make(chan int, 1)
	go func() { sent <- flood(t, b.SIP, "OPTIONS", floodMany, stop) }()
	until(t, 15*time.Second, "the next heartbeat, in a flood", func() (any, bool) {
		h := b.beats()
		return h, h.Heartbeat.Beats > 1
	})
	close(stop)
	said, err := exec.Command(filepath.Join(root(t), "build/centralita"), "health", "--data", b.data).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(said), "well: ") {
		t.Errorf("centralita health: %v, %q", err, said)
	}
	contains(t, refuses(t, "health", "--data", t.TempDir()), "is the box running")
	h := b.beats().Heartbeat
	t.Logf("%d stray messages, %+v", <-sent, h)
	if !h.Good || h.Missed > 0 {
		t.Errorf("the heart missed a beat: %+v", h)
	}
}

// TestBoardMissing: a machine that is not the board it is to be says in a sentence
// each what it lacks, and leaves the data folder to the next try.
func TestBoardMissing(t *testing.T) {
	data := t.TempDir()
	said := refuses(t, "run", "--board", "rev1", "--data", data, "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0")
	contains(t, said, "board rev1", "tdmlines", "/dev/spidev0.0")
	for line := range strings.Lines(said) {
		if strings.Contains(line, "panic") {
			t.Error(line)
		}
	}
	contains(t, refuses(t, "run", "--board", "none", "--data", data), `"none"`, "sim", "rev1", "stm32mp1")
	contains(t, refuses(t, "run", "--board", "rev1", "--data", data), "board rev1")
}
