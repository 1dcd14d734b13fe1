package calendar

import (
	"testing"
	"time"
)

// Hours are what the clock on the wall shows, also in the nights of clock changes
// (Madrid: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00).
func TestOpen(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Parse(map[string][]string{
		"mon-fri": {"09:00-14:00", "16:00-20:00"}, "sat": {"22:00-02:30"}, "sun": {"00:00-01:00"},
	}, []string{"2026-12-24"})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-11-20 09:00": true, "2026-11-20 08:59": false, "2026-11-20 13:59": true, "2026-11-20 14:00": false,
		"2026-11-20 19:59": true, "2026-12-24 10:00": false, "2026-12-25 10:00": true,
		"2026-11-21 21:59": false, "2026-11-21 23:00": true, "2026-11-22 02:29": true, "2026-11-22 02:30": false,
		"2026-11-22 12:00": false,
		"2026-03-29 01:59": true, "2026-03-29 03:00": false, "2026-10-25 02:15": true, "2026-10-25 03:00": false,
	} {
		local, err := time.ParseInLocation("2006-01-02 15:04", at, madrid)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Open(local); got != want {
			t.Errorf("%s: open %v, want %v", at, got, want)
		}
	}
}

func TestDaysOverTheWeekAndAllDay(t *testing.T) {
	w, err := Parse(map[string][]string{"sat-mon": {"00:00-24:00"}, "wed, thu": {"10:00-11:00"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-11-21T00:00:00Z": true, "2026-11-23T23:59:00Z": true, "2026-11-24T00:00:00Z": false, "2026-11-25T10:30:00Z": true, "2026-11-26T10:59:00Z": true,
	} {
		when, _ := time.Parse(time.RFC3339, at)
		if got := w.Open(when); got != want {
			t.Errorf("%s: open %v", at, got)
		}
	}
}

func TestRefused(t *testing.T) {
	for day, span := range map[string]string{"mon": "9:00-14:00", "tue": "09:00", "wed": "24:00-01:00", "thu": "10:60-11:00", "fri": "10:00-10:00", "funday": "10:00-11:00", "sun-": "10:00-11:00"} {
		if _, err := Parse(map[string][]string{day: {span}}, nil); err == nil {
			t.Errorf("%s %s was taken", day, span)
		}
	}
	if _, err := Parse(nil, []string{"24.12.2026"}); err == nil {
		t.Error("a day in other order was taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("mon-fri", "09:00-14:00", "2026-12-24", int64(1_800_000_000))
	f.Fuzz(func(t *testing.T, day, span, closed string, at int64) {
		if w, err := Parse(map[string][]string{day: {span}}, []string{closed}); err == nil {
			w.Open(time.Unix(at%4_000_000_000, 0).UTC())
		}
	})
}
