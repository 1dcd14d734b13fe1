package town

// Renumber gives lines other numbers of their own, as far as a number is new since the
// town was founded or numbered last: what was set for a line alone otherwise stays. A
// number that no exchange would give is passed over.
func (t *Town) Renumber(numbers map[string]string) {
	t.mu.Lock()
	was := t.cfg.Numbers
	t.cfg.Numbers = numbers
	var moved []*Line
	for _, l := range t.lines {
		if n := numbers[l.name]; n != "" && n != was[l.name] {
			moved = append(moved, l)
		}
	}
	t.mu.Unlock()
	for _, l := range moved {
		cfg := l.Config()
		cfg.Number = numbers[l.name]
		l.Configure(cfg)
	}
}
