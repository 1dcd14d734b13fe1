package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"centralita/firmware/atomicfile"
)

// asideMax is how many cut-off ends are kept; each is at most one segment, and
// usually the torn half of one group.
const asideMax = 16

func gapOf(body []byte) (first, last uint64) {
	return binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:])
}

// end deals with bytes at the end of a segment that are no frame. In an older
// segment, or one that will not be written to again, they stay; from the newest
// they are moved aside, so that new frames follow good ones.
func (r *recovery) end(s *segment, end span, name string, newest, whole bool) {
	r.hurt = true
	d := Damage{File: name, Offset: end.off, Bytes: end.bytes, Why: "damaged to its end"}
	if !newest {
		r.open = r.damage(d)
		return
	}
	d.Why = "torn or damaged end"
	d.First, d.Last = r.maybeLost(end.bytes)
	if whole {
		aside := fmt.Sprintf("%s.%d.damaged", name, end.off)
		kept, err := cutOff(s.path, filepath.Join(r.j.dir, aside), end)
		if kept {
			d.Aside = aside
		}
		if err == nil {
			s.size = end.off
			r.hurt = false // the bytes are gone, the frames before are whole
		}
	}
	r.damage(d)
}

// maybeLost is which numbers so many bytes at the journal's end may have held.
func (r *recovery) maybeLost(n int64) (first, last uint64) {
	first = r.last + 1
	last = r.last + 1 + uint64(n)/leastRecord
	r.spent = max(r.spent, last)
	return first, last
}

// setAside renames the newest segment when nothing in it can be read, so that
// its name is free.
func (r *recovery) setAside(name string, size int64) {
	d := Damage{File: name, Bytes: size, Why: "nothing in it can be read"}
	if size > headerBytes {
		d.First, d.Last = r.maybeLost(size - headerBytes)
	}
	from := filepath.Join(r.j.dir, name)
	if os.Rename(from, from+".damaged") == nil {
		d.Aside = name + ".damaged"
	}
	r.segments = r.segments[:len(r.segments)-1]
	r.damage(d)
}

// cutOff copies the end of a file elsewhere, syncs that, and then truncates. That
// there is no room for the copy must not keep the box from starting.
func cutOff(path, aside string, end span) (kept bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if to, err := os.OpenFile(aside, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o640); err == nil {
		_, err = io.Copy(to, io.NewSectionReader(f, end.off, end.bytes))
		kept = errors.Join(err, to.Sync(), to.Close(), atomicfile.SyncFolder(filepath.Dir(aside))) == nil
		if !kept {
			os.Remove(aside)
		}
	}
	return kept, errors.Join(f.Truncate(end.off), f.Sync())
}

// finish decides the next number, opens the newest segment for writing or leaves
// that to the writer, and drops the oldest set-aside ends beyond asideMax.
func (r *recovery) finish(durable uint64) {
	j := r.j
	next := max(r.last, r.spent) + 1
	if durable >= next {
		name := "the journal"
		if n := len(r.segments); n > 0 {
			name = filepath.Base(r.segments[n-1].path)
		}
		r.damage(Damage{File: name, First: next, Last: durable, Why: "cut short: durable records are missing at the end"})
		next = durable + 1
	}
	if n := len(r.segments); n > 0 {
		if r.last > r.sealed && durable > r.sealed {
			r.damage(Damage{File: filepath.Base(r.segments[n-1].path), Offset: r.segments[n-1].size, Why: noSeal})
		}
		if err := j.reopen(&r.segments[n-1]); err != nil {
			r.damage(Damage{File: filepath.Base(r.segments[n-1].path), Why: "it cannot be written on: " + err.Error()})
		}
	}
	j.start(r.last, next)
	r.rec.Next = next
	j.live.segments = r.segments
	j.live.durable = r.last
	j.head.set(next - 1) // holds even if the gap is never written
	r.pruneAside()
}

// reopen makes the newest segment the active one. A segment whose header is
// damaged is left alone, and the writer begins another.
func (j *Journal) reopen(s *segment) error {
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	head := make([]byte, headerBytes)
	f.ReadAt(head, 0)
	if _, ok := s.checkHeader(head); !ok || err != nil || info.Size() != s.size {
		return f.Close()
	}
	// What a killed program wrote may be in memory only: it was never
	// acknowledged, but from here on it is read as durable.
	if err := (diskFile{f}).Sync(); err != nil {
		f.Close()
		return err
	}
	j.active, j.salt = diskFile{f}, s.salt
	return nil
}

func (r *recovery) pruneAside() {
	entries, err := os.ReadDir(r.j.dir)
	if err != nil {
		return
	}
	var aside []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".damaged") {
			aside = append(aside, e.Name())
		}
	}
	slices.Sort(aside)
	for len(aside) > asideMax {
		os.Remove(filepath.Join(r.j.dir, aside[0]))
		aside = aside[1:]
	}
}
