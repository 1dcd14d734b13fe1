package wire

// Changeover is the contacts of a lifeline's relay. At rest the telephone's pair
// lies on the line, beside the box's line chip, which stays there for good; pulled,
// the telephone lies on the box's own handset chip.
type Changeover struct {
	Line *Pair // from the exchange
	Set  *Pair // from the telephone
	Port *Pair // of the handset chip

	beside bool // the telephone lies on the line
}

// Pass carries feeds, loads and sound across for one step. Called before the chips
// step and after, it adds no delay.
func (c *Changeover) Pass(pulled bool) {
	if pulled {
		if c.beside { // what else is beside the box stays
			c.beside = false
			c.Line.Beside = Load{}
			c.Line.BesideIsSilent()
		}
		c.Set.Feed, c.Set.Beside = c.Port.Feed, Load{}
		c.Set.BesideIsSilent()
		c.Port.Load, c.Port.Cut = c.Set.Load, c.Set.Cut
		c.Port.AtSet(&c.Set.fromOffice)
		c.Set.AtOffice(&c.Port.fromSet)
		return
	}
	c.beside = true
	c.Port.Load, c.Port.Cut, c.Port.fromSet = Load{}, true, Sound{}
	c.Set.Feed, c.Set.Beside = c.Line.Feed, c.Line.Load
	if c.Line.Cut {
		c.Set.Feed = Feed{}
	}
	c.Line.AtBeside(&c.Set.fromOffice)
	c.Line.Beside = c.Set.Load
	if c.Set.Cut {
		c.Line.Beside = Load{}
	}
	var said Sound
	c.Set.AtOffice(&said)
	c.Line.BesideSays(&said)
}
