// Package journal is the box's memory of facts: an append-only chain of files
// with every event.Record in order, written once and never changed.
//
// The loop (firmware/switchboard) appends; one goroutine, Serve, writes in groups
// and syncs, and only then is a record durable, which is what "acknowledged"
// means. Views, the live stream and reports follow from a number. At start the
// firmware/app replays it. The package knows no kind of event, decides nothing and
// never deletes a byte: what it cannot read it reports, goes round, or sets aside.
//
// On disk a journal is a folder of segments of about 8 MiB,
//
//	00000000000000000001-9f3c21aa.journal
//
// named by the first number and a random salt, each a header and then frames:
//
//	salt u32 | kind u8, length u24 | CRC-32C u32 | body       (little endian)
//
// kind 1 is a record (msgp), kind 2 a seal, kind 3 a gap. The salt is the sync
// word by which reading finds the next frame behind damage, and seeds the CRC;
// being random, nothing that came in a caller's name or a settings text can look
// like a frame. A seal closes each commit group with
//
//	SHA-256(hash of the seal before | every frame since)
//
// so removing or changing a record breaks the chain even when its CRC is made to
// fit. It is one hash per group and not per record because that costs 52 bytes a
// group instead of 32 a record and the group is what is acknowledged anyway.
// A gap says that numbers were given up: lost to damage, or to a disk that refused
// for so long that memory ran out. Numbers are never used twice.
//
// Beside the segments lies "head", the last durable number, written after each
// group without a sync: it tells of whole groups cut off the end.
package journal

import (
	"errors"
	"fmt"
	"hash"
	"os"
	"sync"
	"syscall"
	"time"

	"centralita/firmware/event"
)

// Options tune a journal; the zero value is right for the box.
type Options struct {
	// SegmentBytes is the size at which a new segment begins; 0 is 8 MiB.
	SegmentBytes int64
	// Group is the longest a record waits for company before it is synced; 0 is
	// 50 ms.
	Group time.Duration
	// Replay, when set, is given every record in order while Open verifies the
	// files, so that a start reads them once. The record is valid in the call only.
	// An error ends Open.
	Replay func(*event.Record) error
	// Trouble is told by the writer when the disk begins to refuse, again when the
	// error changes or records are given up, and once with Err nil when it is
	// over. It must not wait for the writer.
	Trouble func(Trouble)
}

// Trouble is the state of a writer that cannot write.
type Trouble struct {
	Err       error  // nil: over
	GivenUp   uint64 // records lost since the trouble began, because memory is bounded
	Unwritten int    // records waiting in memory
}

const (
	segmentBytes = 8 << 20
	groupWait    = 50 * time.Millisecond
)

// Journal is an open journal.
type Journal struct {
	dir  string
	opts Options
	lock *os.File
	head *headFile

	queue // append.go

	// The writer's own (Serve).
	active file
	salt   uint32
	sealed []byte    // hash of the last seal
	chain  hash.Hash // of sealed and every frame since
	buf    []byte
	body   []byte
	create func(path string) (file, error)

	live struct { // what readers may see
		sync.Mutex
		segments []segment
		durable  uint64
		changed  chan struct{} // closed and replaced at each commit
	}
}

// file is what the writer needs of a segment; tests refuse through it.
type file interface {
	WriteAt(p []byte, off int64) (int, error)
	Sync() error
	Close() error
}

// Open opens the journal in dir, making the folder when there is none, verifies
// every byte and makes it ready to append. Damage is in the Recovery and is no
// error; an error means that the folder cannot be used at all.
func Open(dir string, opts Options) (*Journal, Recovery, error) {
	if opts.SegmentBytes <= 0 {
		opts.SegmentBytes = segmentBytes
	}
	if opts.Group <= 0 {
		opts.Group = groupWait
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, Recovery{}, err
	}
	j := &Journal{dir: dir, opts: opts, lock: lock, create: createFile}
	j.live.changed = make(chan struct{})
	j.queue.init()
	rec, err := j.recover()
	if err != nil {
		lock.Close()
		return nil, rec, err
	}
	return j, rec, nil
}

// lockFolder makes the folder, whatever else may lie in its place, and keeps a
// second program out: two writers would destroy each other.
func lockFolder(dir string) (*os.File, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		if err := os.Rename(dir, dir+".damaged"); err != nil {
			return nil, fmt.Errorf("journal: %s is no folder: %w", dir, err)
		}
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("journal: %s is used by another program (stop it first): %w", dir, err)
	}
	return f, nil
}

// Close releases the files after Serve has returned.
func (j *Journal) Close() error {
	var err error
	if j.active != nil {
		err = j.active.Close()
	}
	return errors.Join(err, j.head.close(), j.lock.Close())
}

// Durable is the last number that is on the disk.
func (j *Journal) Durable() uint64 {
	j.live.Lock()
	defer j.live.Unlock()
	return j.live.durable
}
