// Package boottest starts the box's image in QEMU's ARM machine and looks at it as
// its owner would: does it come up, what listens, who may enter, does an update hold.
// `make boot-test` runs it; without BOOT_TEST in the environment its tests are left
// out, for they take minutes.
package boottest
