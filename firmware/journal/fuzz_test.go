package journal

import (
	"os"
	"path/filepath"
	"testing"

	"centralita/firmware/event"
)

// FuzzOpen lays any bytes as a segment: the journal opens, reads what it can, and
// goes on with a number it has not used.
func FuzzOpen(f *testing.F) {
	const name = "00000000000000000001-0badcafe.journal"
	s := segment{first: 1, salt: 0x0badcafe}
	whole := s.header(make([]byte, 32))
	whole, _ = appendRecord(whole, s.salt, &event.Record{Seq: 1, At: 1, Wall: 2, Kind: "Woke", Body: []byte{0x90}})
	whole = appendGap(whole, s.salt, 2, 9)
	whole = appendSeal(whole, s.salt, 9, make([]byte, 32))
	f.Add(whole, []byte{})
	f.Add(whole[:70], []byte("head"))
	f.Add([]byte{}, []byte{})
	huge := append([]byte(nil), whole...)
	huge[headerBytes+5], huge[headerBytes+6] = 0xff, 0x3f
	f.Add(huge, make([]byte, 1024))
	f.Fuzz(func(t *testing.T, b, head []byte) {
		dir := memory(t)
		os.WriteFile(filepath.Join(dir, name), b, 0o640)
		os.WriteFile(filepath.Join(dir, "head"), head, 0o640)
		j, rec, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var last uint64
		if err := j.Read(0, func(r *event.Record) error { last = r.Seq; return nil }); err != nil {
			t.Fatal(err)
		}
		if rec.Next == 0 || last != rec.Last || rec.Next <= last {
			t.Fatalf("read up to %d, %+v", last, rec)
		}
		first := j.Append(1, 1, began(1))
		if err := j.drain(nil); err != nil {
			t.Fatal(err)
		}
		j.Close()
		j, rec, err = Open(dir, Options{})
		if err != nil || rec.Last != first {
			t.Fatalf("after going on at %d: %+v, %v", first, rec, err)
		}
		j.Close()
	})
}
