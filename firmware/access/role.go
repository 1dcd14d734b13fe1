// Package access says who may do what: people, roles, sessions and passwords.
//
// firmware/api and firmware/console ask it; it keeps no sockets and no files,
// the accounts' hashes are in the settings tree and in firmware/store.
package access

// Role is a level of trust; a higher one may do all that a lower one may.
type Role uint8

// The roles. Nobody is a visitor before sign-in.
const (
	Nobody Role = iota
	Agent
	Supervisor
	Owner
	Installer
)

var roleNames = [...]string{"nobody", "agent", "supervisor", "owner", "installer"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "nobody"
}

// ParseRole reads a role's name; unknown names are Nobody and false.
func ParseRole(s string) (Role, bool) {
	for i, n := range roleNames {
		if n == s && i > 0 {
			return Role(i), true
		}
	}
	return Nobody, false
}
