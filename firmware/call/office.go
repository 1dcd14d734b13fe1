package call

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a box has no zone files; the same rules everywhere keep replays true

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// index answers the questions that are asked in every step.
type index struct {
	station map[id.Station]settings.Station
	at      map[id.Port]id.Station
	list    []settings.Station
}

// Office is the settings tree in force; nobody changes it.
func (b *Book) Office() *settings.Tree { return b.office }

// Rev is the revision of the settings in force, 0 before the first commit.
func (b *Book) Rev() uint64 { return b.rev }

// Local is the wall clock in the office's zone.
func (b *Book) Local(wall int64) time.Time { return time.UnixMilli(wall).In(b.zone) }

// Day numbers the office's calendar days, so that figures begin at its midnight.
func (b *Book) Day(wall int64) int64 {
	_, offset := b.Local(wall).Zone()
	return (wall/1000 + int64(offset)) / 86400
}

// Station finds a station of the settings.
func (b *Book) Station(s id.Station) (settings.Station, bool) {
	st, ok := b.index.station[s]
	return st, ok
}

// Stations lists all, in the order of the settings.
func (b *Book) Stations() []settings.Station { return b.index.list }

// StationAt is the station whose phone is at a port, "" if none.
func (b *Book) StationAt(p id.Port) id.Station { return b.index.at[p] }

// PortOf is where a station's phone is. A browser beside a telephone on the desk is
// at the same port: its calls are the station's.
func PortOf(s settings.Station) id.Port {
	if s.Handset != "" {
		return s.Handset
	}
	if s.SIP == nil && s.Web {
		return id.Port("web/" + s.Extension)
	}
	return id.Port("sip/" + s.Extension)
}

func (b *Book) commit(e *event.SettingsCommitted) {
	tree, _, err := settings.ParseCommitted(e.Doc)
	if err != nil {
		return // was checked before it was committed; what was in force stays so
	}
	b.rev = e.Rev
	b.settle(tree)
}

func (b *Book) settle(tree *settings.Tree) {
	zone, err := time.LoadLocation(tree.Office.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	b.office, b.zone = tree, zone
	list := tree.ExpandStations()
	b.index = index{station: make(map[id.Station]settings.Station, len(list)), at: make(map[id.Port]id.Station, len(list)), list: list}
	for _, s := range list {
		ext := id.Station(s.Extension)
		b.index.station[ext] = s
		b.index.at[PortOf(s)] = ext
	}
}

// fileOf names a recording: a folder a day, the call's number as the name.
func (b *Book) fileOf(c *Call, wall int64) string {
	n := strconv.FormatUint(uint64(c.ID), 10)
	return b.Local(wall).Format("2006/01/02/") + strings.Repeat("0", max(0, 6-len(n))) + n + ".wav"
}
