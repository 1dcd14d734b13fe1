// Package trust keeps the box's certificate: the one that HTTPS and SIP over TLS
// show. The box is its own authority from its first start; an owner may bring a
// certificate of their own, or have one fetched by ACME (RFC 8555).
//
// firmware/app opens a Keeper and gives its Config to the listeners; firmware/api
// shows its Status and takes an owner's certificate. Keys stand in the store's
// secrets alone. The package opens no listener, and never puts a key into a log,
// an error or a status.
package trust
