// Command officesim lives whole days of several offices in virtual time: the real
// deciding, legs of paper, people by seed.
//
//	officesim -days 520                 office-days in all, two of each seed
//	officesim -seeds 10 -days 20        ten seeds, two days each
//	officesim -seed 4711 -v             one seed again, with its facts
//	officesim -office FILE              that office in place of the built-in ones
//
// After every input the invariants of paper.Checker hold; at each power cut and at
// the end of each day a box that only read the journal is deeply equal; at the end
// of each day no call and no leg is left and the figures of the floor are recounted.
// What breaks prints its seed and the last facts before it, and the exit is 1.
//
// It knows nothing of files, sockets or sound.
package main
