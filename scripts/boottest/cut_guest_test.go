package boottest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"centralita/scripts/book"
	"centralita/scripts/machine"
)

// asked is how many cuts a test makes: CUTS, or some that fit into every day.
func asked(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("CUTS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("CUTS=%s", text)
	}
	return n
}

// dice is seeded by CUTS_SEED, or by the time, and says so.
func dice(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("CUTS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("CUTS_SEED=%s", text)
		}
		seed = n
	}
	t.Logf("CUTS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

const lasting = "una palabra larga"

// cutBox is a box on one disk that outlives the cuts of its power.
type cutBox struct {
	t      *testing.T
	disk   string
	folder string
	m      *machine.Machine
	owner  *owner
	word   string // the owner's password
	book   *book.Book
	tail   *book.Follower
	cuts   int
	last   uint64        // record told before the last cut
	starts int           // of the machine
	took   time.Duration // from the last start's slot line until the ready line
	most   time.Duration // the longest of them
}

func newCutBox(t *testing.T, disk string) *cutBox {
	t.Helper()
	folder, err := os.MkdirTemp("", "box")
	if err != nil {
		t.Fatal(err)
	}
	b := &cutBox{t: t, disk: filepath.Join(t.TempDir(), "disk.img"), folder: folder, book: book.New()}
	if out, err := exec.Command("cp", "--sparse=always", disk, b.disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s (is it built? make boot-test)", err, out)
	}
	t.Cleanup(func() {
		if b.m != nil {
			b.m.Kill()
			if t.Failed() {
				t.Logf("the serial port said:\n%s", b.m.Serial.Said())
			}
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return b
}

// power starts the machine and waits until the boot script has chosen a slot.
func (b *cutBox) power() (slot string) {
	b.t.Helper()
	m, err := machine.Start(machine.Options{Disk: b.disk, Folder: b.folder, Patient: true})
	if err != nil {
		b.t.Fatal(err)
	}
	b.m = m
	b.starts++
	return expect(b.t, m.Serial, `slot ([AB]): order`, bootWait)[1]
}

// up waits for the program, signs in and follows the book from its beginning.
func (b *cutBox) up() {
	b.t.Helper()
	began := time.Now()
	if b.word == "" {
		b.word = b.await(`owner password: (\S+) \(`)[1]
	}
	b.await(`centralita ready `)
	b.took = time.Since(began)
	b.most = max(b.most, b.took)
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.owner = &owner{t: b.t, m: b.m, client: http.Client{Jar: jar, Timeout: bootWait}}
	if b.word != lasting {
		b.enter("session", map[string]string{"user": "owner", "password": b.word})
		b.enter("session/password", map[string]string{"old": b.word, "new": lasting})
	}
	b.word = lasting
	b.enter("session", map[string]string{"user": "owner", "password": lasting})
	if b.tail, err = b.book.Follow(b.t.Context(), jar, b.m.HTTP, 0); err != nil {
		b.t.Fatal(err)
	}
}

// enter asks again while the box is still busy with its start: checking a password
// costs a slow machine seconds.
func (b *cutBox) enter(path string, body map[string]string) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	late := false // the box took longer than its page waits
	b.until(path, func() (string, bool) {
		status, said := b.owner.ask("POST", path, "application/json", text)
		switch {
		case status/100 == 2:
			return said, true
		case late && strings.Contains(said, `"password-wrong"`): // it had become the new one
			return said, true
		case status != http.StatusServiceUnavailable && status != 0:
			b.t.Fatalf("%s: %d %s", path, status, said)
		}
		late = true
		return said, false
	})
}

// confirmed waits until the running slot is.
func (b *cutBox) confirmed() (slot string) {
	b.t.Helper()
	return b.await(`confirmed at [0-9.]+ s: running=([AB]) .*trial=\n`)[1]
}

// await waits for a line since the boot script chose a slot; lines of several programs
// come in any order.
func (b *cutBox) await(pattern string) []string {
	b.t.Helper()
	found, err := b.m.Serial.Await(pattern, bootWait)
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// cut takes the power away.
func (b *cutBox) cut() {
	b.t.Helper()
	b.m.Kill()
	b.cuts++
	if b.tail != nil {
		b.tail.Wait()
		b.tail = nil
	}
	b.last = b.book.Last()
}

// whole reads the book again from its beginning, in the present life of the box, and
// looks that everything that was ever told is in it and that the box found no damage.
func (b *cutBox) whole() {
	b.t.Helper()
	told, again := b.book.Last(), book.New()
	again.Gaps = true
	if _, err := again.Follow(b.t.Context(), b.owner.client.Jar, b.m.HTTP, 0); err != nil {
		b.t.Fatal(err)
	}
	b.until("the book told again", func() (string, bool) {
		return fmt.Sprintf("%d of %d", again.Last(), told), again.Last() >= told
	})
	if gone := b.book.Missing(again, told); len(gone) > 0 {
		b.t.Fatalf("after cut %d records %v are gone or changed; %d was the last before the cut, %d before this look", b.cuts, gone, b.last, told)
	}
	b.book.Lock()
	defer b.book.Unlock()
	for _, w := range append(b.book.Wrong, again.Wrong...) {
		b.t.Fatalf("after cut %d: %s", b.cuts, w)
	}
	_, said := b.owner.ask("GET", "alarm/list", "application/json", nil)
	for _, word := range []string{"journal-damage", "update-fell-back", "data-broken"} {
		if strings.Contains(said, word) {
			b.t.Fatalf("after cut %d there is an alarm: %s", b.cuts, said)
		}
	}
}

// until waits in real time for another machine.
func (b *cutBox) until(what string, look func() (seen string, ok bool)) {
	b.t.Helper()
	for limit := time.Now().Add(bootWait); ; time.Sleep(50 * time.Millisecond) {
		seen, ok := look()
		if ok {
			return
		}
		if time.Now().After(limit) {
			b.t.Fatalf("not within %v: %s; seen last: %s", bootWait, what, seen)
		}
	}
}

func (b *cutBox) get(path string, into any) {
	b.t.Helper()
	status, said := b.owner.ask("GET", path, "application/json", nil)
	if status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", path, status, said)
	}
	if err := json.Unmarshal([]byte(said), into); err != nil {
		b.t.Fatalf("%s: %v in %s", path, err, said)
	}
}

// inForce is the revision and the office's name.
func (b *cutBox) inForce() (rev uint64, name string, tree map[string]any) {
	b.t.Helper()
	var s struct {
		Rev  uint64
		Tree map[string]any
	}
	b.get("settings", &s)
	office, ok := s.Tree["office"].(map[string]any)
	if !ok {
		b.t.Fatalf("settings without an office: %v", s.Tree)
	}
	name, _ = office["name"].(string)
	return s.Rev, name, s.Tree
}

// edit makes the office's name the candidate.
func (b *cutBox) edit(name string) {
	b.t.Helper()
	_, _, tree := b.inForce()
	tree["office"].(map[string]any)["name"] = name
	b.owner.must("PUT", "settings/candidate", map[string]any{"tree": tree})
}

// commit puts the office's name in force and gives the revision that was told.
func (b *cutBox) commit(name string) (rev uint64) {
	b.t.Helper()
	b.edit(name)
	return b.putInForce(name)
}

// putInForce commits what is edited.
func (b *cutBox) putInForce(name string) (rev uint64) {
	b.t.Helper()
	var done struct{ Rev uint64 }
	if err := json.Unmarshal([]byte(b.owner.must("POST", "settings/commit", map[string]string{"note": name})), &done); err != nil {
		b.t.Fatal(err)
	}
	return done.Rev
}
