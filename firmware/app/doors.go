package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/api"
	"centralita/firmware/words"
	"centralita/webui"
)

// openDoors takes the web address and mounts everything on it.
func (a *App) openDoors() error {
	var err error
	a.web, err = net.Listen("tcp", a.opt.HTTP)
	if err != nil {
		return fmt.Errorf("web page on %s: %w; end the program that has it or choose another with --http", a.opt.HTTP, err)
	}
	a.server = api.NewServer(api.New(api.Options{
		Features: a.features, Box: a, Gate: a.gate, Settings: a.settings,
		Calls: calls{a.db}, Sound: sound{a.db, a.store}, Board: a.box, About: a.about, Health: a.health, Papers: a.paper,
		Bench: a.bench(), Page: webui.Handler(), Version: a.opt.Version, Language: a.lang, Log: a.log,
	}))
	return nil
}

// bench is the town's surface, on a simulated board only.
func (a *App) bench() http.Handler {
	if a.box.town == nil {
		return nil
	}
	return http.StripPrefix("/bench", town.Handler(a.box.town))
}

func (a *App) serveWeb(ctx context.Context) error {
	ended := make(chan error, 1)
	a.server.BaseContext = func(net.Listener) context.Context { return ctx }
	go func() { ended <- a.server.Serve(a.web) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// Live streams end with ctx; a second lets answers under way be read.
	wait, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := a.server.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		err = a.server.Close()
	}
	<-ended
	return err
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
