package api

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// hstsAge is how long browsers are told to insist on HTTPS, in seconds: half a year.
const hstsAge = "15552000"

// acmePath is where an authority looks for the proof of a name (RFC 8555 section
// 8.3).
const acmePath = "/.well-known/acme-challenge/"

// secured adds what HTTPS asks for. Browsers are told to insist on it (RFC 6797)
// where the certificate is not the box's own: somebody whose device lost its trust
// in the box could not pass the warning then, and not read the guide either. HTTP
// stays open for the first use, for the loopback and for that guide; the rest of
// the network is sent on to HTTPS where the settings say so.
func (d *door) secured(next http.Handler) http.Handler {
	if d.Trust == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			if d.Trust.Public() {
				w.Header().Set("Strict-Transport-Security", "max-age="+hstsAge)
			}
			next.ServeHTTP(w, r)
			return
		}
		if token, ok := strings.CutPrefix(r.URL.Path, acmePath); ok {
			d.prove(w, token)
			return
		}
		if to := d.onward(r); to != "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (d *door) prove(w http.ResponseWriter, token string) {
	answer, ok := d.Trust.Challenge(token)
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write([]byte(answer)) // the authority asks again
}

// onward is the same address by HTTPS for a request that should not come plain, or
// "".
func (d *door) onward(r *http.Request) string {
	if d.Secure == nil {
		return ""
	}
	addr, redirect := d.Secure()
	// A telephone that fetches its settings trusts nobody yet, and its address is secret.
	if !redirect || addr == "" || strings.HasPrefix(r.URL.Path, "/provision/") || r.URL.Path == trustPath || strings.HasPrefix(r.URL.Path, trustPath+"/") {
		return ""
	}
	if a, err := netip.ParseAddr(from(r)); err != nil || a.Unmap().IsLoopback() {
		return ""
	}
	host := hostOf(r)
	if host == "" {
		return ""
	}
	return "https://" + withPort(host, addr) + r.URL.RequestURI()
}

// hostOf is the name by which the box was reached, "" for one that is none.
func hostOf(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if host == "" || len(host) > 253 || strings.ContainsAny(host, "/\\@?#\"'<> \t\r\n") {
		return ""
	}
	return host
}

// withPort is a host with the port of a listening address; 443 goes without.
func withPort(host, addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil || port == "443" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}
