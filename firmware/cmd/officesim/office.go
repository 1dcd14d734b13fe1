package main

import (
	"fmt"
	"math/rand/v2"
	"os"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// office is the settings of a simulated office.
type office struct {
	tree *settings.Tree
	doc  []byte
}

func (o office) about() string {
	return fmt.Sprintf("office %q: %d lines, %d trunks, %d stations, %d queues\n",
		o.tree.Office.Name, len(o.tree.Lines), len(o.tree.Trunks), len(o.tree.ExpandStations()), len(o.tree.Queues))
}

// officeOf reads a file, or makes an office by seed.
func officeOf(file string, seed uint64) (office, error) {
	if file == "" {
		tree := generate(rand.New(rand.NewPCG(seed, 'o')))
		return office{tree, tree.Marshal()}, nil
	}
	doc, err := os.ReadFile(file)
	if err != nil {
		return office{}, err
	}
	tree, err := settings.Parse(doc)
	if err != nil {
		return office{}, fmt.Errorf("%s: %w", file, err)
	}
	return office{tree, doc}, nil
}

// places are where offices stand: their clocks change on different nights.
var places = []struct{ country, zone, lang, prefix string }{
	{"ES", "Europe/Madrid", "es", "0"},
	{"IT", "Europe/Rome", "it", "0"},
	{"GB", "Europe/London", "en", "9"},
	{"US", "America/New_York", "en", "9"},
	{"ES", "Atlantic/Canary", "es", ""},
}

// generate makes an office: one to eight lines, perhaps a provider, two to twenty
// telephones, one to four queues that share their agents.
func generate(r *rand.Rand) *settings.Tree {
	place := places[r.IntN(len(places))]
	t := &settings.Tree{Office: settings.Office{
		Name: fmt.Sprintf("Office %d", r.IntN(1000)), Country: place.country, TimeZone: place.zone, Languages: []string{place.lang},
	}}
	queues := 1 + r.IntN(4)
	var through []id.Port
	for i := range 1 + r.IntN(8) {
		port := id.Port(fmt.Sprintf("fxo%d", i+1))
		through = append(through, port)
		t.Lines = append(t.Lines, settings.Line{Name: port, Rings: rings(r, queues)})
	}
	if r.IntN(2) == 0 {
		t.Trunks = []settings.Trunk{{Name: "prov", Server: "sip.example.test", Calls: 2 + r.IntN(6), Rings: rings(r, queues)}}
		through = append(through, "trunk/prov")
	}
	generatePeople(r, t)
	for i := range queues {
		t.Queues = append(t.Queues, generateQueue(r, t, i))
	}
	t.Hours = []settings.Hours{{Name: "work", Weekly: map[string][]string{"mon-sat": {"08:00-14:00", "16:00-20:00"}, "sun": {"22:00-02:00"}}}}
	t.Menus = []settings.Menu{generateMenu("day", queues, r), generateMenu("more", queues, r)}
	t.DialPlan = settings.DialPlan{
		Inside: []settings.InsideRule{
			{Dial: "600", To: "service/echo"}, {Dial: "700", To: "queue/q0"}, {Dial: "601", To: "menu/day"},
			{Dial: "3XX", To: "station/1XX", Record: true},
		},
		Outside: []settings.Outside{{Prefix: place.prefix, Through: through}},
	}
	return t
}

func rings(r *rand.Rand, queues int) id.Destination {
	switch r.IntN(6) {
	case 0:
		return "station/101"
	case 1:
		return "menu/day"
	case 2:
		return id.To("queue", fmt.Sprintf("q%d", r.IntN(queues)))
	}
	return "menu/day"
}

func generatePeople(r *rand.Rand, t *settings.Tree) {
	for i := range 2 + r.IntN(19) {
		ext := fmt.Sprint(101 + i)
		s := settings.Station{Extension: ext, Name: "Desk " + ext}
		if i < 8 && r.IntN(3) > 0 {
			s.Handset = id.Port(fmt.Sprintf("fxs%d", i+1))
		} else {
			s.SIP = &settings.Phone{Secret: "phone-" + ext}
		}
		t.Stations = append(t.Stations, s)
		p := settings.Person{Name: "p" + ext, Role: "agent", Station: id.Station(ext)}
		if r.IntN(2) == 0 {
			p.Ready = "always"
		}
		t.People = append(t.People, p)
	}
}

func generateQueue(r *rand.Rand, t *settings.Tree, i int) settings.Queue {
	q := settings.Queue{Name: fmt.Sprintf("q%d", i), Ring: seconds(8 + r.IntN(20)), WrapUp: seconds(r.IntN(40))}
	for _, p := range t.People {
		if r.IntN(2) == 0 {
			q.Agents = append(q.Agents, p.Name)
		}
	}
	if r.IntN(2) == 0 {
		then := []id.Destination{"", "station/101", "menu/more", "queue/q0"}
		q.MaxWait = settings.MaxWait{After: seconds(20 + r.IntN(200)), Then: then[r.IntN(len(then))]}
	}
	q.Announce = settings.Announce{Position: r.IntN(2) == 0, Every: seconds(20 + r.IntN(60))}
	q.Record.Always = r.IntN(2) == 0
	if r.IntN(3) == 0 {
		q.Welcome = []string{"welcome", "recorded-notice"}
	}
	return q
}

func generateMenu(name string, queues int, r *rand.Rand) settings.Menu {
	m := settings.Menu{Name: name, Say: []string{"welcome", "press-a-digit"}, Keys: map[string]id.Destination{
		"0": "station/101", "1": "queue/q0", "2": "menu/more", "9": "menu/day", "5": "station/777",
	}}
	for i := range queues {
		m.Keys[fmt.Sprint(6+i%3)] = id.To("queue", fmt.Sprintf("q%d", i))
	}
	if r.IntN(2) == 0 {
		m.Open = "work"
	}
	if r.IntN(2) == 0 {
		m.Closed = "queue/q0"
	}
	if r.IntN(2) == 0 {
		m.NoKey = settings.NoKey{After: seconds(3 + r.IntN(6)), Times: 1 + r.IntN(3), Then: "queue/q0"}
	}
	return m
}

func seconds(n int) settings.Duration { return settings.Duration(n) * 1_000_000_000 }
