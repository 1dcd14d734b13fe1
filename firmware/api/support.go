package api

import (
	"net/http"

	"centralita/firmware/access"
)

func (d *door) supportEndpoints() []endpoint {
	if d.Support == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodGet, path: "/box/support", role: access.Owner,
		help: "A file for who helps (zip): versions, health, alarms, settings, crash notes and the last log lines, without names, numbers and passwords.",
		raw: func(a *ask) error {
			name, file, err := d.Support(a.r.Context())
			if err == nil {
				send(a.w, "application/zip", name, file)
			}
			return err
		},
	}}
}
