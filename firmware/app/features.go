package app

import (
	"centralita/firmware/acd"
	"centralita/firmware/alarm"
	"centralita/firmware/desk"
	"centralita/firmware/feature"
	"centralita/firmware/guard"
	"centralita/firmware/ivr"
	"centralita/firmware/lifeline"
	"centralita/firmware/linecare"
	"centralita/firmware/paging"
	"centralita/firmware/provision"
	"centralita/firmware/station"
	"centralita/firmware/trunk"
)

// features is the list: a new part of the product is one folder and one line here.
func features() []feature.Feature {
	return []feature.Feature{
		alarm.Feature, // before those that raise again what it clears at a start
		desk.Feature,
		guard.Feature, // before trunk: it judges calls to the outside first
		trunk.Feature,
		station.Feature,
		ivr.Feature,
		acd.Feature,
		paging.Feature,
		linecare.Feature,
		lifeline.Feature,
		provision.Feature,
	}
}
