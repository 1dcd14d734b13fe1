package wizard

import (
	"maps"
	"slices"
	"strings"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// shortest is how long a menu waits for a key that nobody needs to press, 1 s in ns.
const shortest = 1_000_000_000

// Names of what opening hours are made of: the hours, the menu that calls enter by,
// and the one that says that the office is closed.
const (
	hoursName  = "office"
	menuName   = "entrance"
	closedName = "closed"
)

func hoursNow(_ Site, t *settings.Tree) string {
	h, ok := t.HoursByName(hoursName)
	if !ok {
		return "always"
	}
	days := slices.SortedFunc(maps.Keys(h.Weekly), func(a, b string) int { return slices.Index(week, first(a)) - slices.Index(week, first(b)) })
	var spans []string
	for _, d := range days {
		spans = append(spans, d+" "+strings.Join(h.Weekly[d], " "))
	}
	return strings.Join(spans, "; ")
}

var week = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func first(days string) string {
	day, _, _ := strings.Cut(days, "-")
	return day
}

// dayWords are days of the week as people write them, by their first three letters.
var dayWords = map[string]string{
	"mon": "mon", "tue": "tue", "wed": "wed", "thu": "thu", "fri": "fri", "sat": "sat", "sun": "sun",
	"lun": "mon", "mar": "tue", "mié": "wed", "mie": "wed", "mer": "wed", "jue": "thu", "gio": "thu", "vie": "fri", "ven": "fri",
	"sáb": "sat", "sab": "sat", "dom": "sun",
}

// readDays reads "lun-vie" or "Saturday".
func readDays(word string) (string, bool) {
	var days []string
	for _, d := range strings.Split(strings.ToLower(word), "-") {
		runes := []rune(d)
		day, ok := dayWords[string(runes[:min(3, len(runes))])]
		if !ok || len(days) == 2 {
			return "", false
		}
		days = append(days, day)
	}
	return strings.Join(days, "-"), true
}

// readHours reads "mon-fri 09:00-14:00 16:00-19:00; sat 10:00-13:00".
func readHours(text string) (map[string][]string, error) {
	weekly := map[string][]string{}
	days := ""
	for _, w := range words(text) {
		if w[0] >= '0' && w[0] <= '9' {
			if days == "" {
				return nil, no("hours", w)
			}
			weekly[days] = append(weekly[days], minutes(w))
			continue
		}
		ok := false
		if days, ok = readDays(w); !ok {
			return nil, no("hours", w)
		}
		weekly[days] = nil
	}
	for d, spans := range weekly {
		if len(spans) == 0 {
			return nil, no("hours", d)
		}
	}
	if len(weekly) == 0 {
		return nil, no("hours", strings.TrimSpace(text))
	}
	return weekly, nil
}

// minutes writes "9-14:30" as "09:00-14:30"; what is no time stays, for the check of
// the settings to refuse.
func minutes(span string) string {
	ends := strings.Split(span, "-")
	for i, e := range ends {
		if !strings.Contains(e, ":") {
			e += ":00"
		}
		if len(e) == 4 {
			e = "0" + e
		}
		ends[i] = e
	}
	return strings.Join(ends, "-")
}

// setHours lets callers in while the office is open, and tells them else that it is
// closed; "always" takes that out again.
func setHours(_ Site, t *settings.Tree, text string) error {
	inside, entry := id.To("queue", t.Queues[0].Name), id.To("menu", menuName)
	if meaning(text) == "always" {
		for i := range t.Lines {
			if t.Lines[i].Rings == entry {
				t.Lines[i].Rings = inside
			}
		}
		t.Hours = slices.DeleteFunc(slices.Clone(t.Hours), func(h settings.Hours) bool { return h.Name == hoursName })
		t.Menus = slices.DeleteFunc(slices.Clone(t.Menus), func(m settings.Menu) bool { return m.Name == menuName || m.Name == closedName })
		return nil
	}
	weekly, err := readHours(text)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(t.Hours, func(h settings.Hours) bool { return h.Name == hoursName }); i >= 0 {
		t.Hours[i].Weekly = weekly
	} else {
		t.Hours = append(t.Hours, settings.Hours{Name: hoursName, Weekly: weekly})
	}
	if _, there := t.MenuByName(closedName); !there {
		t.Menus = append(t.Menus, settings.Menu{Name: closedName, Say: []string{"closed"}, Keys: map[string]id.Destination{"*": id.To("menu", closedName)},
			NoKey: settings.NoKey{After: settings.Duration(shortest), Times: 1}})
	}
	if _, there := t.MenuByName(menuName); !there {
		t.Menus = append(t.Menus, settings.Menu{Name: menuName, Open: hoursName, Closed: id.To("menu", closedName), Say: []string{"welcome"},
			Keys: map[string]id.Destination{"0": inside}, NoKey: settings.NoKey{After: settings.Duration(shortest), Times: 1, Then: inside}})
		for i := range t.Lines {
			if t.Lines[i].Rings == inside {
				t.Lines[i].Rings = entry
			}
		}
	}
	return nil
}
