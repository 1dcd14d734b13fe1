package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"centralita/firmware/event"
)

// writeUntilKilled is the child: it appends under load and prints each number
// that it was told is durable.
func writeUntilKilled(dir string) {
	j, rec, err := Open(dir, Options{SegmentBytes: 64 << 10, Group: time.Millisecond})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	go j.Serve(context.Background())
	for n := rec.Next; ; {
		for range 50 {
			n = j.Append(int64(n), int64(1000+n), began(n)) + 1
		}
		if err := j.Sync(context.Background(), n-1); err != nil {
			os.Exit(1)
		}
		fmt.Println(n - 1)
	}
}

func TestKilledAtAnyMoment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	var acknowledged uint64
	spent := map[uint64]bool{}
	for round := range 10 {
		acknowledged = runAndKill(t, dir, 20+7*round, acknowledged)
		j, rec, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		there := map[uint64]bool{}
		if err := j.Read(0, func(r *event.Record) error { there[r.Seq] = true; return same(r) }); err != nil {
			t.Fatal(err)
		}
		giveUp(t, rec, acknowledged, spent)
		for n := range acknowledged {
			if !there[n+1] && !spent[n+1] {
				t.Fatalf("round %d: record %d was acknowledged and is gone; %+v", round, n+1, rec)
			}
		}
		if rec.Next <= acknowledged {
			t.Fatalf("round %d: next number %d, acknowledged %d", round, rec.Next, acknowledged)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// giveUp notes numbers of a torn group. It was never acknowledged, and the child
// after it begins above them.
func giveUp(t *testing.T, rec Recovery, acknowledged uint64, spent map[uint64]bool) {
	t.Helper()
	for _, d := range rec.Damage {
		for n := d.First; n > 0 && n <= d.Last; n++ {
			if n <= acknowledged && !spent[n] {
				t.Fatalf("acknowledged record %d is damaged: %v", n, d)
			}
			spent[n] = true
		}
	}
}

// runAndKill lets a child acknowledge so many groups and gives the last number.
func runAndKill(t *testing.T, dir string, groups int, before uint64) (last uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "JOURNAL_TEST_CHILD="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); errors.Is(err, syscall.ENOEXEC) {
		t.Skip("this machine runs programs of another processor only when an emulator is named")
	} else if err != nil {
		t.Fatal(err)
	}
	last = before
	in := bufio.NewScanner(out)
	for n := 0; in.Scan(); n++ {
		seq, err := strconv.ParseUint(strings.TrimSpace(in.Text()), 10, 64)
		if err != nil {
			t.Errorf("child: %s", in.Text())
			break
		}
		last = seq
		if n == groups {
			child.Process.Kill() // and read what it still acknowledged
		}
	}
	child.Process.Kill()
	child.Wait()
	return last
}
