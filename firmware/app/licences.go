package app

import (
	_ "embed"
	"strings"

	"centralita/firmware/api"
)

//go:generate go run centralita/scripts/licences -o licences.tsv

// modules is what the program is linked with: module, version, licence.
//
//go:embed licences.tsv
var modules string

func moduleLicences() []api.Licence {
	var list []api.Licence
	for l := range strings.Lines(modules) {
		f := strings.Split(strings.TrimSpace(l), "\t")
		if len(f) == 3 {
			list = append(list, api.Licence{Name: f[0] + " " + f[1], Licence: f[2]})
		}
	}
	return list
}
