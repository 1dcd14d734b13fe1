package console

import (
	"context"

	"centralita/firmware/feature"
)

// paperVerb is "show PAPER OF".
func (s *session) paperVerb(f feature.Feature, p feature.Paper) verb {
	return verb{words: []string{"show", p.Name}, help: p.Help, role: p.Role, mode: operating,
		run: func(ctx context.Context, args []string) error {
			if len(args) != 1 || s.Papers == nil {
				return sentence{"console.which", nil}
			}
			d, err := s.Papers(ctx, f.Name, p.Name, args[0])
			if err != nil {
				return sentence{"refused.not-found", nil}
			}
			said := d.In(s.lang)
			s.print(said.Text())
			return nil
		},
		next: func(args []string) ([]string, string) {
			if len(args) > 0 {
				return nil, ""
			}
			return s.argument("line")
		},
	}
}
