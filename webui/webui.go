// Package webui holds the built web console and the handler that serves it.
//
// firmware/app mounts Handler at the root, beside the API. The package imports
// nothing of the project, knows no command and no view: the page itself talks to
// the API. It never renders anything on the server.
package webui

import (
	"embed"
	"io/fs"
	"net/http"
)

// dist is what `npm run build` made; without it only .keep is inside.
//
//go:embed all:dist
var dist embed.FS

// Handler serves the embedded page.
func Handler() http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil { // the name is a constant of this file
		panic(err)
	}
	return handler(built)
}
