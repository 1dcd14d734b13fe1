package si3050

import (
	"strings"
	"time"
)

// country is how a line wants to be terminated: registers 16, 26, 30 and 31, and
// the ring validation that tells a ring from a caller-ID alert.
type country struct {
	intl1, dc, ac, daa5 byte
	rcc                 byte // ring confirmation count, see ringCount
	rto                 byte // ring timeout, units of 128 ms
	spark               byte // register 59
}

// Ring confirmation counts (register 23, RCC) in use: 256 ms is shorter than the
// 400 ms bursts of the UK; 512 ms lets the 200..300 ms alert before a caller ID
// pass unnoticed.
const (
	rcc256 = 3
	rcc512 = 5
)

var ringCount = [8]time.Duration{
	100 * time.Millisecond, 150 * time.Millisecond, 200 * time.Millisecond, 256 * time.Millisecond,
	384 * time.Millisecond, 512 * time.Millisecond, 640 * time.Millisecond, 1024 * time.Millisecond,
}

// The common terminations.
var (
	us    = country{intl1: 0x00, dc: 0xC0, ac: 0x00, daa5: 0x20, rcc: rcc512, rto: 2}
	tbr21 = country{intl1: 0x00, dc: 0xC2, ac: 0x02, daa5: 0x28, rcc: rcc512, rto: 2}
	tbrA  = country{intl1: 0x00, dc: 0xC2, ac: 0x02, daa5: 0x20, rcc: rcc512, rto: 2}
	low   = country{intl1: 0x00, dc: 0x30, ac: 0x00, daa5: 0x20, rcc: rcc512, rto: 2}
)

func (c country) with(ac byte) country { c.ac = ac; return c }

// groups of countries by ISO 3166 code and termination. Register values are the
// ones proven in the field; codes of ACIM (register 30): 0 600 ohm, 2 TBR21
// 270+(750//150 nF), 3 220+(820//120 nF), 4 370+(620//310 nF), 5 320+(1050//230
// nF), 15 global complex.
var groups = []struct {
	codes string
	c     country
}{
	{"US CA MX AR CL CO EC SV GU HK HU ID KZ KW MO PE RO SA SG KR YE", us},
	{"AE", us}, {"SI", us.with(2)}, {"SK", us.with(3)}, {"IN NZ", us.with(4)},
	{"ES IT FR BE DK FI GR IS IE LU NL NO PT SE CH", tbr21},
	{"DE AT", tbr21.with(3)},
	{"BH HR CY CZ IL LV LB MT MA NG", tbrA},
	{"BG", tbrA.with(3)},
	{"BR JP RU TW TH PH MY EG JO OM PK SY", low},
	{"CN", low.with(15)},
	// Two bursts of 400 ms with 200 ms between them are one ring: the timeout
	// bridges the gap.
	{"GB", country{dc: 0xC2, ac: 0x05, daa5: 0x28, rcc: rcc256, rto: 3}},
	{"AU", country{intl1: 0x40, dc: 0x30, ac: 0x03, daa5: 0x20, rcc: rcc256, rto: 3, spark: 0x50}},
	{"ZA", country{intl1: 0x42, dc: 0xC0, ac: 0x03, daa5: 0x20, rcc: rcc256, rto: 3}},
	{"PL", country{intl1: 0x02, dc: 0xC0, ac: 0x00, daa5: 0x20, rcc: rcc512, rto: 2}},
}

// Countries lists the codes with known terminations.
func Countries() []string {
	var all []string
	for _, g := range groups {
		all = append(all, strings.Fields(g.codes)...)
	}
	return all
}

// countryOf finds a termination; TBR21, the harmonised one, for unknown codes.
func countryOf(code string) country {
	code = strings.ToUpper(code)
	if code == "UK" {
		code = "GB"
	}
	for _, g := range groups {
		for known := range strings.FieldsSeq(g.codes) {
			if known == code {
				return g.c
			}
		}
	}
	return tbr21
}
