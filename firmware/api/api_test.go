package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestSignIn(t *testing.T) {
	f := build(t)
	nobody := &person{t: t, h: f.h}
	nobody.says("GET", "/api/v1/session", "", 401, `"code":"not-signed-in","text":"Inicie sesión primero."`)
	nobody.says("POST", "/api/v1/session?lang=it", `{"user":"owner","password":"x"}`, 401, "Il nome o la password")
	if w := nobody.do("GET", "/api/v1/session", "", "Accept-Language", "fr-FR, IT-it;q=0.9, en"); !strings.Contains(w.Body.String(), "Acceda prima") {
		t.Error(w.Body)
	}
	nobody.says("POST", "/api/v1/session", `{"user":"owner"}`, 422, `"path":"password"`)
	owner := f.in(t, "owner")
	owner.says("GET", "/api/v1/session", "", 200, `{"person":"owner","label":"owner","role":"owner","language":"es","must_change":true}`)
	owner.says("PUT", "/api/v1/session/language", `{"language":"en"}`, 200, `"language":"en"`)
	owner.says("PUT", "/api/v1/session/language", `{"language":"fr"}`, 422, "There is no language")
	owner.says("POST", "/api/v1/session/password", fmt.Sprintf(`{"old":%q,"new":"kurz"}`, f.once), 422, "too short: 8")
	owner.says("POST", "/api/v1/session/password", `{"old":"x","new":"long enough"}`, 422, "present password is wrong")
	owner.says("POST", "/api/v1/session/password", fmt.Sprintf(`{"old":%q,"new":"long enough"}`, f.once), 200, `"must_change":false`)
	owner.says("PUT", "/api/v1/accounts/marta/password", `{"password":"12345678"}`, 200, "")
	owner.says("PUT", "/api/v1/accounts/tecnico/password", `{"password":"12345678"}`, 403, "account-role")
	owner.says("PUT", "/api/v1/accounts/nadie/password", `{"password":"12345678"}`, 404, "account-unknown")
	owner.says("GET", "/api/v1/accounts", "", 200, `["marta","owner"]`)
	owner.says("DELETE", "/api/v1/session", "{}", 200, "")
	owner.says("GET", "/api/v1/session", "", 401, "")
	for range 5 {
		nobody.do("POST", "/api/v1/session", `{"user":"owner","password":"x"}`)
	}
	w := nobody.do("POST", "/api/v1/session", `{"user":"owner","password":"long enough"}`)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCommandsAndViews(t *testing.T) {
	f := build(t)
	nobody, ana, marta := &person{t: t, h: f.h}, f.in(t, "ana"), f.in(t, "marta")
	nobody.says("POST", "/api/v1/acd/agent/away", `{"agent":"ana"}`, 401, "")
	ana.says("POST", "/api/v1/acd/agent/away", `{"agent":"ana","reason":"café"}`, 200, `{"seq":7}`)
	ana.says("POST", "/api/v1/acd/agent/away", `{"agent":"luis"}`, 403, "Solo puede cambiar su propio estado")
	ana.says("POST", "/api/v1/acd/agent/away", `{"agent":"ana","Agent":"luis"}`, 403, "own")
	ana.says("POST", "/api/v1/acd/hangup", `{"call":3}`, 403, "supervisor")
	marta.says("POST", "/api/v1/acd/agent/away", `{"agent":"luis"}`, 200, "")
	marta.says("POST", "/api/v1/acd/hangup", `{"call":404}`, 409, `"code":"not-found","text":"No existe."`)
	marta.says("POST", "/api/v1/acd/hangup", `{"call":500}`, 500, `"code":"internal"`)
	marta.says("POST", "/api/v1/acd/hangup", `{"call":666}`, 500, `"code":"internal"`)
	ana.says("GET", "/api/v1/acd/floor", "", 200, `{"seq":5,"at":10,"wall":20,"data":{"agents":["<ana>"]}}`)
	ana.says("GET", "/api/v1/acd/nothing", "", 404, "not-found")
	want := "[ana acd &{Agent:ana Reason:café} marta acd &{Agent:luis Reason:}]"
	if got := fmt.Sprint(f.box.asked); got != want {
		t.Error(got)
	}
}

func TestBodiesAreChecked(t *testing.T) {
	f := build(t)
	marta := f.in(t, "marta")
	for body, want := range map[string]struct {
		status int
		part   string
	}{
		``:                                 {400, `"code":"body"`},
		`{`:                                {400, "body"},
		`{"call":1} {"call":2}`:            {400, "body"},
		`[]`:                               {422, "grupo"},
		`null`:                             {422, "invalid"},
		`{"call":"x"}`:                     {422, `{"path":"call","value":"x","reason":"Aquí hace falta un número."`},
		`{"call":-1}`:                      {422, `"path":"call"`},
		`{"call":1.5}`:                     {422, `"path":"call"`},
		`{"call":99999999999999999999999}`: {422, ""},
		`{"call":1,"colour":"red"}`:        {422, `"path":"colour"`},
		`{"call":` + strings.Repeat(" ", bodyMax): {413, "65536"},
	} {
		marta.says("POST", "/api/v1/acd/hangup", body, want.status, want.part)
	}
	marta.says("POST", "/api/v1/acd/agent/away", `{"agent":"`+strings.Repeat("x", 201)+`"}`, 422, "Caben 200 caracteres.")
	if w := marta.do("POST", "/api/v1/acd/hangup", `{"call":1}`, "Content-Type", "text/plain"); w.Code != 415 {
		t.Error(w.Code)
	}
	if w := marta.do("POST", "/api/v1/acd/hangup", `{"call":1}`, "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Error(w.Code)
	}
	if len(f.box.asked) != 0 {
		t.Errorf("came through: %v", f.box.asked)
	}
}

func TestSettingsOverHTTP(t *testing.T) {
	f := build(t)
	f.in(t, "marta").says("GET", "/api/v1/settings", "", 403, "dueño")
	owner := f.in(t, "owner")
	var got struct {
		Rev  uint64
		Tree map[string]any
	}
	if err := json.Unmarshal([]byte(owner.says("GET", "/api/v1/settings", "", 200, `"trunks":[]`)), &got); err != nil || got.Rev != 1 {
		t.Fatal(err, got.Rev)
	}
	queue := got.Tree["queues"].([]any)[0].(map[string]any)
	send := func(status int, part string) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"tree": got.Tree})
		if err != nil {
			t.Fatal(err)
		}
		owner.says("PUT", "/api/v1/settings/candidate", string(body), status, part)
	}
	queue["agents"] = []any{"101", "eva"}
	send(200, `"path":"queues[reception].agents[1]","value":"eva","reason":"No existe la persona «eva».","remedy":"Elija entre`)
	owner.says("POST", "/api/v1/settings/commit", `{}`, 422, "settings-wrong")
	queue["ring"] = "soon"
	send(422, `"path":"queues[reception].ring"`)
	queue["ring"], queue["agents"] = "20s", []any{"101"}
	got.Tree["office"].(map[string]any)["name"] = "L'año \U0001F600 <b>"
	send(200, `"changed":true`)
	owner.says("GET", "/api/v1/settings/compare", "", 200, `{"path":"queues[reception].ring","old":"15s","new":"20s"}`)
	owner.says("POST", "/api/v1/settings/commit", `{"note":"menos gente"}`, 200, `{"rev":2}`)
	owner.says("POST", "/api/v1/settings/commit", `{}`, 409, "nothing-changed")
	owner.says("GET", "/api/v1/settings/revisions", "", 200, `"who":"owner","note":"menos gente"`)
	if body := owner.do("GET", "/api/v1/settings/export", "").Body.String(); !strings.Contains(body, "ring: 20s") {
		t.Error(body)
	}
	owner.says("POST", "/api/v1/settings/rollback", `{"rev":77}`, 404, "77")
	owner.says("POST", "/api/v1/settings/rollback", `{"rev":1}`, 200, `{"rev":3}`)
	owner.says("POST", "/api/v1/settings/secret", `{"name":"../x","value":"y"}`, 422, "")
	owner.says("POST", "/api/v1/settings/secret", `{"name":"phone-9","value":"y"}`, 200, "")
	owner.says("POST", "/api/v1/settings/discard", `{}`, 200, "")
}

func TestCallsAndSound(t *testing.T) {
	f := build(t)
	ana, marta := f.in(t, "ana"), f.in(t, "marta")
	ana.says("GET", "/api/v1/calls?before=12&limit=9999&q=954", "", 200, `"call":12,`)
	ana.says("GET", "/api/v1/calls?limit=9999", "", 200, `"wait_ms":200`)
	ana.says("GET", "/api/v1/calls?limit=x", "", 200, `"wait_ms":50`)
	ana.says("GET", "/api/v1/calls/9", "", 200, `"events":[]`)
	ana.says("GET", "/api/v1/calls/10", "", 404, "")
	ana.says("GET", "/api/v1/calls/x", "", 404, "")
	ana.says("GET", "/api/v1/calls/9/recording", "", 403, "")
	marta.says("GET", "/api/v1/calls/9/peaks", "", 200, `{"ms":20,"left":[[-128,127]],"right":[]}`)
	w := marta.do("GET", "/api/v1/calls/9/recording", "", "Range", "bytes=4-7")
	if w.Code != 206 || w.Body.String() != "0123" || w.Header().Get("Content-Type") != "audio/wav" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	marta.says("GET", "/api/v1/calls/3/recording", "", 404, "not-found")
}

func TestBoardAndPage(t *testing.T) {
	f := build(t)
	nobody, owner := &person{t: t, h: f.h}, f.in(t, "owner")
	owner.says("GET", "/api/v1/board/front", "", 200, `"fxo1":"green"`)
	owner.says("POST", "/api/v1/board/button", `{"button":"reset","held_ms":100}`, 200, "")
	owner.says("POST", "/api/v1/board/button", `{"button":"x","held_ms":100}`, 404, "")
	owner.says("POST", "/api/v1/board/button", `{"button":"reset","held_ms":999999}`, 422, "60000")
	nobody.says("GET", "/", "", 200, "page")
	nobody.says("GET", "/bench/lines", "", 401, "")
	f.in(t, "marta").says("GET", "/bench/lines", "", 403, "")
	owner.says("GET", "/bench/lines", "", 200, "town")
	nobody.says("GET", "/api/v1/words/it", "", 200, `"refused.sign-in"`)
	nobody.says("GET", "/api/v1/words/..", "", 307, "")
	nobody.says("GET", "/api/v1/words/fr", "", 404, "")
	h := nobody.do("GET", "/", "").Header()
	if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", h)
	}
	bare := &person{t: t, h: New(Options{})}
	bare.says("GET", "/api/v1/session", "", 404, "not-found")
}

// Every command, view and endpoint is in the document, and every reference leads somewhere.
func TestOpenAPI(t *testing.T) {
	f := build(t)
	nobody := &person{t: t, h: f.h}
	text := nobody.says("GET", "/api/v1/openapi.json", "", 200, `"openapi":"3.1.0"`)
	var doc struct {
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"/acd/agent/away", "/acd/hangup", "/acd/floor", "/stream", "/session", "/calls/{call}/peaks", "/settings/candidate", "/openapi.json"} {
		if len(doc.Paths["/api/v1"+p]) == 0 {
			t.Errorf("%s is missing", p)
		}
	}
	for _, part := range strings.Split(text, `"$ref":"#/components/schemas/`)[1:] {
		if name, _, _ := strings.Cut(part, `"`); doc.Components.Schemas[name] == nil {
			t.Errorf("%s leads nowhere", name)
		}
	}
}

func FuzzCommandBody(f *testing.F) {
	fx := build(f)
	marta := fx.in(f, "marta")
	for _, s := range []string{`{"call":1}`, `{"agent":"ana","reason":"x"}`, `{"tree":{"office":{"name":"x"}}}`, `[[[[`, `{"call":1e400}`, `{"":""}`, `"\ud800"`, `{"agent":{"a":[{}]}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/api/v1/acd/hangup", "/api/v1/acd/agent/away", "/api/v1/session/password"} {
			w := marta.do("POST", path, body)
			if w.Code == 500 && !strings.Contains(body, "500") && !strings.Contains(body, "666") && !strings.Contains(body, "5e") || !json.Valid(w.Body.Bytes()) {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}
