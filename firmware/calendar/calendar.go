// Package calendar tells whether an office is open: weekly hours and closed days
// in the office's own time.
//
// firmware/ivr asks it with the wall clock already in the office's zone, so the
// nights of clock changes need no rule here: hours are what the clock on the wall
// shows. It reads no clock and no settings.
package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Week is a set of opening hours, minutes from midnight by day of the week.
type Week struct {
	days   [7][]span // by time.Weekday
	closed []string  // "2026-12-24"
}

// span is open from its first minute up to and without its last; a span beyond
// 24:00 belongs to the next day's early hours.
type span struct{ from, to int }

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Parse reads weekly hours, "mon-fri": ["09:00-14:00", "16:00-20:00"], and closed
// days, "2026-12-24". A span that ends before it begins goes over midnight.
func Parse(weekly map[string][]string, closed []string) (Week, error) {
	var w Week
	for key, spans := range weekly {
		days, err := parseDays(key)
		if err != nil {
			return Week{}, err
		}
		for _, text := range spans {
			s, err := parseSpan(text)
			if err != nil {
				return Week{}, err
			}
			for _, d := range days {
				w.days[d] = append(w.days[d], s)
			}
		}
	}
	for _, day := range closed {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return Week{}, fmt.Errorf("%q is no day: write 2026-12-24", day)
		}
		w.closed = append(w.closed, day)
	}
	return w, nil
}

// Open reports whether the office is open at t, in t's own zone.
func (w Week) Open(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	if !w.holiday(t) && covers(w.days[t.Weekday()], minute) {
		return true
	}
	before := t.AddDate(0, 0, -1)
	return !w.holiday(before) && covers(w.days[before.Weekday()], minute+24*60)
}

func (w Week) holiday(t time.Time) bool {
	return len(w.closed) > 0 && slices.Contains(w.closed, t.Format(time.DateOnly))
}

func covers(spans []span, minute int) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from <= minute && minute < s.to })
}

// parseDays reads "mon", "mon-fri" (also over the week's end, "sat-mon") or a
// list of these with commas.
func parseDays(text string) ([]int, error) {
	var days []int
	for part := range strings.SplitSeq(text, ",") {
		a, b, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			b = a
		}
		first, last := slices.Index(dayNames, a), slices.Index(dayNames, b)
		if first < 0 || last < 0 {
			return nil, fmt.Errorf("%q names no days: write mon, mon-fri or sat,sun", text)
		}
		for d := first; ; d = (d + 1) % 7 {
			days = append(days, d)
			if d == last {
				break
			}
		}
	}
	return days, nil
}

func parseSpan(text string) (span, error) {
	a, b, ok := strings.Cut(text, "-")
	from, okFrom := parseMinute(a)
	to, okTo := parseMinute(b)
	if !ok || !okFrom || !okTo || from == to || from == 24*60 {
		return span{}, fmt.Errorf("%q is no span of hours: write 09:00-14:00", text)
	}
	if to < from {
		to += 24 * 60
	}
	return span{from, to}, nil
}

func parseMinute(text string) (int, bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	hour, errH := strconv.Atoi(h)
	minute, errM := strconv.Atoi(m)
	ok = ok && errH == nil && errM == nil && len(h) == 2 && len(m) == 2
	return hour*60 + minute, ok && hour >= 0 && minute >= 0 && minute < 60 && (hour < 24 || hour == 24 && minute == 0)
}
