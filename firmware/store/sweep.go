package store

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"centralita/firmware/atomicfile"
)

// Retention is how long recordings are kept; it comes from the settings.
type Retention struct {
	// Age after which a recording is deleted; 0 keeps it while there is room.
	Age time.Duration
	// Oldest deletes the oldest recordings when space runs out, so that new calls
	// can be recorded; without it new recordings are refused.
	Oldest bool
}

// Space is the state of the disk.
type Space struct {
	Total, Free uint64 // bytes
	Low         bool   // 90 % are used
	Refusing    bool   // less than the floor is free: recordings are refused
}

const (
	lowPercent = 90
	sweepEvery = time.Minute
	// lookEvery is how soon a disk that filled up, or has room again, is known.
	lookEvery = 5 * time.Second
	// untouched is how long a file must have been left alone before it may be
	// expired for room or taken for unfinished: longer than any pause of a writer.
	untouched = time.Hour
)

// undated is before every recording: what is earlier was dated by the clock of a
// machine that nobody had told the time.
var undated = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// SetRetention takes effect at the next sweep.
func (s *Store) SetRetention(r Retention) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retention = r
}

// Serve sweeps at once and then every minute until ctx ends, and looks at the
// free space in between.
func (s *Store) Serve(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for n := 0; ; n++ {
		if n%int(sweepEvery/lookEvery) == 0 {
			s.Sweep(ctx, time.Now())
		} else {
			s.look()
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Space looks at the disk now.
func (s *Store) Space() Space { return s.look() }

// Full reports whether recordings were refused at the last look, without asking
// the disk.
func (s *Store) Full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Refusing
}

// look asks the disk and tells of changes. A disk that does not answer keeps its
// last state.
func (s *Store) look() Space {
	total, free, err := s.statfs()
	s.mu.Lock()
	was := s.state
	if err == nil {
		s.state = Space{Total: total, Free: free,
			Low:      free < total/100*(100-lowPercent),
			Refusing: free < s.opts.Floor,
		}
	}
	now := s.state
	s.mu.Unlock()
	if s.opts.Space != nil && (was.Low != now.Low || was.Refusing != now.Refusing) {
		s.opts.Space(now)
	}
	return now
}

// Sweep deletes what is too old at now and, when allowed, the oldest recordings
// until the floor is free again. It walks one day's folder at a time.
func (s *Store) Sweep(ctx context.Context, now time.Time) {
	s.mu.Lock()
	r := s.retention
	s.mu.Unlock()
	short := s.look().Refusing && r.Oldest
	// Names of recordings begin with the day, and a walk is in order of names: the
	// oldest come first.
	fs.WalkDir(s.root.FS(), string(Recordings), func(p string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return ctx.Err() // what cannot be read is left alone
		}
		if d.IsDir() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		age := s.age(p, info, now)
		switch {
		case r.Age > 0 && age > r.Age:
			s.expire(p, fmt.Sprintf("older than %v", r.Age))
		case short && age > untouched:
			s.expire(p, "the disk is full")
			short = s.look().Refusing
		}
		return nil
	})
	s.tidy(ctx, now)
	s.look()
}

// age is how long ago a file was written. One written while the box did not know the
// time is as old as that knowledge, and is dated so.
func (s *Store) age(p string, info fs.FileInfo, now time.Time) time.Duration {
	if info.ModTime().Before(undated) && now.After(undated) {
		_ = s.root.Chtimes(p, now, now) // tried again at the next sweep
		return 0
	}
	return now.Sub(info.ModTime())
}

// expire deletes a recording and the folders of its day when they are empty.
func (s *Store) expire(p, why string) {
	if s.root.Remove(p) != nil {
		return
	}
	for dir := path.Dir(p); dir != string(Recordings) && s.root.Remove(dir) == nil; {
		dir = path.Dir(dir) // refused, and the end of it, while something is inside
	}
	name := strings.TrimPrefix(p, string(Recordings)+"/")
	if s.opts.Removed != nil && !strings.HasPrefix(path.Base(p), atomicfile.Unfinished) {
		s.opts.Removed(name, why)
	}
}

// tidy removes what a power cut left unfinished.
func (s *Store) tidy(ctx context.Context, now time.Time) {
	fs.WalkDir(s.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if d.IsDir() || !strings.HasPrefix(d.Name(), atomicfile.Unfinished) {
			return nil
		}
		if info, err := d.Info(); err == nil && s.age(p, info, now) > untouched {
			s.root.Remove(p)
		}
		return nil
	})
}
