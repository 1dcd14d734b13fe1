package update

import (
	"strconv"
	"strings"
)

// release is a version that has a place among others: 1.4, v1.4.2, 1.5.0-rc1, and
// 1.4.2-17-g0abc123, which is what follows 1.4.2 by 17 changes.
type release struct {
	numbers [4]uint64
	before  string // "rc1": it is before the release of these numbers
	after   uint64 // changes since
}

// parseRelease knows no place for a bare hash or "dev".
func parseRelease(s string) (r release, ok bool) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "v"), "-dirty")
	core, rest, _ := strings.Cut(s, "-")
	fields := strings.Split(core, ".")
	if len(fields) < 2 || len(fields) > len(r.numbers) {
		return r, false
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 32)
		if err != nil {
			return r, false
		}
		r.numbers[i] = n
	}
	if at := strings.LastIndex("-"+rest, "-g"); at >= 0 && rest != "" {
		head, count := "", ("-" + rest)[:at]
		if i := strings.LastIndex(count, "-"); i >= 0 {
			head, count = count[:i], count[i+1:]
		}
		if n, err := strconv.ParseUint(count, 10, 32); err == nil {
			r.after, rest = n, strings.Trim(head, "-")
		}
	}
	r.before = rest
	return r, true
}

// compare is -1, 0 or 1; ok is false where one of them has no place.
func compare(a, b string) (order int, ok bool) {
	x, known := parseRelease(a)
	y, too := parseRelease(b)
	if !known || !too {
		return 0, false
	}
	for i := range x.numbers {
		if x.numbers[i] != y.numbers[i] {
			return sign(x.numbers[i] < y.numbers[i]), true
		}
	}
	switch {
	case x.before != y.before && (x.before == "" || y.before == ""):
		return sign(x.before != ""), true
	case x.before != y.before:
		return sign(x.before < y.before), true
	case x.after != y.after:
		return sign(x.after < y.after), true
	}
	return 0, true
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}

// newer is the later of two; what has no place does not count.
func newer(a, b string) string {
	if _, ok := parseRelease(b); !ok {
		return a
	}
	if order, ok := compare(a, b); ok && order >= 0 {
		return a
	}
	return b
}
