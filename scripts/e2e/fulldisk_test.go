package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// smallDisk is a file system of its own, as large as given.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a disk of its own needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes a file until so many bytes are free, or until nothing goes any more.
func fill(t *testing.T, name string, leave uint64) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 64<<10)
	for {
		var disk syscall.Statfs_t
		if err := syscall.Statfs(filepath.Dir(name), &disk); err != nil {
			t.Fatal(err)
		}
		if disk.Bavail*uint64(disk.Bsize) <= leave {
			return
		}
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestFullDisk: below the reserve recordings are refused and calls are not; on a
// disk without a byte left calls go on, nothing is acknowledged that is not on the
// disk, and all of it is there once there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "300m")
	filler := filepath.Join(disk, "filler")
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26600-26699", "--data", filepath.Join(disk, "data"))
	b.signIn()
	seen := newBook()
	follower := seen.follow(t, b, 0)
	caller, agent := phone(t, b, 1001), phone(t, b, 4001)
	phone(t, b, 2001)

	fill(t, filler, 100<<20)
	c, err := caller.Call(t.Context(), "3001") // a recorded one
	if err != nil {
		t.Fatal(err)
	}
	t.Log(b.raises("disk", 5*time.Second))
	if err := c.Hangup(t.Context()); err != nil {
		t.Error(err)
	}

	fill(t, filler, 0)
	for range 5 {
		b.answers(t)
	}
	t.Log(b.raises("journal", 10*time.Second))
	body := map[string]any{"agent": agent.User, "reason": "lunch"}
	status, raw := b.ask("POST", "/api/v1/acd/agent/away", body)
	if status != 503 {
		t.Errorf("a command was acknowledged on a full disk: %d %s", status, raw)
	}
	contains(t, string(raw), "unwritten", "disk")
	b.answers(t)
	// A disk that refuses is no reason for the watchdog: calls go on.
	beaten := b.beats().Heartbeat.Beats
	until(t, 10*time.Second, "the heart beating on", func() (any, bool) {
		h := b.beats().Heartbeat
		return h, h.Good && h.Beats > beaten
	})

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	until(t, 15*time.Second, "no alarm of disk or journal", func() (any, bool) {
		if c, err := caller.Call(t.Context(), "3001"); err == nil {
			_ = c.Hangup(t.Context()) // a recorded call has the box look at the disk
		}
		list := b.alarms()
		for _, a := range list {
			if a.Key == "disk" || a.Key == "journal" {
				return list, false
			}
		}
		return list, true
	})
	var now struct{ Journal struct{ Last uint64 } }
	b.must("GET", "/api/v1/health", nil, &now)
	until(t, 5*time.Second, "everything on the disk and told", func() (any, bool) {
		return seen.Last(), seen.Last() >= now.Journal.Last
	})
	b.kill()
	follower.Wait()
	seen.check(t, now.Journal.Last)
	b.start()
	b.signIn()
	seen.quiet(t, b)
	began, ended := seen.calls(t)
	t.Logf("%d calls began, %d ended: %v", began, ended, seen.Causes)
	if began < 8 {
		t.Errorf("%d calls are in the book, 8 were made", began)
	}
}
