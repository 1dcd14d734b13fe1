package settings

import (
	"testing"
	"time"
)

// TestLifelineNext: the default is Sunday night, and nights with a change of the
// clocks have their test too.
func TestLifelineNext(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ test, after, want string }{
		{"", "2026-11-18 12:00", "2026-11-22 04:00"},
		{"", "2026-11-22 04:00", "2026-11-29 04:00"},
		{"daily 23:30", "2026-11-22 23:29", "2026-11-22 23:30"},
		{"monday 02:30", "2026-03-28 12:00", "2026-03-30 02:30"},
		{"daily 02:30", "2026-03-28 12:00", "2026-03-29 03:30"}, // 02:30 does not exist that night
		{"never", "2026-11-22 04:00", ""},
	} {
		after, err := time.ParseInLocation("2006-01-02 15:04", c.after, zone)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := Lifeline{Test: c.test}.Next(after)
		if got := at.Format("2006-01-02 15:04"); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q after %s: %s %t, want %s", c.test, c.after, got, ok, c.want)
		}
	}
	for _, bad := range []string{"sunday", "sunday 25:00", "domingo 04:00", "04:00", "daily"} {
		tree := Default("ES")
		tree.Box.Lifeline.Test = bad
		if len(tree.Validate()) != 1 {
			t.Errorf("%q is taken: %v", bad, tree.Validate())
		}
	}
}
