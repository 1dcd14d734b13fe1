// Package e2e holds the checks with the real program and real peers: telephones
// of the simulated town, baresip, sipp and Chromium. `make e2e` builds the
// program and runs them; every box runs in a folder of its own on free loopback
// ports, in real time.
package e2e
