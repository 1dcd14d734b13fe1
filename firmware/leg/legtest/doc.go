// Package legtest has legs made of memory, and the one suite that every kind of
// leg must pass.
//
// Tests and the simulation of whole days use a Maker in place of lines and
// phones: the far end does what its Script says, or what the test says. The
// packages of real legs run Conformance on theirs. Nothing of it is in the
// product.
package legtest
