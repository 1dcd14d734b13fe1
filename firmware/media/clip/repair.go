package clip

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrEmpty is a file of which not even the header reached the disk.
var ErrEmpty = errors.New("clip: the file ends inside its header")

// Repair makes the header of a file that a Writer was killed over speak of all the
// sound that reached the disk, and tells how much that is. A whole file, one that
// was closed, stays as it is.
func Repair(f *os.File) (length time.Duration, whole bool, err error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, false, fmt.Errorf("clip: %w", err)
	}
	var b [headerSize]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		return 0, false, ErrEmpty
	}
	h, err := ReadHeader(io.NewSectionReader(f, 0, headerSize))
	if err != nil || h.Rate != 8000 || string(b[36:40]) != "data" {
		return 0, false, errors.Join(errors.New("clip: not a recording of ours"), err)
	}
	w := Writer{f: f, enc: h.Encoding, channels: h.Channels}
	per := int64(h.Channels * h.Encoding.bytes())
	w.data = size - headerSize
	w.data -= w.data % per
	if w.data == h.Data+1 && w.data%2 == 0 { // the pad byte of a closed file
		w.data = h.Data
	}
	whole = w.data == h.Data
	if !whole {
		if err := errors.Join(w.patch(), f.Sync()); err != nil {
			return 0, false, fmt.Errorf("clip: %w", err)
		}
	}
	return w.Duration(), whole, nil
}
