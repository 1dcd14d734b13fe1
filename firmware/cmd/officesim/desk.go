package main

import "centralita/firmware/leg"

// deskWork is what a person inside does with a call besides talking: hold it and
// take it back, ask somebody and return, hand it over, hold a conference, or get
// lost among the keys.
func (t *town) deskWork(e *end) {
	if e.port.Outside() {
		return
	}
	at := t.between(2_000, 10_000)
	keys := func(afterMS int64, keys string) {
		at += afterMS
		for _, k := range keys {
			t.later(at, func() { t.press(e, string(k)) })
			at += t.between(150, 400)
		}
	}
	keys(0, "!")
	if t.chance(4) {
		keys(10_000, "!")
		return
	}
	keys(t.between(500, 3_000), t.somebody())
	wait := t.between(1_000, 30_000)
	switch t.rnd.IntN(7) {
	case 0:
		keys(wait, "!")
	case 1:
		keys(wait, "!3")
		keys(t.between(1_000, 30_000), "!")
	case 2:
		keys(wait, "!4")
	case 3:
		keys(wait, "!"+digits(t, 1))
	case 4:
		keys(wait, "!!")
		keys(t.between(2_000, 9_000), "!1")
	default:
		t.endLater(e, at+wait, string(leg.Normal)) // hands over by putting it down
	}
}

// somebody is a number of the office, or one that is none.
func (t *town) somebody() string {
	stations := t.box.Book.Stations()
	if len(stations) == 0 || t.chance(8) {
		return digits(t, 3)
	}
	return stations[t.rnd.IntN(len(stations))].Extension
}

// alone is an end that nobody speaks with any more: on hold, or sent on. It gives
// up some time.
func (t *town) alone(e *end) {
	e.with = 0
	t.patience(e, 600_000)
}
