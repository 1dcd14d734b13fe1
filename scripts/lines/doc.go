// Package lines holds calls over outside lines through the whole box but its doors
// and disks: persons of the simulated town lift and dial, real drivers and features
// carry the call, and what is looked at is what persons hear and the journal says.
package lines
