package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/words"
)

// endpoint is one address. run answers JSON; raw writes by itself.
type endpoint struct {
	method, path string
	role         access.Role // Nobody: no sign-in needed
	help         string      // key of the word catalogue, or an English sentence of our own
	in, out      reflect.Type
	document     bool // the body may be as large as a settings document
	query        []string
	run          func(*ask) (any, error)
	raw          func(*ask) error
}

// ask is one request on its way.
type ask struct {
	w    http.ResponseWriter
	r    *http.Request
	who  gate.Session
	lang string
	body []byte
	into any // the decoded body, of type in
}

// serve does for every endpoint what none should forget: session, role, bounds,
// body, sentence.
func (d *door) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &ask{w: w, r: r}
		ctl := http.NewResponseController(w)
		_ = ctl.SetReadDeadline(time.Now().Add(readMax)) // a writer without deadlines is a test's
		_ = ctl.SetWriteDeadline(time.Now().Add(writeMax))
		defer d.rescue(a)
		if err := d.admit(a, e); err != nil {
			d.refuse(a, err)
			return
		}
		if e.raw != nil {
			if err := e.raw(a); err != nil {
				d.refuse(a, err)
			}
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerMax)
		defer cancel()
		a.r = r.WithContext(ctx)
		out, err := e.run(a)
		if err != nil {
			d.refuse(a, err)
			return
		}
		answer(w, http.StatusOK, out)
	})
}

// rescue keeps one broken request from being more than that.
func (d *door) rescue(a *ask) {
	if x := recover(); x != nil {
		if x == http.ErrAbortHandler {
			panic(x)
		}
		d.Log.Error("a request panicked", "path", a.r.URL.Path, "panic", fmt.Sprint(x), "stack", string(debug.Stack()))
		answer(a.w, http.StatusInternalServerError, Refused{Code: "internal", Text: words.T(a.lang, "refused.internal")})
	}
}

func (d *door) admit(a *ask, e endpoint) error {
	a.lang = d.visitorLanguage(a.r)
	if d.Gate != nil {
		if s, err := d.Gate.Who(cookieOf(a.r)); err == nil {
			a.who = s
		}
	}
	if words.Known(a.who.Language) {
		a.lang = a.who.Language
	}
	switch {
	case e.role == access.Nobody:
	case a.who.Role == access.Nobody:
		return gate.ErrNobody
	case a.who.Role < e.role:
		return no(http.StatusForbidden, "role", words.T(a.lang, "role."+e.role.String()))
	}
	if e.in == nil {
		return nil
	}
	return d.readBody(a, e)
}

// visitorLanguage is what the address or the browser asks for (RFC 9110 section
// 12.5.4; its order is taken, not its weights), or the office's.
func (d *door) visitorLanguage(r *http.Request) string {
	wanted := append([]string{r.URL.Query().Get("lang")}, strings.SplitN(r.Header.Get("Accept-Language"), ",", 8)...)
	for _, w := range wanted {
		tag, _, _ := strings.Cut(strings.TrimSpace(w), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if words.Known(strings.ToLower(tag)) {
			return strings.ToLower(tag)
		}
	}
	return d.officeLanguage()
}

func (d *door) officeLanguage() string {
	if d.Language != nil {
		if l := d.Language(); words.Known(l) {
			return l
		}
	}
	return "es"
}

func (d *door) readBody(a *ask, e endpoint) error {
	most := int64(bodyMax)
	if e.document {
		most = documentMax
	}
	if kind, _, err := mime.ParseMediaType(a.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return no(http.StatusUnsupportedMediaType, "content-type")
	}
	body, err := io.ReadAll(http.MaxBytesReader(a.w, a.r.Body, most))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return no(http.StatusRequestEntityTooLarge, "body-large", fmt.Sprint(most))
	} else if err != nil {
		return no(http.StatusBadRequest, "body")
	}
	a.body = body
	if e.in == reflect.TypeFor[json.RawMessage]() {
		return nil
	}
	a.into = reflect.New(e.in).Interface()
	return d.schemas.decode(body, a.into, a.lang)
}

func answer(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, `{"code":"internal","text":""}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader went away
}

// from is the address of the screen, without its port.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
