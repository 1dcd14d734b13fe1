package app

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"

	"centralita/board/simboard/town"
	"centralita/firmware/api"
	"centralita/firmware/words"
	"centralita/webui"
)

// openDoors takes the web address and mounts everything on it.
func (a *App) openDoors() error {
	var err error
	if a.web, err = openWeb(a.opt.HTTP, "http"); err != nil {
		return err
	}
	handler := api.New(api.Options{
		Features: a.features, Box: a, Gate: a.gate, Settings: a.settings,
		Calls: calls{a.db}, Sound: sound{a.db, a.store}, Board: a.box, About: a.about, Health: a.health, Papers: a.paper,
		Device: a.device, Provision: a.deviceFiles(),
		Bench: a.bench(), Page: webui.Handler(), Version: a.opt.Version, Language: a.lang, Log: a.log,
		Phones: phones{a}, Trust: a.trust, Secure: a.secureDoor, SIPTLS: a.sipTLSOpen, Bans: bans{a}, CertificateSet: a.certificateSet, Backups: backups{a}, Resets: a, Updates: a.updates, Network: a.network, Support: a.supportFile, SIPSocket: a.sip.TakeWebSocket,
	})
	a.server = api.NewServer(handler)
	return a.openSecure(handler)
}

// bench is the town's surface, on a simulated board only.
func (a *App) bench() http.Handler {
	if a.box.town == nil {
		return nil
	}
	return http.StripPrefix("/bench", town.Handler(a.box.town))
}

// about says what runs here and whose work is in it.
func (a *App) about() api.About {
	about := api.About{
		Version: a.opt.Version, Go: runtime.Version(), Board: a.box.Name, Serial: a.box.Serial,
		Sounds: map[string]string{}, Licences: moduleLicences(),
	}
	for _, lang := range words.Languages {
		about.Sounds[lang] = "missing"
		if _, err := os.Stat(filepath.Join(a.opt.Sounds, lang)); err == nil {
			about.Sounds[lang] = "ready"
		}
	}
	for _, file := range licencesOf(a.opt.Sounds) {
		text, err := os.ReadFile(file)
		if err == nil {
			about.Licences = append(about.Licences, api.Licence{Name: filepath.Base(file), Licence: "see text", Text: string(text)})
		}
	}
	for _, f := range a.features {
		about.Features = append(about.Features, f.Name)
	}
	return about
}
