package api

import (
	"net/http"

	"centralita/firmware/words"
)

// policy lets a page load only what the box serves; sound and drawings may come
// from memory.
const policy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard stands before everything: headers that keep browsers careful, and no
// writing from other pages (std's check of Sec-Fetch-Site and Origin; with it the
// SameSite cookie and the JSON content type).
func (d *door) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusForbidden, Refused{Code: "cross-origin", Text: words.T(d.visitorLanguage(r), "refused.cross-origin")})
	}))
	checked := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
		checked.ServeHTTP(w, r)
	})
}
