package feature

import (
	"centralita/firmware/call"
	"centralita/firmware/core"
)

// Parts makes the parts of a core: the book of calls first, then each feature's
// reactor in the order of the list.
func Parts(b *call.Book, list []Feature) []core.Part {
	parts := []core.Part{{Name: "book", Reactor: b}}
	for _, f := range list {
		parts = append(parts, core.Part{Name: f.Name, Reactor: f.New(b)})
	}
	return parts
}
