package settings

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// newer is how a revision of a later version could read: fields and groups that this
// one does not have, at every kind of place, and one value of another shape.
const newer = `office:
  name: Luna
  country: ES
  time_zone: Europe/Madrid
  languages: [es]
  mood: calm
box:
  radio: {channel: 7, names: [a, b]}
lines:
- name: fxo1
  rings: queue/citas
  answer_after: {rings: 2, fax: 4}
stations:
- extension: "101"
  handset: fxs1
  scent: pine
- extension: "201"
  sip: {secret: phone-201, video: yes}
people:
- {name: marta, role: agent, station: "101"}
queues:
- name: citas
  agents: [marta]
  record: {always: true, stereo: wide}
- name: ventas
  agents: [marta]
  overflow: {to: citas}
guard:
  prices:
  - prefix: ""
    cents: 4
    currency: EUR
    minute: 10
dial_plan:
  voicemail: [{number: "*98"}]
robots:
- name: r2
`

var newerPaths = []string{
	"box.radio", "dial_plan.voicemail", "lines[fxo1].answer_after", "office.mood", "queues[citas].record.stereo",
	"queues[ventas].overflow", "robots", "stations[101].scent", "stations[201].sip.video",
}

// revisionFile writes a document as whichever version committed it would.
func revisionFile(t *testing.T, dir string, rev uint64, doc string) {
	t.Helper()
	sum := sha256.Sum256([]byte(doc))
	head, err := json.Marshal(map[string]any{"rev": rev, "wall": 1, "who": "ana", "note": "", "sha256": hex.EncodeToString(sum[:]), "colour": "blue"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fileOf(dir, rev), []byte("# "+string(head)+"\n"+doc), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sortedPaths(b Beyond) []string { return slices.Sorted(slices.Values(b.Paths())) }

// What a newer version committed is in force in the older one, with what it knows.
func TestNewerRevisionIsRead(t *testing.T) {
	doc := strings.Replace(newer, "    cents: 4\n    currency: EUR\n    minute: 10\n", "", 1)
	doc = strings.Replace(doc, "guard:\n  prices:\n  - prefix: \"\"\n", "", 1)
	dir := t.TempDir()
	open(t, dir, nil)
	revisionFile(t, dir, 2, doc)
	var told []byte
	r, _ := open(t, dir, func(_ Revision, doc []byte) { told = doc })
	rev, tree, _ := r.Current()
	if rev.Rev != 2 || r.Damage() != nil || len(r.Faults()) > 0 {
		t.Fatal(rev, r.Damage(), r.Faults())
	}
	if tree.Office.Name != "Luna" || len(tree.Queues) != 2 || !tree.Queues[0].Record.Always || tree.Stations[1].SIP.Secret != "phone-201" {
		t.Errorf("%+v", tree)
	}
	if got := sortedPaths(r.Beyond()); !slices.Equal(got, newerPaths) {
		t.Errorf("kept %v", got)
	}

	// A commit of the older version keeps what it cannot read, but not of what it took away.
	if err := r.Edit(func(c *Tree) error {
		c.Office.Name = "Sol"
		c.Lines[0].AnswerAfter = 3
		c.Queues = c.Queues[:1]
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Commit("eva", ""); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(newerPaths), func(p string) bool {
		return p == "queues[ventas].overflow" || p == "lines[fxo1].answer_after"
	})
	if got := sortedPaths(r.Beyond()); !slices.Equal(got, want) {
		t.Errorf("kept after a commit: %v", got)
	}
	for _, has := range []string{"mood: calm", "channel: 7", "names: [a, b]", "stereo: wide", "scent: pine", "answer_after: 3", "name: Sol", `number: "*98"`, "name: r2"} {
		if !strings.Contains(string(told), has) {
			t.Errorf("%q is lost in\n%s", has, told)
		}
	}
	// The same comes back from the disk, and from a return to the newer's revision.
	again, _ := open(t, dir, nil)
	if got := sortedPaths(again.Beyond()); !slices.Equal(got, want) {
		t.Errorf("kept after a restart: %v", got)
	}
	if _, err := again.Rollback(2, "eva", ""); err != nil {
		t.Fatal(err)
	}
	if got := sortedPaths(again.Beyond()); !slices.Equal(got, newerPaths) {
		t.Errorf("kept after a rollback: %v", got)
	}
}

// A value that this version finds wrong is told, and the rest is in force.
func TestNewerValueIsAFault(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, nil)
	revisionFile(t, dir, 2, "office: {name: Luna, country: ES, time_zone: Europe/Madrid, languages: [es, tlh]}\n")
	r, _ := open(t, dir, nil)
	if rev, tree, _ := r.Current(); rev.Rev != 2 || tree.Office.Name != "Luna" || len(r.Faults()) != 1 || r.Faults()[0].Path != "office.languages[1]" || r.Damage() != nil {
		t.Errorf("%+v: %v, %v", rev, r.Faults(), r.Damage())
	}
}

// Items without a name keep their parts by their place.
func TestNamelessItems(t *testing.T) {
	tree, beyond, err := ParseCommitted([]byte("dial_plan:\n  outside:\n  - {prefix: \"\", through: [fxo1], cost: 3}\n"))
	if err != nil || len(tree.DialPlan.Outside) != 1 {
		t.Fatal(tree, err)
	}
	if text := string(tree.MarshalWith(beyond)); !strings.Contains(text, "cost: 3") {
		t.Errorf("lost in\n%s", text)
	}
}

// A document of a person is looked at strictly, and what no version writes is refused.
func TestBeyondIsForCommittedDocuments(t *testing.T) {
	var ps Problems
	if _, err := Parse([]byte(newer)); !errors.As(err, &ps) || ps[0].Reason != "settings.problem.unknown-field" {
		t.Errorf("%v", err)
	}
	for _, doc := range []string{"x: &a 1\ny: *a\n", "office: {mood: {a: *b}}", "- 1", "office: {name: a, name: b}", "x: 1\nx: 2\n", "x: " + strings.Repeat("[", 40) + strings.Repeat("]", 40)} {
		if _, beyond, err := ParseCommitted([]byte(doc)); err == nil {
			t.Errorf("%q is read, %v kept", doc, beyond.Paths())
		}
	}
}

// Whatever is read can be written and read again as the same.
func FuzzParseCommitted(f *testing.F) {
	f.Add([]byte(newer))
	f.Add([]byte("office: [1]\nqueues: {name: x}\nlines: 3\n"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		tree, beyond, err := ParseCommitted(doc)
		if err != nil {
			return
		}
		text := tree.MarshalWith(beyond)
		back, kept, err := ParseCommitted(text)
		if err != nil {
			t.Fatalf("%v of\n%s", err, text)
		}
		if !reflect.DeepEqual(tree.Clone(), back.Clone()) {
			t.Errorf("another tree:\n%s\n%s", tree.Marshal(), back.Marshal())
		}
		if len(kept) > len(beyond) {
			t.Errorf("kept %v, before %v", kept.Paths(), beyond.Paths())
		}
	})
}
