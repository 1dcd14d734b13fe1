package profile

import (
	"centralita/firmware/event"
	"centralita/firmware/line"
	"centralita/firmware/line/release"
)

// Profile is one line as its calls have shown it; New makes one.
type Profile struct {
	items  map[string]*item // bounded by line.Items
	signs  map[string]*sign
	calls  int
	habits release.Habits
	rates  release.Rates
	first  int64 // wall ms
	last   int64
}

// New is a line that nobody has used.
func New() *Profile {
	return &Profile{items: map[string]*item{}, signs: map[string]*sign{}}
}

// Learn takes the readings of one call. Several of one item count once, by their
// middle; items that this version does not know are passed over.
func (p *Profile) Learn(wall int64, readings []event.Reading) {
	of, has := map[string][]sample{}, map[string]bool{}
	for _, r := range readings {
		def, ok := line.Find(r.Item)
		if !ok || !def.Fits(r.Value) || len(r.Text) > textMax {
			continue
		}
		has[r.Item] = true
		p.habits.Take(r.Item, r.Value)
		p.rates.Take(r.Item, r.Value)
		if !line.Counts(r.Item) {
			of[r.Item] = push(of[r.Item], sample{r.Value, r.Text})
		}
	}
	if len(has) == 0 {
		return
	}
	if p.calls == 0 {
		p.first = wall
	}
	p.calls++
	p.last = wall
	for name, list := range of {
		it := p.items[name]
		if it == nil {
			def, _ := line.Find(name)
			it = &item{def: def}
			p.items[name] = it
		}
		it.learn(wall, sample{it.middle(list), usual(list)})
	}
	for _, name := range asked(has, usual(of[line.CallWay])) {
		if p.signs[name] == nil {
			p.signs[name] = &sign{}
		}
		p.signs[name].ask(wall, has[name])
	}
}

// textMax bounds a word of a reading.
const textMax = 64

// Accept makes what the line does now normal, for one item.
func (p *Profile) Accept(name string) {
	if it := p.items[name]; it != nil {
		it.accept()
	}
	if s := p.signs[name]; s != nil && s.lost {
		delete(p.signs, name)
		delete(p.items, name)
	}
}

// Calls is how many calls taught something.
func (p *Profile) Calls() int { return p.calls }

// First and Last are when, in wall ms; 0 without calls.
func (p *Profile) First() int64 { return p.first }

// Last is when the newest call taught something.
func (p *Profile) Last() int64 { return p.last }

// Habits are what the judge of hang-ups weighs this line's signs with.
func (p *Profile) Habits() release.Habits { return p.habits }

// Rates are how well hang-ups were judged so far.
func (p *Profile) Rates() release.Rates { return p.rates }

// Known is what is known of one item.
type Known struct {
	Item   string  `json:"item"`
	Unit   string  `json:"unit"`
	Value  float64 `json:"value"`  // the middle of what it usually is
	Spread float64 `json:"spread"` // standard deviation
	Text   string  `json:"text"`   // of an item without unit
	Count  int     `json:"count"`  // calls that showed it
	Sure   uint8   `json:"sure"`   // percent
	Share  float64 `json:"share"`  // of the calls that could show it, 0..1; 1 for what is no sign
	First  int64   `json:"first_wall"`
	Last   int64   `json:"last_wall"`
	Steady bool    `json:"steady"` // a change would be told
}

// Known lists all, in the order of the table.
func (p *Profile) Known() []Known {
	list := []Known{}
	for _, def := range line.Items {
		if k, ok := p.Find(def.Name); ok {
			list = append(list, k)
		}
	}
	return list
}

// Find is what is known of one item; false when no call has shown it.
func (p *Profile) Find(name string) (Known, bool) {
	it := p.items[name]
	if it == nil {
		return Known{}, false
	}
	k := Known{
		Item: name, Unit: it.def.Unit, Value: it.middle(it.normal), Spread: it.spread(), Text: usual(it.normal),
		Count: it.count, Sure: it.sure(), Share: 1, First: it.first, Last: it.last, Steady: it.steady() && watched(name),
	}
	if !it.def.Word() {
		k.Text = ""
	}
	if s := p.signs[name]; s != nil {
		k.Share = s.share()
	}
	return k, true
}

// Share is how many of the calls that could show a sign did, and how many there
// were.
func (p *Profile) Share(sign string) (share float64, asked int) {
	if s := p.signs[sign]; s != nil {
		return s.share(), s.asked
	}
	return 0, 0
}

// Drift is an item that has changed for good.
type Drift struct {
	Item  string  `json:"item"`
	Unit  string  `json:"unit"`
	Lost  bool    `json:"lost"` // the line does not show it any more
	Was   float64 `json:"was"`
	Is    float64 `json:"is"`
	Text  string  `json:"text_was"` // of an item without unit
	Now   string  `json:"text_is"`
	Since int64   `json:"since_wall"` // the first call that was different
}

// Drifts lists what has changed, in the order of the table.
func (p *Profile) Drifts() []Drift {
	list := []Drift{}
	for _, def := range line.Items {
		it, s := p.items[def.Name], p.signs[def.Name]
		if s != nil && s.lost {
			list = append(list, Drift{Item: def.Name, Unit: def.Unit, Lost: true, Since: s.since})
		} else if it != nil && it.moved {
			list = append(list, Drift{
				Item: def.Name, Unit: def.Unit, Was: it.middle(it.normal), Is: it.middle(it.odd),
				Text: usual(it.normal), Now: usual(it.odd), Since: it.since,
			})
		}
	}
	return list
}
