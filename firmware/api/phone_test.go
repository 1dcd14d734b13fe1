package api

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"centralita/firmware/core"
	"centralita/firmware/id"
)

// desk is telephones of which one person has one.
type desk struct {
	asked []string
	page  *deskPage
}

type deskPage struct {
	changed, taken, left chan struct{}
}

func (p *deskPage) Changed() <-chan struct{} { return p.changed }
func (p *deskPage) News() any                { return map[string]string{"state": "ringing"} }
func (p *deskPage) Taken() <-chan struct{}   { return p.taken }
func (p *deskPage) Leave()                   { close(p.left) }

func (d *desk) Own(who id.Person) PhoneOwn {
	if who != "ana" {
		return PhoneOwn{}
	}
	return PhoneOwn{Station: "201", Name: "Ana", Allowed: true}
}

func (d *desk) note(who id.Person, at PhoneAt, words ...string) error {
	if who != "ana" {
		return core.Refuse("phone-no-station")
	}
	d.asked = append(d.asked, strings.Join(append(words, at.Tab), " "))
	return nil
}

func (d *desk) Attach(who id.Person, at PhoneAt, take bool) (PhonePage, error) {
	if !take && d.page != nil {
		return nil, core.Refuse("phone-elsewhere", "201")
	}
	d.page = &deskPage{make(chan struct{}, 1), make(chan struct{}), make(chan struct{})}
	d.page.changed <- struct{}{}
	return d.page, d.note(who, at, "attach")
}

func (d *desk) Call(who id.Person, at PhoneAt, to, sdp string) (PhoneJoined, error) {
	return PhoneJoined{7, "answer"}, d.note(who, at, "call", to, sdp)
}

func (d *desk) Answer(who id.Person, at PhoneAt, _ uint64, sdp string) (PhoneJoined, error) {
	return PhoneJoined{7, "answer"}, d.note(who, at, "answer", sdp)
}

func (d *desk) Media(who id.Person, at PhoneAt, _ uint64, sdp string) (PhoneJoined, error) {
	return PhoneJoined{7, "answer"}, d.note(who, at, "media", sdp)
}

func (d *desk) Hangup(who id.Person, at PhoneAt, _ uint64) error { return d.note(who, at, "hangup") }

func (d *desk) Digits(who id.Person, at PhoneAt, _ uint64, digits string) error {
	return d.note(who, at, "digits", digits)
}

func (d *desk) Quit(who id.Person, at PhoneAt) error { return d.note(who, at, "quit") }

func TestTelephoneInAPage(t *testing.T) {
	f := build(t)
	phones := &desk{}
	f.h = New(Options{Gate: f.gate, Phones: phones})
	nobody, ana, marta := &person{t: t, h: f.h}, f.in(t, "ana"), f.in(t, "marta")
	ana.h, marta.h = f.h, f.h
	for _, p := range []string{"call", "answer", "media", "hangup", "digits", "quit"} {
		nobody.says("POST", "/api/v1/phone/"+p, `{}`, 401, "not-signed-in")
		if w := ana.do("POST", "/api/v1/phone/"+p, `{}`, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
			t.Errorf("%s from another page: %d", p, w.Code)
		}
	}
	nobody.says("GET", "/api/v1/phone/stream?tab=a", "", 401, "not-signed-in")
	ana.says("GET", "/api/v1/phone", "", 200, `{"station":"201","name":"Ana","allowed":true,"alone":false,"outside":""}`)
	ana.says("GET", "/api/v1/phone/stream", "", 422, "invalid")
	marta.says("POST", "/api/v1/phone/call", `{"tab":"a","to":"600","sdp":"v=0"}`, 409, "No tiene extensión")
	ana.says("POST", "/api/v1/phone/call", `{"tab":"a","to":"600","sdp":"v=0"}`, 200, `{"leg":7,"sdp":"answer"}`)
	ana.says("POST", "/api/v1/phone/answer", `{"tab":"a","leg":7,"sdp":"v=0"}`, 200, `"sdp":"answer"`)
	ana.says("POST", "/api/v1/phone/media", `{"tab":"a","leg":7,"sdp":"v=0"}`, 200, `"sdp":"answer"`)
	ana.says("POST", "/api/v1/phone/digits", `{"tab":"a","leg":7,"digits":"5"}`, 200, "")
	ana.says("POST", "/api/v1/phone/digits", `{"tab":"a","leg":7,"digits":"`+strings.Repeat("5", 33)+`"}`, 422, "32")
	ana.says("POST", "/api/v1/phone/call", `{"tab":"a","to":"600","sdp":"`+strings.Repeat("x", 16385)+`"}`, 422, "16384")
	ana.says("POST", "/api/v1/phone/hangup", `{"tab":"a","leg":7}`, 200, "")
	ana.says("POST", "/api/v1/phone/quit", `{"tab":"a"}`, 200, "")
	if got := strings.Join(phones.asked, ", "); got != "call 600 v=0 a, answer v=0 a, media v=0 a, digits 5 a, hangup a, quit a" {
		t.Error(got)
	}
}

func TestLinkOfATelephoneInAPage(t *testing.T) {
	f := build(t)
	phones := &desk{}
	ana := f.in(t, "ana")
	server := httptest.NewServer(New(Options{Gate: f.gate, Phones: phones}))
	defer server.Close()
	open := func(query string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/api/v1/phone/stream?tab=a"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: cookieName, Value: ana.cookie})
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	res := open("")
	s := bufio.NewScanner(res.Body)
	if got := message(t, s); got != "event: phone\ndata: {\"state\":\"ringing\"}" {
		t.Error(got)
	}
	second := open("")
	second.Body.Close()
	if second.StatusCode != http.StatusConflict {
		t.Errorf("a second page: %d", second.StatusCode)
	}
	first := phones.page
	close(first.taken)
	if got := message(t, s); got != "event: taken\ndata: {}" {
		t.Error(got)
	}
	<-first.left
	res.Body.Close()
	taking := open("&take=1")
	taking.Body.Close() // the browser was closed
	<-phones.page.left
}
