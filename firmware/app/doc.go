// Package app is the whole box put together: it opens what is on disk, assembles
// the board, the legs, the core and the doors, hands settings to all of them, and
// ends everything in order.
//
// firmware/cmd/centralita runs it, whole-box tests too. Here, and only here, are
// features known by name (features.go). It decides nothing about calls.
package app
