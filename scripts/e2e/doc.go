// Package e2e holds the checks with the real program and real peers: telephones
// of the simulated town, baresip, sipp and Chromium. `make e2e` builds the
// program and runs them; every box runs in a folder of its own on free loopback
// ports, in real time. What people do in a browser is in the folder browser: node's
// own test runner, playwright-core and axe-core, started by TestBrowser, which
// leaves pictures of every page in build/e2e/shots.
package e2e
