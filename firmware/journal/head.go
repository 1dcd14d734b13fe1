package journal

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
)

// headFile keeps the last durable number in two places, written in turn, so that
// a torn write leaves the other. It is never synced: after a power cut it may be
// behind, which is harmless; it can never be ahead of what was acknowledged.
type headFile struct {
	f    *os.File
	turn int64
}

const headSlot = 512

// openHead reads the note; without one, or with an unreadable one, the journal
// is as usable as before, only a cut at its end may go unnoticed.
func openHead(dir string) (h *headFile, last uint64, readable bool) {
	f, err := os.OpenFile(filepath.Join(dir, "head"), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return &headFile{}, 0, false
	}
	var b [2 * headSlot]byte
	n, _ := f.ReadAt(b[:], 0)
	if n == 0 {
		return &headFile{f: f}, 0, true
	}
	for slot := range 2 {
		s := b[slot*headSlot:]
		n := binary.LittleEndian.Uint64(s)
		if crc32.Checksum(s[:8], castagnoli)^headMark == binary.LittleEndian.Uint32(s[8:]) && n <= seqMost {
			readable = true
			last = max(last, n)
		}
	}
	return &headFile{f: f}, last, readable
}

// headMark makes a wiped slot invalid.
const headMark = 0x48454144

// set is best effort: the segments are the record, this only betrays a cut.
func (h *headFile) set(last uint64) {
	if h.f == nil {
		return
	}
	var b [12]byte
	binary.LittleEndian.PutUint64(b[:], last)
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b[:8], castagnoli)^headMark)
	h.f.WriteAt(b[:], h.turn*headSlot)
	h.turn ^= 1
}

func (h *headFile) close() error {
	if h.f == nil {
		return nil
	}
	return h.f.Close()
}
