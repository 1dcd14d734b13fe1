package boottest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// owner is a browser of the owner's.
type owner struct {
	t      *testing.T
	m      *machine.Machine
	client http.Client
}

func newOwner(t *testing.T, m *machine.Machine) *owner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &owner{t: t, m: m, client: http.Client{Jar: jar, Timeout: bootWait}}
}

// ask gives the status and the text of an answer. A path is below the API, or
// absolute.
func (o *owner) ask(method, path, kind string, body []byte) (int, string) {
	o.t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/api/v1/" + path
	}
	req, err := http.NewRequestWithContext(o.t.Context(), method, "http://"+o.m.HTTP+path, bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	res, err := o.client.Do(req)
	if err != nil {
		return 0, err.Error() // the box may be starting
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 64<<20)) // half an hour of sound
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

func (o *owner) must(method, path string, body any) string {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	status, said := o.ask(method, path, "application/json", text)
	if status/100 != 2 {
		o.t.Fatalf("%s %s: %d %s", method, path, status, said)
	}
	return said
}

func (o *owner) signIn(word string) {
	o.t.Helper()
	o.must("POST", "session", map[string]string{"user": "owner", "password": word})
}

// until asks for the state of the update until it has all of these words.
func (o *owner) until(words ...string) {
	o.t.Helper()
	said := ""
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(time.Second) {
		_, said = o.ask("GET", "box/update", "application/json", nil)
		all := true
		for _, w := range words {
			all = all && strings.Contains(said, w)
		}
		if all {
			return
		}
	}
	o.t.Fatalf("waited for %q, it is %s", words, said)
}

// TestUpdateOnThePage: the owner gives a bundle to the page, as the program's own user
// the box has it checked and written, starts anew by itself in the other slot, and
// says that the version is good. A bundle that was changed is refused at the door.
func TestUpdateOnThePage(t *testing.T) {
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img"})
	expect(t, m.Serial, `slot A: order A B`, bootWait)
	word := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `confirmed at [0-9.]+ s: running=A`, bootWait)
	o := newOwner(t, m)
	o.signIn(word)
	o.must("POST", "session/password", map[string]string{"old": word, "new": lasting})
	o.signIn(lasting)
	o.until(`"offered":true`, `"board":"centralita-qemu"`, `"slot":"A"`)

	bundle, err := os.ReadFile(image + "/qemu/centralita-qemu.raucb")
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(bundle)
	changed[len(changed)-900] ^= 1 // in the signature
	if status, said := o.ask("PUT", "box/update", "application/octet-stream", changed); status != http.StatusUnprocessableEntity || !strings.Contains(said, `"update-`) {
		t.Errorf("a changed bundle: %d %s", status, said)
	}
	if status, said := o.ask("PUT", "box/update", "application/octet-stream", bundle); status != http.StatusOK || !strings.Contains(said, `"phase":"checked"`) {
		t.Fatalf("the bundle: %d %s", status, said)
	}
	o.must("POST", "box/update/install", map[string]string{})
	expect(t, m.Serial, `slot B: order B A`, bootWait)
	expect(t, m.Serial, `confirmed at [0-9.]+ s: running=B .*trial=\n`, bootWait)
	o.signIn(lasting)
	o.until(`"slot":"B"`, `"result":"good"`)

	// A version whose program hangs is left after three starts, and the page says so.
	broken, err := os.ReadFile(image + "/update/broken/centralita-qemu.raucb")
	if err != nil {
		t.Fatalf("%v (make boot-test builds it)", err)
	}
	if status, said := o.ask("PUT", "box/update", "application/octet-stream", broken); status != http.StatusOK {
		t.Fatalf("the bundle: %d %s", status, said)
	}
	o.must("POST", "box/update/install", map[string]string{})
	for _, left := range []string{"2", "1", "0"} {
		expect(t, m.Serial, `slot A: order A B, tries left A `+left+` `, bootWait)
	}
	expect(t, m.Serial, `confirmed at [0-9.]+ s: running=B .*trial=\n`, bootWait)
	o.signIn(lasting)
	o.until(`"slot":"B"`, `"result":"fell-back"`, `"why":"start"`)
	if _, alarms := o.ask("GET", "alarm/list", "application/json", nil); !strings.Contains(alarms, "alarm.update-fell-back.start") {
		t.Errorf("no alarm tells of it: %s", alarms)
	}
}
