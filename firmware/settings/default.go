package settings

import (
	"fmt"
	"time"

	"centralita/firmware/id"
)

// Default is the office of a box that was never set up: every line rings one
// queue, every handset is somebody's, and 0 (9 where it is the custom) takes an
// outside line. Unknown countries are taken as ES.
func Default(country string) *Tree {
	zone, lang, name := placeOf(country)
	t := &Tree{
		Office: Office{Name: name, Country: country, TimeZone: zone, Languages: lang},
		Queues: []Queue{{Name: "reception", Strategy: "longest-idle", Ring: Duration(15 * time.Second), WrapUp: Duration(10 * time.Second), Music: "default"}},
	}
	if zone == "" {
		return Default("ES")
	}
	out := Outside{Prefix: "0"}
	if lang[0] == "en" {
		out.Prefix = "9"
	}
	for i := 1; i <= 4; i++ {
		line, hand := id.Port(fmt.Sprintf("fxo%d", i)), id.Port(fmt.Sprintf("fxs%d", i))
		ext := fmt.Sprintf("10%d", i)
		t.Lines = append(t.Lines, Line{Name: line, Rings: "queue/reception"})
		t.Stations = append(t.Stations, Station{Extension: ext, Handset: hand})
		t.People = append(t.People, Person{Name: ext, Role: "agent", Station: id.Station(ext), Ready: "always"})
		t.Queues[0].Agents = append(t.Queues[0].Agents, ext)
		out.Through = append(out.Through, line)
	}
	t.DialPlan.Inside = []InsideRule{{Dial: "600", To: "service/echo"}, {Dial: "700", To: "queue/reception"}}
	t.DialPlan.Outside = []Outside{out}
	return t
}

func placeOf(country string) (zone string, languages []string, name string) {
	switch country {
	case "ES":
		return "Europe/Madrid", []string{"es", "en", "it"}, "Oficina"
	case "IT":
		return "Europe/Rome", []string{"it", "en", "es"}, "Ufficio"
	case "GB", "UK":
		return "Europe/London", []string{"en", "es", "it"}, "Office"
	case "US":
		return "America/New_York", []string{"en", "es", "it"}, "Office"
	case "FR":
		return "Europe/Paris", []string{"en", "es", "it"}, "Bureau"
	case "DE":
		return "Europe/Berlin", []string{"en", "es", "it"}, "Büro"
	case "MX":
		return "America/Mexico_City", []string{"es", "en", "it"}, "Oficina"
	case "AR":
		return "America/Argentina/Buenos_Aires", []string{"es", "en", "it"}, "Oficina"
	case "BR":
		return "America/Sao_Paulo", []string{"en", "es", "it"}, "Escritório"
	}
	return "", nil, ""
}
