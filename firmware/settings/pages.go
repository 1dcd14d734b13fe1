package settings

import (
	"fmt"
	"slices"
)

// Page is a group of telephones that a person speaks through at once, by the code
// dial_plan.codes.page and Number behind it. Handsets cannot answer by themselves and
// are left out.
type Page struct {
	Name     string   `yaml:"name" json:"name"`
	Number   string   `yaml:"number" json:"number"`                 // 1 to 999
	Stations []string `yaml:"stations,omitempty" json:"stations"`   // extensions, none is all
	BothWays bool     `yaml:"both_ways,omitempty" json:"both_ways"` // who listens is heard by the one who speaks
}

// PageByName finds a group for paging.
func (t *Tree) PageByName(name string) (Page, bool) {
	return named(t.Pages, func(p Page) bool { return p.Name == name })
}

func (v *validator) pages() {
	v.length("pages", len(v.t.Pages), queueMax)
	var names, numbers []string
	stations := v.t.ExpandStations()
	for _, p := range v.t.Pages {
		at := "pages[" + clip(p.Name) + "]"
		v.name(at+".name", p.Name, names)
		names = append(names, p.Name)
		switch {
		case !digits(p.Number, 1, 3):
			v.add(at+".number", p.Number, "page-number")
		case slices.Contains(numbers, p.Number):
			v.add(at+".number", p.Number, "twice", p.Number)
		}
		numbers = append(numbers, p.Number)
		v.length(at+".stations", len(p.Stations), listMax)
		for i, ext := range p.Stations {
			path := fmt.Sprintf("%s.stations[%d]", at, i)
			st, known := named(stations, func(s Station) bool { return s.Extension == ext })
			switch {
			case !known:
				v.add(path, ext, "unknown-station", clip(ext), v.known("station"))
			case slices.Contains(p.Stations[:i], ext):
				v.add(path, ext, "twice", ext)
			case st.Handset != "":
				v.warn(path, ext, "page-handset", ext)
			}
		}
	}
}
