package app

import (
	"centralita/firmware/acd"
	"centralita/firmware/alarm"
	"centralita/firmware/desk"
	"centralita/firmware/feature"
	"centralita/firmware/ivr"
	"centralita/firmware/lifeline"
	"centralita/firmware/linecare"
	"centralita/firmware/provision"
	"centralita/firmware/station"
	"centralita/firmware/trunk"
)

// features is the list: a new part of the product is one folder and one line here.
func features() []feature.Feature {
	return []feature.Feature{
		desk.Feature,
		trunk.Feature,
		station.Feature,
		ivr.Feature,
		acd.Feature,
		alarm.Feature,
		linecare.Feature,
		lifeline.Feature,
		provision.Feature,
	}
}
