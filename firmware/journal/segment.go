package journal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"syscall"

	"centralita/firmware/atomicfile"
)

// headerBytes is the length of a segment's header:
//
//	"CTJRNL01" | salt u32 | 0 u32 | first u64 | hash of the last seal before [32] | CRC-32C u32 | 0 u32
const headerBytes = 64

const magic = "CTJRNL01"

const suffix = ".journal"

// segment is one file of the journal.
type segment struct {
	path  string
	first uint64 // the number its name gives: nothing in it is lower
	salt  uint32
	size  int64 // what readers may read
}

var segmentName = regexp.MustCompile(`^(\d{20})-([0-9a-f]{8})\.journal$`)

func newSegment(dir string, first uint64) segment {
	var b [4]byte
	rand.Read(b[:])
	salt := binary.LittleEndian.Uint32(b[:]) | 1 // never 0: a wiped page is no frame
	name := fmt.Sprintf("%020d-%08x%s", first, salt, suffix)
	return segment{path: filepath.Join(dir, name), first: first, salt: salt}
}

// listSegments finds the segments in dir by their names, in order.
func listSegments(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var found []segment
	for _, e := range entries {
		m := segmentName.FindStringSubmatch(e.Name())
		if m == nil || !e.Type().IsRegular() {
			continue
		}
		first, err := strconv.ParseUint(m[1], 10, 64)
		if err != nil {
			continue
		}
		salt, _ := strconv.ParseUint(m[2], 16, 32)
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		found = append(found, segment{filepath.Join(dir, e.Name()), first, uint32(salt), info.Size()})
	}
	slices.SortFunc(found, func(a, b segment) int { return bytes.Compare([]byte(a.path), []byte(b.path)) })
	return found, nil
}

func (s segment) header(before []byte) []byte {
	b := make([]byte, 0, headerBytes)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, s.salt)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = binary.LittleEndian.AppendUint64(b, s.first)
	b = append(b, before...)
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return binary.LittleEndian.AppendUint32(b, 0)
}

// checkHeader gives the hash of the last seal before this segment.
func (s segment) checkHeader(b []byte) (before []byte, ok bool) {
	if len(b) < headerBytes {
		return nil, false
	}
	before = slices.Clone(b[24:56])
	return before, bytes.Equal(b[:headerBytes], s.header(before))
}

// begin creates the segment's file and makes its existence durable.
func (s segment) begin(create func(string) (file, error), before []byte) (file, error) {
	f, err := create(s.path)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteAt(s.header(before), 0)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = atomicfile.SyncFolder(filepath.Dir(s.path))
	}
	if err != nil {
		f.Close()
		os.Remove(s.path) // holds no record yet
		return nil, err
	}
	return f, nil
}

// diskFile syncs only what reading back needs: the bytes and the length.
type diskFile struct{ *os.File }

func (f diskFile) Sync() error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}

func createFile(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o640)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}
