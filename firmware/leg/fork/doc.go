// Package fork makes one leg of several: a station's desk telephone and the
// browser of its person ring together, and who answers first has the call.
//
// app puts a Forks between the makers of legs and the switchboard: it makes the
// legs, and takes their reports to give those of the whole. A maker with nothing
// beside it is asked alone, and its leg goes through untouched. The package knows
// no wire and decides nothing about calls.
package fork
