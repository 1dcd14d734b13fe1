package journal

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"centralita/firmware/event"
)

// Recovery says what Open found.
type Recovery struct {
	Records  uint64 // intact
	Last     uint64 // number of the last intact record, 0 none
	Next     uint64 // number the next record gets; above Last+1 when some were given up
	Bytes    int64
	Segments int
	Damage   []Damage // in the order of the files, at most maxDamage
	More     int      // damages beyond those listed
	At, Wall int64    // of the last record: the loop's clock goes on from here
}

// maxDamage bounds the list; a file of rubbish could have thousands.
const maxDamage = 100

// Damage is one place where the files are not what was written.
type Damage struct {
	File        string // name in the folder
	Offset      int64
	Bytes       int64  // that could not be read; 0 when it is something missing
	First, Last uint64 // numbers that are, or at the end of the journal may be, lost; 0 none
	Why         string
	Aside       string // file that keeps the bytes cut off, "" when they stay where they are
}

func (d Damage) String() string {
	s := fmt.Sprintf("journal: %s at byte %d (%d bytes): %s", d.File, d.Offset, d.Bytes, d.Why)
	if d.First > 0 {
		s += fmt.Sprintf("; records %d to %d are lost", d.First, d.Last)
	}
	if d.Aside != "" {
		s += "; kept in " + d.Aside
	}
	return s
}

// recovery walks all segments once, at Open.
type recovery struct {
	j        *Journal
	rec      Recovery
	segments []segment
	last     uint64 // highest number seen in a record or gap
	spent    uint64 // highest number that damage may have held
	sealed   uint64 // highest number under a seal
	hurt     bool   // bytes were skipped since the last seal
	open     int    // index into Damage whose lost numbers the next record tells, -1 none
}

func (j *Journal) recover() (Recovery, error) {
	segments, err := listSegments(j.dir)
	if err != nil {
		return Recovery{}, err
	}
	head, durable, readable := openHead(j.dir)
	j.head = head
	r := &recovery{j: j, segments: segments, open: -1}
	j.chain = sha256.New()
	j.startChain(make([]byte, sha256.Size))
	if !readable {
		r.damage(Damage{File: "head", Why: "the note of the last number is unreadable"})
	}
	for i := range segments {
		if err := r.segment(i); err != nil {
			head.close()
			return r.rec, err
		}
	}
	r.finish(durable)
	return r.rec, nil
}

func (r *recovery) damage(d Damage) int {
	if len(r.rec.Damage) == maxDamage {
		r.rec.More++
		return -1
	}
	r.rec.Damage = append(r.rec.Damage, d)
	return len(r.rec.Damage) - 1
}

// segment verifies one file; of the last one it cuts off a damaged end. Only an
// error of Replay ends it.
func (r *recovery) segment(i int) error {
	s := &r.segments[i]
	newest := i == len(r.segments)-1
	name := filepath.Base(s.path)
	f, err := os.Open(s.path)
	if err != nil {
		r.hurt = true
		r.open = r.damage(Damage{File: name, Bytes: s.size, Why: "it cannot be opened: " + err.Error()})
		return nil
	}
	defer f.Close()
	r.rec.Segments++
	r.rec.Bytes += s.size
	whole := r.header(s, f, name)
	seen := r.last
	sc := &scanner{r: f, salt: s.salt, off: headerBytes, limit: s.size}
	end, err := r.frames(sc, name)
	if err != nil {
		return err
	}
	if sc.ioErr != nil {
		r.damage(Damage{File: name, Why: "the disk refuses to read: " + sc.ioErr.Error()})
	}
	switch {
	case newest && !whole && r.last == seen:
		r.setAside(name, s.size)
	case end.bytes > 0:
		r.end(s, end, name, newest, whole)
	}
	return nil
}

// noSeal is what a killed program may leave at the very end, but only before the
// group was acknowledged.
const noSeal = "the seal of the durable records before is missing"

// header checks a segment's first bytes and that it continues the one before.
func (r *recovery) header(s *segment, f *os.File, name string) (whole bool) {
	head := make([]byte, headerBytes)
	n, _ := f.ReadAt(head, 0)
	before, ok := s.checkHeader(head[:n])
	if !ok {
		r.damage(Damage{File: name, Bytes: int64(n), Why: "its header is damaged"})
		r.hurt = true
		return false
	}
	if !bytes.Equal(before, r.j.sealed) && !r.hurt && r.open < 0 {
		r.damage(Damage{File: name, Why: "it does not continue the file before (hash chain broken)"})
	}
	if r.last > r.sealed && !r.hurt {
		r.damage(Damage{File: name, Why: noSeal})
	}
	r.sealed = r.last
	r.hurt = false // what was skipped before does not concern this file's groups
	r.j.startChain(before)
	return true
}

// frames takes every frame of a segment and gives the unreadable rest.
func (r *recovery) frames(sc *scanner, name string) (end span, err error) {
	var rec event.Record
	for {
		f, bad, ok := sc.next()
		if !ok {
			return bad, nil
		}
		if bad.bytes > 0 {
			r.hurt = true
			r.open = r.damage(Damage{File: name, Offset: bad.off, Bytes: bad.bytes, Why: "damaged"})
		}
		if f.kind == kindSeal {
			r.seal(f, name)
			continue
		}
		r.j.chain.Write(f.raw)
		if f.kind == kindGap {
			first, last := gapOf(f.body)
			r.arrive(first, last, name, f.off)
			continue
		}
		if _, err := rec.UnmarshalMsg(f.body); err != nil {
			r.damage(Damage{File: name, Offset: f.off, Bytes: int64(len(f.raw)), Why: "not a record: " + err.Error()})
			continue
		}
		if !r.arrive(rec.Seq, rec.Seq, name, f.off) {
			continue
		}
		r.rec.Records++
		r.rec.Last, r.rec.At, r.rec.Wall = rec.Seq, rec.At, rec.Wall
		if r.j.opts.Replay != nil {
			if err := r.j.opts.Replay(&rec); err != nil {
				return span{}, fmt.Errorf("journal: replay of record %d: %w", rec.Seq, err)
			}
		}
	}
}

// seal compares the chain. A group that already lost bytes cannot fit and was
// reported; the next one is compared again from the hash stored here.
func (r *recovery) seal(f frame, name string) {
	if sum := f.body[8:]; !bytes.Equal(r.j.chain.Sum(nil), sum) {
		if !r.hurt {
			r.damage(Damage{File: name, Offset: f.off, Why: "the records before do not fit their seal (hash chain broken)"})
		}
	}
	r.hurt = false
	r.sealed = r.last
	r.j.startChain(bytes.Clone(f.body[8:]))
}

// seqMost is far beyond what a journal can reach, so that counting on is safe.
const seqMost = 1 << 62

// arrive takes the next number or gap in order and reports what is missing
// before it. It is false for a number that was there already.
func (r *recovery) arrive(first, last uint64, name string, off int64) bool {
	if last > seqMost {
		r.damage(Damage{File: name, Offset: off, Why: fmt.Sprintf("no journal reaches number %d", last)})
		return false
	}
	if first <= r.last || last < first {
		if last > r.last {
			r.last = last
			return true
		}
		r.damage(Damage{File: name, Offset: off, Why: fmt.Sprintf("record %d is there twice", first)})
		return false
	}
	if first > r.last+1 {
		if r.open < 0 {
			r.open = r.damage(Damage{File: name, Offset: off, Why: "records before it are missing"})
		}
		if r.open >= 0 {
			d := &r.rec.Damage[r.open]
			d.First, d.Last = r.last+1, first-1
		}
	}
	r.open = -1
	r.last = last
	return true
}
