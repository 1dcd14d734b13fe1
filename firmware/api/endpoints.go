package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"centralita/firmware/access"
	"centralita/firmware/feature"
	"centralita/firmware/words"
)

// benchRole may play with the simulated town.
const benchRole = access.Owner

// endpoints lists every address there is; mux and OpenAPI document come from it.
func (d *door) endpoints() []endpoint {
	list := slices.Concat(d.sessionEndpoints(), d.boxEndpoints(), d.callEndpoints(), d.settingsEndpoints(), d.networkEndpoints(), d.boardEndpoints(), d.certificateEndpoints(), d.banEndpoints(), d.backupEndpoints(), d.resetEndpoints(), d.updateEndpoints(), d.supportEndpoints(), d.healthEndpoints(), d.deviceEndpoints(), d.phoneEndpoints(), d.bookEndpoints())
	for _, f := range d.Features {
		for _, c := range f.Commands {
			list = append(list, d.command(f, c))
		}
		for _, v := range f.Views {
			list = append(list, d.view(f, v))
		}
		for _, p := range f.Papers {
			list = append(list, d.papers(f, p)...)
		}
	}
	return list
}

func (d *door) boxEndpoints() []endpoint {
	if d.Box == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/stream", role: access.Agent, query: []string{"from"},
		help: "The live stream (text/event-stream): first `hello`, then `record`s after Last-Event-ID or from.", raw: d.stream,
	}}
}

// view publishes a picture of a feature.
func (d *door) view(f feature.Feature, v feature.View) endpoint {
	return endpoint{
		method: http.MethodGet, path: "/" + f.Name + "/" + v.Name, role: v.Role, help: v.Help, out: reflect.TypeFor[View](),
		run: func(a *ask) (any, error) {
			if d.Box == nil {
				return nil, ErrNotFound
			}
			p, err := d.Box.View(a.r.Context(), f.Name, v.Name)
			if err != nil {
				return nil, err
			}
			return View{p.Seq, p.At.At, p.At.Wall, p.Data}, nil
		},
	}
}

// command publishes a wish: POST /FEATURE/NAME with dots as slashes.
func (d *door) command(f feature.Feature, c feature.Command) endpoint {
	t := reflect.TypeOf(c.New()).Elem()
	return endpoint{
		method: http.MethodPost, path: "/" + f.Name + "/" + strings.ReplaceAll(c.Name, ".", "/"), role: c.Role, help: c.Help,
		in: t, out: reflect.TypeFor[Done](),
		run: func(a *ask) (any, error) {
			if d.Box == nil {
				return nil, ErrNotFound
			}
			if c.Own && a.who.Role == access.Agent && AgentOf(a.into) != string(a.who.Person) {
				return nil, no(http.StatusForbidden, "own")
			}
			seq, err := d.Box.Command(a.r.Context(), a.who.Person, f.Name, a.into)
			return Done{seq}, err
		},
	}
}

// AgentOf is the field "agent" of a command, "" where it has none.
func AgentOf(command any) string {
	v := reflect.ValueOf(command).Elem()
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == "agent" && v.Field(i).Kind() == reflect.String {
			return v.Field(i).String()
		}
	}
	return ""
}

// bookEndpoints describe the box and this API.
func (d *door) bookEndpoints() []endpoint {
	list := []endpoint{
		{method: http.MethodGet, path: "/openapi.json", help: "This API (OpenAPI 3.1).", raw: func(a *ask) error {
			a.w.Header().Set("Content-Type", "application/json")
			_, _ = a.w.Write(d.doc) // the reader went away
			return nil
		}},
		{method: http.MethodGet, path: "/words/{language}", help: "The word catalogue of es, it or en.", raw: func(a *ask) error {
			file := words.File(a.r.PathValue("language"))
			if file == nil {
				return ErrNotFound
			}
			a.w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = a.w.Write(file) // the reader went away
			return nil
		}},
	}
	if d.About != nil {
		list = append(list, endpoint{
			method: http.MethodGet, path: "/about", role: access.Agent, help: "Version, board, sounds and licences.", out: reflect.TypeFor[About](),
			run: func(*ask) (any, error) { return d.About(), nil },
		})
	}
	return list
}
