package api

import (
	"bytes"
	_ "embed"
	"encoding/pem"
	"fmt"
	"html/template"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"centralita/firmware/trust"
	"centralita/firmware/words"

	"rsc.io/qr"
)

// trustPath is the guide by which people make their devices trust the box. It
// needs no sign-in and no script: it is read on devices that have neither yet.
const trustPath = "/trust"

//go:embed trust.html
var trustHTML string

//go:embed trust.css
var trustCSS []byte

var trustTemplate = template.Must(template.New("trust").Parse(trustHTML))

// devices are those the guide has steps for, as the word catalogue names them.
var devices = []string{"windows", "android", "ios", "macos", "firefox"}

// guide is what the template is filled with.
type guide struct {
	Lang      string
	T         func(key string, args ...string) string
	Languages []string
	S         trust.Status
	Ends      string
	Address   string
	Problem   string
	Devices   []guideDevice
}

type guideDevice struct {
	Name  string
	Steps []string
}

// mountTrust adds the guide and what it links to.
func (d *door) mountTrust(mux *http.ServeMux) {
	if d.Trust == nil {
		return
	}
	mux.HandleFunc("GET "+trustPath, d.trustPage)
	mux.HandleFunc("GET "+trustPath+"/style.css", func(w http.ResponseWriter, _ *http.Request) { send(w, "text/css; charset=utf-8", "", trustCSS) })
	mux.HandleFunc("GET "+trustPath+"/centralita.crt", func(w http.ResponseWriter, _ *http.Request) {
		send(w, "application/x-x509-ca-cert", "centralita.crt", d.Trust.Authority())
	})
	mux.HandleFunc("GET "+trustPath+"/centralita.pem", func(w http.ResponseWriter, _ *http.Request) {
		send(w, "application/x-pem-file", "centralita.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.Trust.Authority()}))
	})
	mux.HandleFunc("GET "+trustPath+"/address.svg", func(w http.ResponseWriter, r *http.Request) {
		drawn, err := drawQR(d.address(r) + trustPath)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		send(w, "image/svg+xml", "", drawn)
	})
}

func send(w http.ResponseWriter, kind, name string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	if name != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	_, _ = w.Write(body) // the reader went away
}

func (d *door) trustPage(w http.ResponseWriter, r *http.Request) {
	lang := d.visitorLanguage(r)
	s := d.Trust.Status()
	g := guide{
		Lang: lang, T: func(key string, args ...string) string { return words.T(lang, key, args...) }, Languages: words.Languages,
		S: s, Ends: time.UnixMilli(s.Ends).UTC().Format("2006-01-02"), Address: d.address(r),
	}
	if s.State != trust.Good {
		g.Problem = words.T(lang, "trust.state."+string(s.State), g.Ends, s.ACME.Problem)
	}
	for _, name := range devices {
		g.Devices = append(g.Devices, guideDevice{words.T(lang, "trust.device."+name), strings.Split(words.T(lang, "trust.steps."+name, s.Authority), "\n")})
	}
	var b bytes.Buffer
	if err := trustTemplate.Execute(&b, g); err != nil {
		d.Log.Error("guide to trust", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	send(w, "text/html; charset=utf-8", "", b.Bytes())
}

// address is where the box is reached by HTTPS from another device: the name the
// visitor used, or the first address of the network where that is the loopback.
func (d *door) address(r *http.Request) string {
	addr, host := "", hostOf(r)
	if d.Secure != nil {
		addr, _ = d.Secure()
	}
	names := d.Trust.Status().Names
	a, err := netip.ParseAddr(host)
	if host == "" || host == "localhost" || err == nil && a.IsLoopback() || err != nil && !slices.Contains(names, host) {
		for _, n := range names {
			if a, err := netip.ParseAddr(n); err == nil && !a.IsLoopback() {
				host = n
				break
			}
		}
	}
	if addr == "" {
		return "http://" + r.Host
	}
	return "https://" + withPort(host, addr)
}

// quiet is the margin that readers of QR codes need, in modules (ISO/IEC 18004).
const quiet = 4

func drawQR(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	side := code.Size + 2*quiet
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side, side, side)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}
