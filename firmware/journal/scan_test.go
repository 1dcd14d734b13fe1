package journal

import (
	"bytes"
	"syscall"
	"testing"

	"centralita/firmware/event"
)

// badSector refuses to read one page.
type badSector struct {
	*bytes.Reader
	page int64
}

func (b badSector) ReadAt(p []byte, off int64) (int, error) {
	if off < (b.page+1)*pageBytes && off+int64(len(p)) > b.page*pageBytes {
		return 0, syscall.EIO
	}
	return b.Reader.ReadAt(p, off)
}

func TestBadSectorStaysLocal(t *testing.T) {
	const salt, records = 0x77665544, 2000
	var b []byte
	at := map[uint64][2]int{} // where each record lies
	for n := uint64(1); n <= records; n++ {
		from := len(b)
		b, _ = appendRecord(b, salt, &event.Record{Seq: n, Kind: "Woke", Body: bytes.Repeat([]byte{0x90}, 1)})
		at[n] = [2]int{from, len(b)}
	}
	sc := scanner{r: badSector{bytes.NewReader(b), 5}, salt: salt, limit: int64(len(b))}
	read := map[uint64]bool{}
	var lost int64
	for {
		f, bad, ok := sc.next()
		lost += bad.bytes
		if !ok {
			break
		}
		var r event.Record
		if _, err := r.UnmarshalMsg(f.body); err != nil {
			t.Fatal(err)
		}
		read[r.Seq] = true
	}
	for n, span := range at {
		hit := span[1] > 5*pageBytes && span[0] < 6*pageBytes
		if read[n] == hit {
			t.Fatalf("record %d at %v: read %v", n, span, read[n])
		}
	}
	if sc.ioErr == nil || lost < pageBytes || lost > 2*pageBytes {
		t.Errorf("lost %d bytes, error %v", lost, sc.ioErr)
	}
}
