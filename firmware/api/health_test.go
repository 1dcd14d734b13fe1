package api

import "testing"

// Counters tell an attacker how busy the box is: not for visitors.
func TestHealthIsForPeopleOfTheHouse(t *testing.T) {
	h := New(Options{Health: func() Health { return Health{UptimeMS: 1} }})
	(&person{t: t, h: h}).says("GET", "/api/v1/health", "", 401, "")
	(&person{t: t, h: New(Options{})}).says("GET", "/api/v1/health", "", 404, "")
}
