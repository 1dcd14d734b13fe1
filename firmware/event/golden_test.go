package event

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tinylib/msgp/msgp"

	"centralita/firmware/id"
)

var update = flag.Bool("update", false, "add kinds that have no golden bytes yet; never changes old ones")

const goldenFile = "testdata/golden.txt"

// docLines makes a settings document in filled: small in the golden file, that of a
// large office elsewhere.
var docLines = 3

// Bytes once written to a journal stay readable for ever: each line is a kind, its
// bytes as some version wrote them, and what they say. A version may add fields at
// the end, so only what the line says is compared.
func TestGoldenBytes(t *testing.T) {
	old, err := os.ReadFile(goldenFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(old)) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		digits, said, _ := strings.Cut(rest, " ")
		body, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		e, err := Decode(kind, body)
		if err != nil {
			t.Errorf("a journal's %s cannot be read any more: %v", kind, err)
			continue
		}
		seen[kind] = true
		checkSays(t, kind, e, said)
	}
	for _, kind := range sortedKinds() {
		if !seen[kind] && !*update {
			t.Errorf("%s has no golden bytes: run go test -update", kind)
		} else if !seen[kind] {
			addGolden(t, kind)
		}
	}
}

func checkSays(t *testing.T, kind string, e Event, said string) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]any
	if json.Unmarshal([]byte(said), &want) != nil || json.Unmarshal(text, &got) != nil {
		t.Fatalf("%s: %q", kind, said)
	}
	for field, v := range want {
		if !reflect.DeepEqual(got[field], v) {
			t.Errorf("%s.%s is read as %v, was written as %v", kind, field, got[field], v)
		}
	}
}

func addGolden(t *testing.T, kind string) {
	t.Helper()
	e := filled(kind)
	body, err := e.MarshalMsg(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(goldenFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s %x %s\n", kind, body, text); err != nil {
		t.Fatal(err)
	}
}

// filled is a fact with something different in every field.
func filled(kind string) Event {
	e, err := New(kind)
	if err != nil {
		panic(err)
	}
	fill(reflect.ValueOf(e).Elem())
	return e
}

func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprintf("text %d ñ", i))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int64:
			f.SetInt(-1 - int64(i)<<33)
		case reflect.Uint64:
			f.SetUint(1<<40 + uint64(i))
		case reflect.Float32, reflect.Float64:
			f.SetFloat(-0.5 - float64(i))
		case reflect.Uint8, reflect.Uint16:
			f.SetUint(200 + uint64(i))
		case reflect.Struct:
			fill(f)
		case reflect.Slice:
			switch f.Type().Elem().Kind() {
			case reflect.Uint8:
				f.SetBytes(bytes.Repeat([]byte("a: b\n"), docLines))
			case reflect.Struct:
				s := reflect.MakeSlice(f.Type(), 2, 2)
				fill(s.Index(0))
				fill(s.Index(1))
				f.Set(s)
			default:
				s := reflect.MakeSlice(f.Type(), 2, 2)
				s.Index(0).SetString("one")
				s.Index(1).SetString("two")
				f.Set(s)
			}
		default:
			panic(f.Kind())
		}
	}
}

// Every kind comes back from its bytes as it was, under its own name, also inside
// the journal's envelope.
func TestEveryKindComesBack(t *testing.T) {
	docLines = 200_000
	defer func() { docLines = 3 }()
	for _, kind := range sortedKinds() {
		e := filled(kind)
		if e.Kind() != kind {
			t.Errorf("%s calls itself %s", kind, e.Kind())
		}
		body, err := e.MarshalMsg(nil)
		if err != nil {
			t.Fatal(err)
		}
		rec := Record{Seq: 7, At: 8, Wall: 9, Kind: kind, Body: msgp.Raw(body)}
		whole, err := rec.MarshalMsg(nil)
		if err != nil {
			t.Fatal(err)
		}
		var back Record
		if _, err := back.UnmarshalMsg(whole); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		got, err := back.Event()
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("%s comes back as %+v, %v", kind, got, err)
		}
	}
}

// A journal of the first version, whose CallRouted had three fields, is read with
// the later ones empty.
func TestOlderAndShorter(t *testing.T) {
	body := msgp.AppendArrayHeader(nil, 3)
	body = msgp.AppendUint64(body, 2)
	body = msgp.AppendString(body, "menu/dia")
	body = msgp.AppendString(body, "fxo")
	e, err := Decode("CallRouted", body)
	if want := (&CallRouted{Call: 2, To: "menu/dia", Why: "fxo"}); err != nil || !reflect.DeepEqual(e, Event(want)) {
		t.Errorf("read as %+v, %v", e, err)
	}
}

// A newer version's facts have more at the end: what is known of them is read.
func TestNewerAndLonger(t *testing.T) {
	body := msgp.AppendArrayHeader(nil, 3)
	body = msgp.AppendString(body, "disk")
	body = msgp.AppendMapHeader(body, 1)
	body = msgp.AppendString(body, "why")
	body = msgp.AppendInt(body, 7)
	body = msgp.AppendBool(body, true)
	e, err := Decode("AlarmCleared", body)
	if want := (&AlarmCleared{Key: "disk"}); err != nil || !reflect.DeepEqual(e, Event(want)) {
		t.Errorf("read as %+v, %v", e, err)
	}
}

func TestUnknownKind(t *testing.T) {
	if _, err := Decode("CallTeleported", nil); err == nil {
		t.Error("a kind of tomorrow was read")
	}
}

// Highest sees every number that a new thing gets.
func TestHighest(t *testing.T) {
	for _, c := range []struct {
		e    Event
		want uint64
	}{
		{&LegOffered{Leg: 5}, 5}, {&LegBegan{Leg: 6, Call: 9}, 6}, {&CallBegan{Call: 7, Leg: 3}, 7},
		{&MenuAsked{Call: 1, Play: id.Play(8)}, 8}, {&CallEnded{Call: 9}, 0},
	} {
		if got := Highest(c.e); got != c.want {
			t.Errorf("%T: %d, want %d", c.e, got, c.want)
		}
	}
}

// Any bytes give an event or an error.
func FuzzDecode(f *testing.F) {
	for _, kind := range sortedKinds() {
		if kind != "SettingsCommitted" {
			body, _ := filled(kind).MarshalMsg(nil)
			f.Add(kind, body)
		}
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		e, err := Decode(kind, body)
		if err != nil {
			return
		}
		if _, err := e.MarshalMsg(nil); err != nil {
			t.Errorf("%s was read but cannot be written: %v", kind, err)
		}
	})
}

func sortedKinds() []string {
	kinds := Kinds()
	slices.Sort(kinds)
	return kinds
}
