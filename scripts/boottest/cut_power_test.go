package boottest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	pauseMost = 2000            // ms between two words
	soundMost = 5 * time.Second // of a recording that a cut may take
	cutFirst  = 800             // frames of 10 ms after the load began
	cutLast   = 1600
)

// TestPowerCuts takes the power away while people talk and are recorded. After every
// cut the box is ready again with every record, revision and command that it had
// told; each recording that was running plays up to its last five seconds, each that
// had ended plays whole, and in the end the call list says the same as the book.
func TestPowerCuts(t *testing.T) {
	need(t)
	n, d := asked(t, 2), dice(t)
	p := &powerCut{cutBox: newCutBox(t, image+"/update/good/disk.img"), d: d, tapes: map[uint64]*tape{}}
	p.book.Heard = p.heard
	p.power()
	p.up()
	p.office()
	p.confirmed()
	t.Log("an office is there")
	for range n {
		rev := p.commit(fmt.Sprintf("Oficina %d", p.cuts+1))
		running := p.load()
		acked := p.command()
		frame := p.frame()
		p.cut()
		running()
		p.power()
		p.up()
		p.whole()
		p.kept(acked)
		if is, name, _ := p.inForce(); is < rev || name != fmt.Sprintf("Oficina %d", p.cuts) {
			t.Fatalf("cut %d: revision %d was told, %d %q is in force", p.cuts, rev, is, name)
		}
		lost, of := p.recordings(frame)
		t.Logf("cut %d: %d recordings were running, at most %.1f s of one lost; ready in %.1f s", p.cuts, of, lost.Seconds(), p.took.Seconds())
	}
	p.list()
	t.Logf("%d cuts under load, %d records, %d calls of which %v; %d recordings were cut, at most %.1f s lost (median %.1f s), %d were whole before; longest start %.1f s",
		p.cuts, p.book.Last(), p.book.Begun, p.book.Causes, len(p.losses), p.worst().Seconds(), p.median().Seconds(), p.ended, p.most.Seconds())
	if len(p.losses) < n {
		t.Errorf("%d recordings were running in %d cuts: there was no load", len(p.losses), n)
	}
}

// tape is what was seen of a recording.
type tape struct {
	began int // frame of the board at which it was known
	ended bool
	ms    int64 // as told when it ended
}

type powerCut struct {
	*cutBox
	d      *rand.Rand
	mu     sync.Mutex
	tapes  map[uint64]*tape // by call
	losses []time.Duration
	ended  int
}

// office makes four lines ring a queue of four agents, whose calls are recorded.
func (p *powerCut) office() {
	p.t.Helper()
	_, _, tree := p.inForce()
	var lines, stations, people []map[string]any
	var agents []string
	for i := range 4 {
		ext := fmt.Sprint(101 + i)
		lines = append(lines, map[string]any{"name": fmt.Sprintf("fxo%d", i+1), "rings": "queue/reception"})
		stations = append(stations, map[string]any{"extension": ext, "handset": fmt.Sprintf("fxs%d", i+1)})
		people = append(people, map[string]any{"name": "a" + ext, "role": "agent", "station": ext, "ready": "always"})
		agents = append(agents, "a"+ext)
	}
	tree["lines"], tree["stations"], tree["people"] = lines, stations, people
	tree["queues"] = []map[string]any{{"name": "reception", "agents": agents, "strategy": "longest-idle", "ring": "20s", "record": map[string]any{"always": true}}}
	p.owner.must("PUT", "settings/candidate", map[string]any{"tree": tree})
	p.owner.must("POST", "settings/commit", map[string]string{"note": "power cuts"})
}

// wish asks something of the town.
func (p *powerCut) wish(path string, body map[string]any) { p.owner.must("POST", "/bench/"+path, body) }

// frame is the board's time in steps of 10 ms, which goes as fast as the machine can.
func (p *powerCut) frame() int {
	p.t.Helper()
	var s struct{ Frame int }
	p.get("/bench/state", &s)
	return s.Frame
}

// heard notes recordings: when they began by the board's time, and how they ended.
func (p *powerCut) heard(kind string, call uint64, body json.RawMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch kind {
	case "RecordingBegan":
		p.tapes[call] = &tape{began: -1}
	case "RecordingEnded":
		var e struct {
			MS    int64
			Error string
		}
		if t := p.tapes[call]; t != nil && json.Unmarshal(body, &e) == nil {
			t.ended, t.ms = true, e.MS
		}
	}
}

// load lets people call until a random moment; what is returned forgets them.
func (p *powerCut) load() (over func()) {
	p.t.Helper()
	for i := range 4 {
		p.wish(fmt.Sprintf("handset/fxs%d/answer-after", i+1), map[string]any{"rings": 1, "voice": fmt.Sprintf("babble:%d", i+1)})
	}
	ctx, cancel := context.WithCancel(p.t.Context())
	var work sync.WaitGroup
	for i := range 4 {
		seconds := 4 + p.d.IntN(4) // short calls, that end and come again
		if i > 1 {
			seconds = 120
		}
		number := fmt.Sprintf("91234567%d", i)
		body, err := json.Marshal(map[string]any{"number": number, "voice": fmt.Sprintf("babble:%d", 5+i), "hangup_after_s": seconds})
		if err != nil {
			p.t.Fatal(err)
		}
		work.Go(func() {
			for ctx.Err() == nil {
				p.owner.ask("POST", fmt.Sprintf("/bench/line/fxo%d/call", i+1), "application/json", body) // the line may be busy, the power off
				select {
				case <-ctx.Done():
				case <-time.After(2 * time.Second):
				}
			}
		})
	}
	until := p.frame() + cutFirst + p.d.IntN(cutLast-cutFirst)
	for limit := time.Now().Add(2 * bootWait); p.stamp() < until || p.running() == 0; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(limit) {
			p.t.Fatal("nobody is recorded")
		}
	}
	return func() { cancel(); work.Wait() }
}

// stamp gives recordings that were known before the present frame that frame.
func (p *powerCut) stamp() (frame int) {
	p.t.Helper()
	p.mu.Lock()
	var fresh []*tape
	for _, t := range p.tapes {
		if t.began < 0 {
			fresh = append(fresh, t)
		}
	}
	p.mu.Unlock()
	frame = p.frame()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range fresh {
		t.began = frame
	}
	return frame
}

// running counts recordings that were stamped and go on.
func (p *powerCut) running() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.tapes {
		if t.began >= 0 && !t.ended {
			n++
		}
	}
	return n
}

// command has the box do something that must last, and gives its number.
func (p *powerCut) command() uint64 {
	p.t.Helper()
	for _, c := range []string{"away", "ready"} {
		text, err := json.Marshal(map[string]any{"agent": "a104", "reason": map[string]string{"away": "lunch"}[c]})
		if c == "ready" {
			text, err = json.Marshal(map[string]any{"agent": "a104"})
		}
		if err != nil {
			p.t.Fatal(err)
		}
		status, said := p.owner.ask("POST", "acd/agent/"+c, "application/json", text)
		var done struct{ Seq uint64 }
		switch {
		case status == http.StatusConflict: // it is just being rung
		case status != http.StatusOK || json.Unmarshal([]byte(said), &done) != nil:
			p.t.Fatalf("agent %s: %d %s", c, status, said)
		default:
			return done.Seq
		}
	}
	return 0
}

// kept looks that the record of a command, which the cut may have kept from whoever
// follows the book, is in it: another that took its number is none.
func (p *powerCut) kept(acked uint64) {
	p.t.Helper()
	if acked == 0 {
		return
	}
	p.until(fmt.Sprintf("record %d read", acked), func() (string, bool) {
		last := p.book.Last()
		return fmt.Sprint(last), last >= acked
	})
	if kind := p.book.Kind(acked); kind != "AgentChanged" {
		p.t.Fatalf("cut %d: command %d was told, under its number the book has %q", p.cuts, acked, kind)
	}
}

// row is a call of the list.
type row struct {
	Call      uint64
	Cause     string
	Recording *struct {
		State string
		MS    int64
	}
}

// recordings plays what was running when the power went at a frame, and gives the
// most that one of them lost.
func (p *powerCut) recordings(frame int) (worst time.Duration, of int) {
	p.t.Helper()
	p.mu.Lock()
	was := map[uint64]tape{}
	for call, t := range p.tapes {
		if t.began >= 0 {
			was[call] = *t
		}
		delete(p.tapes, call)
	}
	p.mu.Unlock()
	for call, t := range was {
		var r struct{ row }
		p.until(fmt.Sprintf("call %d with its recording", call), func() (string, bool) {
			status, said := p.owner.ask("GET", fmt.Sprintf("calls/%d", call), "application/json", nil)
			return said, status == http.StatusOK && json.Unmarshal([]byte(said), &r) == nil && r.Recording != nil && r.Recording.State != "running"
		})
		ms := p.play(call)
		if ms > r.Recording.MS+10 || ms < r.Recording.MS-pauseMost {
			p.t.Fatalf("call %d plays %d ms, the list says %d", call, ms, r.Recording.MS)
		}
		if r.Cause != "power-cut" { // it ended before
			p.ended++
			continue
		}
		of++
		lost := max(0, time.Duration(frame-t.began)*10*time.Millisecond-time.Duration(ms)*time.Millisecond)
		p.losses = append(p.losses, lost)
		worst = max(worst, lost)
		if lost > soundMost {
			p.t.Errorf("cut %d: call %d was recorded for at least %.2f s, %.2f s play", p.cuts, call, float64(frame-t.began)/100, float64(ms)/1000)
		}
	}
	return worst, of
}

// play fetches a recording and gives the length of the sound in it: nothing but zeros
// at its end is none.
func (p *powerCut) play(call uint64) (ms int64) {
	p.t.Helper()
	status, said := p.owner.ask("GET", fmt.Sprintf("calls/%d/recording", call), "application/json", nil)
	if status == http.StatusNotFound {
		return 0 // the power went before the file was there
	}
	raw := []byte(said)
	if status != http.StatusOK || len(raw) < 44 || string(raw[:4]) != "RIFF" || string(raw[8:16]) != "WAVEfmt " || string(raw[36:40]) != "data" {
		p.t.Fatalf("the recording of call %d: %d %.80q", call, status, raw)
	}
	size := int64(binary.LittleEndian.Uint32(raw[40:]))
	if size > int64(len(raw))-44 {
		p.t.Fatalf("the recording of call %d promises %d bytes and has %d", call, size, len(raw)-44)
	}
	sound := raw[44 : 44+size]
	return int64(len(bytes.TrimRight(sound, "\x00"))+31) / 32
}

// list compares the call list with the book.
func (p *powerCut) list() {
	p.t.Helper()
	rows := map[uint64]row{}
	for before, more := "", true; more; {
		var page struct {
			Calls []row
			More  bool
		}
		p.get("calls?limit=200"+before, &page)
		for _, r := range page.Calls {
			rows[r.Call] = r
		}
		if more = page.More && len(page.Calls) > 0; more {
			before = fmt.Sprintf("&before=%d", page.Calls[len(page.Calls)-1].Call)
		}
	}
	p.book.Lock()
	defer p.book.Unlock()
	for call, cause := range p.book.Ended {
		if r, ok := rows[call]; !ok || r.Cause != cause {
			p.t.Errorf("call %d ended by %q in the book, by %q in the list", call, cause, r.Cause)
		}
	}
	if len(rows) != p.book.Begun || len(p.book.Open) > 0 {
		p.t.Errorf("the list has %d calls, the book %d, of which %d go on", len(rows), p.book.Begun, len(p.book.Open))
	}
	for _, r := range rows {
		if r.Recording != nil && (r.Recording.State == "running" || strings.Contains(r.Recording.State, "lost")) {
			p.t.Errorf("call %d has a recording that is %s", r.Call, r.Recording.State)
		}
	}
}

func (p *powerCut) worst() time.Duration {
	if len(p.losses) == 0 {
		return 0
	}
	return slices.Max(p.losses)
}

func (p *powerCut) median() time.Duration {
	if len(p.losses) == 0 {
		return 0
	}
	slices.Sort(p.losses)
	return p.losses[len(p.losses)/2]
}
