// Package access names the roles: who may do what.
//
// Features declare them, doors compare them. It keeps nothing: accounts, passwords
// and sessions are in firmware/access/gate.
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
