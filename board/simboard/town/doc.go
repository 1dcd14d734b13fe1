// Package town is what hangs on the far ends of the simulated board.
package town
