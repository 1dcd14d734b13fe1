// Package browsers measures what calls of browsers cost the box: many pages of
// memory, each a full WebRTC agent, call as many SIP telephones through the real
// program, and its processor time is read from the kernel. `make bench-browsers`
// runs it; without that it does nothing.
package browsers
