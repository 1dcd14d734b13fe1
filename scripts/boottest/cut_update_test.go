package boottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// The parts of an update that are cut, and how many of 40 cuts fall into each.
var updateParts = []struct {
	name  string
	share int
}{
	{"upload", 5}, {"check", 4}, {"write", 11}, {"mark", 5}, {"leave", 3}, {"first start", 5}, {"probe", 4}, {"good", 3},
}

// pace is what a whole update took of this computer's processor, which is how far the
// box comes however busy the computer is: cuts are spread over it.
type pace struct {
	check time.Duration // from the last byte of the bundle until it is judged
	write int64         // bytes to the disk while the slot is written
	mark  time.Duration // from there until the box says that it is
	leave time.Duration // from there until the next start
	start time.Duration // of the new slot until the program answers and is confirmed
	good  time.Duration // from there until the box says so
}

// TestUpdateCuts takes the power away again and again, from an update's first byte
// until it is called good. After every cut the box must start from the slot that was
// promised, be ready, confirm itself, say how the update ended, and know every record
// and every revision of the settings that it had told. In the end a changed bundle is
// refused, and a version that hangs, cut in each of its three starts, is left.
func TestUpdateCuts(t *testing.T) {
	need(t)
	n, d := asked(t, 3), dice(t)
	bundle, err := os.ReadFile(image + "/update/good/centralita-qemu.raucb")
	if err != nil {
		t.Fatalf("%v (make boot-test builds it)", err)
	}
	u := &updateCut{cutBox: newCutBox(t, image+"/update/good/disk.img"), bundle: bundle, d: d}
	u.slot = u.power()
	u.up()
	u.confirmed()
	u.settled(true)
	u.measure()
	parts := spread(n)
	for range n / 4 {
		parts = append(parts, commitPart)
	}
	for _, part := range parts {
		u.name = fmt.Sprintf("Oficina %d", u.cuts+1)
		u.rev = u.commit(u.name)
		at := d.Float64()
		began, was := time.Now(), u.slot
		u.run(part, at)
		u.after(part)
		t.Logf("cut %d: %s at %.2f%s: %s, then %s; ready in %.1f s, all in %.0f s", u.cuts, part, at, u.seen, was, u.slot, u.took.Seconds(), time.Since(began).Seconds())
	}
	if n >= len(updateParts) { // for a day's short form another test shows the two without cuts
		u.refused()
		u.hangs()
	}
	t.Logf("%d cuts, %d of updates and %d of commits (%d of them told before); %d starts, %d records, %d revisions, longest start %.1f s; in the same slot after: %v",
		u.cuts, n, n/4, u.told, u.starts, u.book.Last(), u.rev, u.most.Seconds(), u.ran)
}

// spread gives n parts in the order of an update, by their shares of 40.
func spread(n int) []string {
	var all, list []string
	for _, p := range updateParts {
		for range p.share {
			all = append(all, p.name)
		}
	}
	for i := range n {
		list = append(list, all[(2*i+1)*len(all)/(2*n)%len(all)])
	}
	return list
}

// updateCut is one box and what it promised.
type updateCut struct {
	*cutBox
	bundle     []byte
	d          *rand.Rand
	pace       pace
	slot       string // that runs
	rev        uint64 // of the settings that was told
	name       string // the office's of that revision
	maybe      string // the office's of a revision that was sent and not told
	commitTook time.Duration
	told       int          // commits that were told before their cut
	may        string       // slots that may run after the cut
	result     string       // how the update must end, "" any way
	seen       string       // what was seen when the power went
	ran        map[bool]int // cuts, by whether the slot stayed
}

func other(slot string) string { return map[string]string{"A": "B", "B": "A"}[slot] }

// state is what the page says of the update.
type state struct {
	Phase   string
	Percent int
	Slot    string
	Offered bool
	Last    *struct{ Result, Why string }
}

func (u *updateCut) state() (s state, ok bool) {
	u.t.Helper()
	status, said := u.owner.ask("GET", "box/update", "application/json", nil)
	if status != http.StatusOK {
		return s, false
	}
	if err := json.Unmarshal([]byte(said), &s); err != nil {
		u.t.Fatal(err, said)
	}
	return s, true
}

// settled waits until the box knows what runs and how the last update ended.
func (u *updateCut) settled(never bool) (s state) {
	u.t.Helper()
	u.until("the update settled", func() (string, bool) {
		var ok bool
		s, ok = u.state()
		return fmt.Sprintf("%+v", s), ok && s.Offered && s.Phase == "idle" && (never || s.Last != nil)
	})
	return s
}

// phase waits until the update is in one of these.
func (u *updateCut) phase(names ...string) (s state) {
	u.t.Helper()
	u.until("the update to be "+strings.Join(names, " or "), func() (string, bool) {
		s, _ = u.state()
		return fmt.Sprintf("%+v", s), slices.Contains(names, s.Phase)
	})
	return s
}

// upload sends the bundle; at is called before each piece and may cut the power.
func (u *updateCut) upload(bundle []byte, at func(sent int) (stop bool)) (status int, said string) {
	u.t.Helper()
	from, to := io.Pipe()
	go func() {
		const piece = 64 << 10
		for sent := 0; sent < len(bundle); sent += piece {
			if at != nil && at(sent) {
				_ = to.CloseWithError(io.ErrUnexpectedEOF)
				return
			}
			if _, err := to.Write(bundle[sent:min(sent+piece, len(bundle))]); err != nil {
				return // the other end told why
			}
		}
		if at != nil {
			at(len(bundle))
		}
		_ = to.Close()
	}()
	req, err := http.NewRequestWithContext(u.t.Context(), "PUT", "http://"+u.m.HTTP+"/api/v1/box/update", from)
	if err != nil {
		u.t.Fatal(err)
	}
	req.ContentLength = int64(len(bundle))
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := u.owner.client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

func (u *updateCut) send(bundle []byte) {
	u.t.Helper()
	if status, said := u.upload(bundle, nil); status != http.StatusOK {
		u.t.Fatalf("the bundle: %d %s", status, said)
	}
}

func (u *updateCut) install() { u.owner.must("POST", "box/update/install", map[string]string{}) }

// measure makes one update without a cut.
func (u *updateCut) measure() {
	u.t.Helper()
	var last time.Duration
	status, said := u.upload(u.bundle, func(int) bool { last = u.m.Worked(); return false })
	if status != http.StatusOK {
		u.t.Fatalf("the bundle: %d %s", status, said)
	}
	u.pace.check = u.m.Worked() - last
	before := u.m.Written()
	u.install()
	type point struct {
		at    time.Duration
		bytes int64
	}
	var way []point
	done := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
				way = append(way, point{u.m.Worked(), u.m.Written() - before})
			}
		}
	}()
	u.phase("waiting", "restarting")
	close(done)
	<-over
	written := u.m.Worked()
	u.pace.write = way[len(way)-1].bytes
	for _, p := range way {
		if float64(p.bytes) > slotShare*float64(u.pace.write) {
			u.pace.mark = written - p.at
			break
		}
	}
	u.slot = expect(u.t, u.m.Serial, `slot ([AB]): order`, bootWait)[1]
	chosen := u.m.Worked()
	u.pace.leave = chosen - written
	u.tail.Wait()
	u.await(`centralita ready `)
	u.confirmed()
	confirmed := u.m.Worked()
	u.pace.start = confirmed - chosen
	u.up()
	if s := u.settled(false); s.Last.Result != "good" || s.Slot != "B" {
		u.t.Fatalf("the update without a cut: %+v %+v", s, s.Last)
	}
	u.pace.good = u.m.Worked() - confirmed
	u.t.Logf("processor time without a cut: check %.1f s, %d bytes written, mark %.1f s, leave %.1f s, start %.1f s, good %.1f s",
		u.pace.check.Seconds(), u.pace.write, u.pace.mark.Seconds(), u.pace.leave.Seconds(), u.pace.start.Seconds(), u.pace.good.Seconds())
}

// slotShare of what an update writes is the slot; the rest is its marking.
const slotShare = 0.97

// surelyWriting is the share up to which the slot cannot be whole yet, also where the
// bundle went to the disk before and was a part of the measure.
const surelyWriting = 0.5

// probeShare of a start is the program's: it opens, proves itself and is confirmed.
const probeShare = 0.25

// works waits until a machine has worked so long.
func works(m *machine.Machine, much time.Duration) {
	until, limit := m.Worked()+much, time.Now().Add(bootWait)
	for now := m.Worked(); now > 0 && now < until && time.Now().Before(limit); now = m.Worked() {
		time.Sleep(5 * time.Millisecond)
	}
}

// part of a time.
func part(of time.Duration, at float64) time.Duration { return time.Duration(float64(of) * at) }

// run brings an update to the place and takes the power away: at is where in that part.
func (u *updateCut) run(name string, at float64) {
	u.t.Helper()
	u.may, u.result, u.seen, u.maybe = u.slot, "", "", ""
	if name == commitPart {
		u.cutCommit(at)
		return
	}
	if name == "upload" {
		cut := int(at * float64(len(u.bundle)))
		u.upload(u.bundle, func(sent int) bool {
			if sent < cut {
				return false
			}
			u.seen = fmt.Sprintf(" (%d bytes sent)", sent)
			u.m.Kill()
			return true
		})
		u.cut()
		return
	}
	if name == "check" {
		u.upload(u.bundle, func(sent int) bool {
			if sent < len(u.bundle) {
				return false
			}
			m := u.m
			go func() {
				works(m, part(u.pace.check, at))
				m.Kill()
			}()
			return false
		})
		u.cut()
		return
	}
	u.send(u.bundle)
	before := u.m.Written()
	u.install()
	u.may = "AB" // whether it was marked is not told until it is
	if name == "write" || name == "mark" {
		share := at * slotShare
		if name == "mark" {
			share = slotShare
		}
		u.atBytes(before+int64(share*float64(u.pace.write)), share)
		if name == "mark" {
			works(u.m, part(u.pace.mark, at))
		}
		u.cut()
		if name == "write" && share < surelyWriting {
			u.may, u.result = u.slot, "interrupted"
		}
		return
	}
	u.phase("waiting", "restarting")
	u.may, u.result = other(u.slot), "good"
	if name == "leave" {
		works(u.m, part(u.pace.leave, at))
		u.cut()
		return
	}
	expect(u.t, u.m.Serial, `slot `+other(u.slot)+`: order`, bootWait)
	u.tail.Wait()
	u.tail = nil
	switch name {
	case "first start":
		works(u.m, part(u.pace.start, at))
	case "probe":
		works(u.m, part(u.pace.start, 1-(1-at)*probeShare))
	case "good":
		u.confirmed()
		works(u.m, part(u.pace.good, at))
	}
	u.cut()
}

// atBytes waits until the disk was written so far, or the slot is said to be written.
func (u *updateCut) atBytes(want int64, share float64) {
	u.t.Helper()
	limit := time.Now().Add(bootWait)
	for look := time.Now(); u.m.Written() < want; time.Sleep(time.Millisecond) {
		if time.Since(look) > time.Second {
			look = time.Now()
			s, ok := u.state()
			if ok && s.Phase != "writing" {
				u.seen = " (" + s.Phase + ")"
				return // this time it was less
			}
			u.seen = fmt.Sprintf(" (%d %% told)", s.Percent)
		}
		if time.Now().After(limit) {
			u.t.Fatalf("%.2f of the slot was not written within %v", share, bootWait)
		}
	}
}

// after starts the box again and looks at what it kept.
func (u *updateCut) after(name string) {
	u.t.Helper()
	slot := u.power()
	u.up()
	if is := u.confirmed(); is != slot {
		u.t.Fatalf("slot %s started, %s is confirmed", slot, is)
	}
	if !strings.Contains(u.may, slot) {
		u.t.Fatalf("cut %d (%s%s): %s runs, want %s", u.cuts, name, u.seen, slot, u.may)
	}
	s := u.settled(false)
	result := u.result
	if result == "" && u.may == "AB" {
		result = map[bool]string{true: "interrupted", false: "good"}[slot == u.slot]
	}
	if s.Slot != slot || result != "" && s.Last.Result != result {
		u.t.Fatalf("cut %d (%s%s): in slot %s the page says %+v %+v, want %s", u.cuts, name, u.seen, slot, s, s.Last, result)
	}
	u.settings(name)
	u.whole()
	if u.ran == nil {
		u.ran = map[bool]int{}
	}
	u.ran[slot == u.slot]++
	u.slot = slot
}

// refused gives the box a bundle that somebody changed, and cuts.
func (u *updateCut) refused() {
	u.t.Helper()
	changed := bytes.Clone(u.bundle)
	changed[len(changed)-900] ^= 1 // in the signature
	if status, said := u.upload(changed, nil); status != http.StatusUnprocessableEntity || !strings.Contains(said, `"update-`) {
		u.t.Fatalf("a changed bundle: %d %s", status, said)
	}
	if status, said := u.owner.ask("POST", "box/update/install", "application/json", []byte("{}")); status/100 == 2 {
		u.t.Fatalf("a refused bundle is installed: %s", said)
	}
	u.may, u.result, u.seen, u.maybe = u.slot, "", "", ""
	u.cut()
	u.after("refused")
}

// hangMost is how far a version that hangs may come before it is cut: it starts anew by
// itself some time after its system is up.
const hangMost = 3 * time.Second

// hangs installs a version whose program never gets ready and cuts each of its starts.
func (u *updateCut) hangs() {
	u.t.Helper()
	broken, err := os.ReadFile(image + "/update/broken/centralita-qemu.raucb")
	if err != nil {
		u.t.Fatalf("%v (make boot-test builds it)", err)
	}
	u.send(broken)
	u.install()
	u.phase("waiting", "restarting")
	expect(u.t, u.m.Serial, `slot `+other(u.slot)+`: order`, bootWait)
	for start := 1; ; start++ {
		u.await(`init at`)
		works(u.m, part(hangMost, u.d.Float64()))
		u.cut()
		if slot := u.power(); slot == u.slot {
			if start != 3 {
				u.t.Fatalf("the version that hangs was left after %d starts", start)
			}
			break
		} else if start == 3 {
			u.t.Fatal("the version that hangs was started a fourth time")
		}
	}
	u.up()
	u.confirmed()
	if s := u.settled(false); s.Last.Result != "fell-back" || s.Last.Why != "start" {
		u.t.Fatalf("the page says %+v %+v", s, s.Last)
	}
	u.owner.must("POST", "box/update/cancel", map[string]string{}) // people know
	u.whole()
}
