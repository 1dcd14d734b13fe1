// Package copper measures the copper side of the box as a whole: how loud every way
// through it is, how long sound takes, and whether a fax comes through. `go test`
// runs it in virtual time on the simulated board with the real drivers, the analog
// bank, the media engine and RTP over a network of memory; `make fax` sends twenty
// pages each way and twenty more through the real program.
package copper
