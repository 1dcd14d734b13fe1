package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// openAlarm is one line of the alarm list.
type openAlarm struct {
	Key, Severity, Text string
	Args                []string
}

func (b *box) alarms() []openAlarm {
	b.t.Helper()
	var list struct{ Alarms []openAlarm }
	b.view("alarm/list", &list)
	return list.Alarms
}

// raises waits until an alarm with the key is open.
func (b *box) raises(key string, limit time.Duration) (found openAlarm) {
	b.t.Helper()
	until(b.t, limit, "alarm "+key, func() (any, bool) {
		list := b.alarms()
		for _, a := range list {
			if a.Key == key {
				found = a
				return a, true
			}
		}
		return list, false
	})
	return found
}

// answers has a phone call the echo, which shows that the box takes calls.
func (b *box) answers(t *testing.T) {
	t.Helper()
	l := &load{cancel: func() {}}
	defer l.end()
	p := l.register(t, b, 1099)
	c, err := p.Call(t.Context(), "600")
	if err != nil {
		t.Fatal(err)
	}
	until(t, 5*time.Second, "packets of the echo", func() (any, bool) {
		h := c.Sound.Heard()
		return h, h.Packets > 10
	})
	if err := c.Hangup(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestDamagedJournal damages the journal of a box that was busy: it starts, says
// so, keeps what is outside the damage, and takes calls.
func TestDamagedJournal(t *testing.T) {
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "25000-25099")
	b.signIn()
	seen := newBook()
	follower := seen.follow(t, b, 0)
	l := startLoad(t, b, 1)
	time.Sleep(2 * time.Second) // something to damage
	b.kill()
	l.end()
	follower.Wait()
	seen.check(t, 1)
	sockets, _ := filepath.Glob(filepath.Join(b.data, "*.sock"))
	for _, s := range sockets {
		_ = os.Remove(s) // it cannot be copied
	}
	for _, c := range []struct {
		name   string
		damage func(raw []byte) []byte
		keeps  bool // something of the book is left
	}{
		{"a bit turned in the middle", func(raw []byte) []byte { raw[len(raw)/2] ^= 4; return raw }, true},
		{"a sector of zeros", func(raw []byte) []byte { clear(raw[len(raw)/4:][:512]); return raw }, true},
		{"cut at a third", func(raw []byte) []byte { return raw[:len(raw)/3] }, true},
		{"emptied", func([]byte) []byte { return nil }, false},
		{"something else", func([]byte) []byte { return []byte("<html>not a journal</html>") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(data, os.DirFS(b.data)); err != nil {
				t.Fatal(err)
			}
			segments, err := filepath.Glob(filepath.Join(data, "journal", "*.journal"))
			if err != nil || len(segments) == 0 {
				t.Fatal(segments, err)
			}
			last := segments[len(segments)-1]
			raw, err := os.ReadFile(last)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(last, c.damage(raw), 0o600); err != nil {
				t.Fatal(err)
			}
			d := startBox(t, "scripts/bench/office.yaml", "--rtp", "25100-25199", "--data", data)
			d.Password = b.Password
			d.signIn()
			t.Logf("ready in %v, %v", d.readyIn, d.raises("journal-damage", 2*time.Second).Args)
			d.answers(t)
			again := newBook()
			again.follow(t, d, 0)
			until(t, 5*time.Second, "the book told to its end", func() (any, bool) {
				var now struct{ Journal struct{ Durable uint64 } }
				d.must("GET", "/api/v1/health", nil, &now)
				return again.Last(), again.Last() >= now.Journal.Durable
			})
			again.Lock()
			defer again.Unlock()
			same, other := 0, 0
			for n, sum := range again.Sums {
				switch old, known := seen.Sums[n]; {
				case known && old == sum:
					same++
				case known:
					other++
				}
			}
			t.Logf("%d records before, %d of them read after", len(seen.Sums), same)
			if other > 0 || c.keeps && same < len(seen.Sums)/4 {
				t.Errorf("of %d records %d are left and %d numbers were used again", len(seen.Sums), same, other)
			}
		})
	}
}
