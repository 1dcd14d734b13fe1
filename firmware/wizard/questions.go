package wizard

import (
	"slices"
	"strings"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// Max is how many questions there are at most.
const Max = 20

// question is one of the interview. One without edit asks for something to be done
// after the settings are in force: its answer is kept, and Todo reads it.
type question struct {
	id      string
	asks    func(s Site, t *settings.Tree) bool // nil is always
	args    func(s Site, t *settings.Tree) []string
	now     func(s Site, t *settings.Tree) string
	choices func(s Site, t *settings.Tree) []string
	check   func(s Site, t *settings.Tree, text string) error // of one without edit
	edit    func(s Site, t *settings.Tree, text string) error
}

// take makes an answer in settings, or only looks whether it can be one.
func (q question) take(s Site, t *settings.Tree, text string) error {
	if q.edit == nil {
		return q.check(s, t, text)
	}
	return q.edit(s, t, text)
}

// questions are the interview, in its order: where the box stands, what is plugged
// in, who answers, and who owns it.
var questions = []question{
	{id: "language", now: language, choices: fixed("es", "it", "en"), edit: setLanguage},
	{id: "country", now: of(func(t *settings.Tree) string { return t.Office.Country }), choices: next("office", "country"), edit: setCountry},
	{id: "place", now: of(func(t *settings.Tree) string { return t.Office.Place }), choices: free, edit: set("office", "place")},
	{id: "name", now: of(func(t *settings.Tree) string { return t.Office.Name }), choices: free, edit: set("office", "name")},
	{id: "network", asks: func(s Site, _ *settings.Tree) bool { return s.Network }, now: networkNow, choices: fixed(settings.ByDHCP), edit: setNetwork},
	{id: "https", now: of(func(t *settings.Tree) string { return truth(t.Box.Web.Redirect) }), choices: fixed("yes", "no"), edit: setRedirect},
	{id: "public-name", now: of(func(t *settings.Tree) string { return list(t.Box.Web.ACME.Names) }), choices: fixed("none"), edit: setPublicName},
	{id: "time-zone", now: of(func(t *settings.Tree) string { return t.Office.TimeZone }), choices: zones, edit: set("office", "time_zone")},
	{id: "lines", asks: hasSocket("fxo"), args: socketsOf("fxo"), now: linesNow, choices: sockets("fxo"), edit: setLines},
	{id: "numbers", asks: hasLines, args: linesArgs, now: numbersNow, choices: free, edit: setNumbers},
	{id: "test-number", asks: wantsTestNumber, now: testNumberNow, choices: fixed("none"), edit: setTestNumber},
	{id: "test-lines", asks: hasLines, now: later, choices: lineNames, check: checkLines},
	{id: "handsets", asks: hasSocket("fxs"), args: socketsOf("fxs"), now: handsetsNow, choices: sockets("fxs"), edit: setHandsets},
	{id: "ring", asks: hasHandsets, now: later, choices: handsetNames, check: checkHandsets},
	{id: "phones", asks: func(s Site, _ *settings.Tree) bool { return len(s.Found) > 0 }, args: phonesArgs, now: none, choices: fixed("all", "none"), edit: takePhones},
	{id: "queue", now: queueNow, choices: free, edit: setQueue},
	{id: "agents", asks: func(_ Site, t *settings.Tree) bool { return len(t.Queues) > 0 }, args: queueArgs, now: agentsNow, choices: agentChoices, edit: setAgents},
	{id: "hours", asks: func(_ Site, t *settings.Tree) bool { return len(t.Queues) > 0 }, now: hoursNow, choices: fixed("always"), edit: setHours},
	{id: "owner", args: func(s Site, _ *settings.Tree) []string { return []string{s.Person} }, now: none, choices: owners, edit: setOwner},
	{id: "password", args: passwordArgs, now: func(s Site, _ *settings.Tree) string { return later(s, nil) }, choices: fixed("yes", "later"), check: checkYes},
}

// Todo is what was asked for besides the settings, for the door to do once they are
// in force.
type Todo struct {
	Lines    []id.Port // to be tested
	Handsets []id.Port // to be rung
	Phones   bool      // let telephones fetch their settings
	Password bool      // give the owner's account one
	Owner    string
}

// Todo reads it from the answers.
func (i *Interview) Todo() Todo {
	t := i.Tree()
	d := Todo{Owner: i.site.Person}
	text := func(question string) (string, bool) {
		n := i.find(question)
		if n < 0 {
			return "", false
		}
		return i.given[n].Text, true
	}
	if words, ok := text("test-lines"); ok {
		d.Lines, _ = pick(words, linePorts(t))
	}
	if words, ok := text("ring"); ok {
		d.Handsets, _ = pick(words, handsetPorts(t))
	}
	if words, ok := text("phones"); ok {
		taken, _ := pickPhones(i.site, words)
		d.Phones = len(taken) > 0
	}
	if name, ok := text("owner"); ok && meaning(name) != "none" {
		d.Owner = strings.TrimSpace(name)
	}
	if word, ok := text("password"); ok {
		d.Password = meaning(word) == "yes"
	}
	return d
}

// Words are answers that a door says in its person's language, as
// "wizard.word.WORD".
var Words = []string{"yes", "no", "all", "none", "later", "always"}

// meanings are those words as people write them.
var meanings = map[string]string{
	"y": "yes", "yes": "yes", "s": "yes", "si": "yes", "sí": "yes", "sì": "yes",
	"n": "no", "no": "no", "all": "all", "todo": "all", "todas": "all", "todos": "all", "tutte": "all", "tutti": "all",
	"none": "none", "ninguno": "none", "ninguna": "none", "nessuno": "none", "nessuna": "none", "-": "none",
	"later": "later", "después": "later", "despues": "later", "luego": "later", "dopo": "later",
	"always": "always", "siempre": "always", "sempre": "always",
}

// meaning is the word that is meant, or "".
func meaning(text string) string { return meanings[strings.ToLower(strings.TrimSpace(text))] }

func of(f func(t *settings.Tree) string) func(Site, *settings.Tree) string {
	return func(_ Site, t *settings.Tree) string { return f(t) }
}

func fixed(words ...string) func(Site, *settings.Tree) []string {
	return func(Site, *settings.Tree) []string { return words }
}

func free(Site, *settings.Tree) []string { return nil }

func none(Site, *settings.Tree) string { return "none" }

func later(Site, *settings.Tree) string { return "later" }

func next(path ...string) func(Site, *settings.Tree) []string {
	return func(_ Site, t *settings.Tree) []string {
		words, _ := settings.Next(t, path...)
		return words
	}
}

// set is an answer that is the value of one field.
func set(path ...string) func(Site, *settings.Tree, string) error {
	return func(_ Site, t *settings.Tree, text string) error {
		return settings.Set(t, append(slices.Clone(path), text)...)
	}
}

func list(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

func truth(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func checkYes(_ Site, _ *settings.Tree, text string) error {
	switch meaning(text) {
	case "yes", "no", "later", "none":
		return nil
	}
	return no("yes")
}
