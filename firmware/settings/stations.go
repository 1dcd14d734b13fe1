package settings

import (
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/id"
)

// stationsMax bounds all stations of an office after ranges are opened.
const stationsMax = 1000

// ExpandStations lists every station with one extension each: ranges become one
// station a number, in order. Stations beyond the bound, and ranges that are none,
// are left out (Validate names them).
func (t *Tree) ExpandStations() []Station {
	out := make([]Station, 0, len(t.Stations))
	for _, s := range t.Stations {
		first, last, ok := extensions(s.Extension)
		if !ok {
			continue
		}
		for n := first; n <= last && len(out) < stationsMax; n++ {
			one := s
			if first != last {
				one.Extension = pad(n, len(s.Extension)/2)
			}
			out = append(out, one)
		}
	}
	return out
}

// extensions reads "101" or "1001-1100"; both ends of a range have equal length.
// For a single extension first is last (its text keeps leading zeros).
func extensions(s string) (first, last int, ok bool) {
	a, b, isRange := strings.Cut(s, "-")
	if !isRange {
		b = a
	}
	if !digits(a, 1, 8) || !digits(b, 1, 8) || len(a) != len(b) {
		return 0, 0, false
	}
	first, _ = strconv.Atoi(a)
	last, _ = strconv.Atoi(b)
	return first, last, first <= last && last-first < stationsMax && (!isRange || first < last)
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

func digits(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// StationByExt finds a station, also inside a range.
func (t *Tree) StationByExt(ext id.Station) (Station, bool) {
	for _, s := range t.Stations {
		if s.Extension == string(ext) && !strings.Contains(s.Extension, "-") {
			return s, true
		}
		first, last, ok := extensions(s.Extension)
		n, err := strconv.Atoi(string(ext))
		if ok && first != last && err == nil && len(ext) == len(s.Extension)/2 && digits(string(ext), 1, 8) && first <= n && n <= last {
			s.Extension = string(ext)
			return s, true
		}
	}
	return Station{}, false
}

// QueueByName finds a queue.
func (t *Tree) QueueByName(name id.Queue) (Queue, bool) {
	return named(t.Queues, func(q Queue) bool { return q.Name == string(name) })
}

// MenuByName finds a menu.
func (t *Tree) MenuByName(name string) (Menu, bool) {
	return named(t.Menus, func(m Menu) bool { return m.Name == name })
}

// HoursByName finds opening hours.
func (t *Tree) HoursByName(name string) (Hours, bool) {
	return named(t.Hours, func(h Hours) bool { return h.Name == name })
}

// LineByPort finds an analog line.
func (t *Tree) LineByPort(p id.Port) (Line, bool) {
	return named(t.Lines, func(l Line) bool { return l.Name == p })
}

// TrunkByName finds a provider's account, with the fields of its preset.
func (t *Tree) TrunkByName(name string) (Trunk, bool) {
	k, ok := named(t.Trunks, func(k Trunk) bool { return k.Name == name })
	return k.Filled(), ok
}

// PersonByName finds a person.
func (t *Tree) PersonByName(name id.Person) (Person, bool) {
	return named(t.People, func(p Person) bool { return p.Name == string(name) })
}

func named[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}
