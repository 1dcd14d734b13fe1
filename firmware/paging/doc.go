// Package paging lets a person of the office speak through all telephones of a group at
// once: those that can answer by themselves do, one way or, where the group is set so,
// both ways with the one who speaks.
//
//	page/GROUP ─► rings all, answer by themselves ─► the speaker hears a beep ─► ends with the speaker
//
// firmware/app lists it among the features; firmware/station reads the code that leads
// to page/GROUP. Telephones in a call, ringing, off the hook or with "do not disturb"
// are left alone, and so are handsets, which nobody can lift but a person. A group has
// one page at a time; a telephone that calls for help leaves the page at once. The
// package never rings a telephone as for a call, and keeps nobody from dialling.
package paging
