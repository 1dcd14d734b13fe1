package e2e

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tinylib/msgp/msgp"
	_ "modernc.org/sqlite" // the call list's

	"centralita/firmware/event"
	"centralita/firmware/journal"
)

// moodChanged is a fact that only a newer version knows.
type moodChanged struct{}

func (moodChanged) Kind() string                        { return "MoodChanged" }
func (moodChanged) Msgsize() int                        { return 16 }
func (moodChanged) MarshalMsg(b []byte) ([]byte, error) { return msgp.AppendString(b, "merry"), nil }
func (moodChanged) UnmarshalMsg([]byte) ([]byte, error) { return nil, fmt.Errorf("not read here") }
func (m moodChanged) append(t *testing.T, folder string) {
	j, _, err := journal.Open(folder, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	served := make(chan error, 1)
	go func() { served <- j.Serve(ctx) }()
	seq := j.Append(1, time.Now().UnixMilli(), m, &event.AlarmCleared{Key: "of tomorrow"})
	if err := j.Sync(ctx, seq); err != nil {
		t.Error(err)
	}
	cancel()
	<-served
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// TestDataOfANewerVersion starts a box on what a newer version wrote before it was
// given up: it takes calls by the newest settings, says what it does not know, has its
// call list, and loses nothing of the newer version's when it commits a change.
func TestDataOfANewerVersion(t *testing.T) {
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "25500-25599")
	b.signIn()
	b.answers(t)
	b.stop()

	moodChanged{}.append(t, filepath.Join(b.data, "journal"))
	files, err := filepath.Glob(filepath.Join(b.data, "settings", "rev-*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	_, doc, _ := strings.Cut(string(text), "\n")
	doc = strings.Replace(doc, "office:\n", "office:\n  mood: merry\n", 1) + "robots:\n  - name: r2\n"
	doc = strings.Replace(doc, "  name: ", "  name: Nueva ", 1)
	sum := sha256.Sum256([]byte(doc))
	rev := len(files) + 1
	head, err := json.Marshal(map[string]any{"rev": rev, "wall": time.Now().UnixMilli(), "who": "owner", "note": "", "sha256": hex.EncodeToString(sum[:])})
	if err != nil {
		t.Fatal(err)
	}
	name := func(rev int) string { return filepath.Join(b.data, "settings", fmt.Sprintf("rev-%04d.yaml", rev)) }
	if err := os.WriteFile(name(rev), []byte("# "+string(head)+"\n"+doc), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := sql.Open("sqlite", filepath.Join(b.data, "calls.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := list.Exec("ALTER TABLE calls ADD COLUMN mood TEXT; PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	list.Close()

	b.start()
	b.signIn()
	if a := b.raises("settings-newer", 5*time.Second); a.Args[0] != "2" || a.Args[1] != "office.mood, robots" {
		t.Errorf("the alarm names %v", a.Args)
	}
	for _, a := range b.alarms() {
		if a.Key == "settings" || a.Key == "settings-faults" || a.Key == "call-list" || a.Key == "journal-damage" {
			t.Errorf("alarm %+v", a)
		}
	}
	var now struct{ Tree map[string]any }
	b.must("GET", "/api/v1/settings", nil, &now)
	office := now.Tree["office"].(map[string]any)
	if name, _ := office["name"].(string); !strings.HasPrefix(name, "Nueva ") {
		t.Errorf("the office is called %q", name)
	}
	b.answers(t)
	until(t, 10*time.Second, "two calls in the list", func() (any, bool) {
		var calls struct{ Calls []json.RawMessage }
		b.must("GET", "/api/v1/calls", nil, &calls)
		return calls, len(calls.Calls) == 2
	})
	office["place"] = "Sevilla"
	b.must("PUT", "/api/v1/settings/candidate", map[string]any{"tree": now.Tree}, nil)
	b.must("POST", "/api/v1/settings/commit", map[string]any{"note": "by the older one"}, nil)
	text, err = os.ReadFile(name(rev + 1))
	for _, kept := range []string{"mood: merry", "name: r2", "place: Sevilla"} {
		if err != nil || !strings.Contains(string(text), kept) {
			t.Errorf("%q is lost (%v)\n%s", kept, err, text)
		}
	}
	b.stop()
	kinds := map[string]int{}
	b.replay(t, func(r *event.Record) { kinds[r.Kind]++ })
	if kinds["MoodChanged"] != 1 || kinds["CallBegan"] != 2 {
		t.Errorf("the journal has %v", kinds)
	}
}

// replay reads the journal of a box that has ended.
func (b *box) replay(t *testing.T, each func(*event.Record)) {
	t.Helper()
	j, _, err := journal.Open(filepath.Join(b.data, "journal"), journal.Options{Replay: func(r *event.Record) error { each(r); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
