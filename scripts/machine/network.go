package machine

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Plug puts the network's cable into the machine, or pulls it out: its kernel sees the
// far end come or go.
func (m *Machine) Plug(in bool) error {
	state := "off"
	if in {
		state = "on"
	}
	return m.command("set_link lan " + state)
}

// command gives QEMU an order and waits until it was carried out.
func (m *Machine) command(order string) error {
	c, err := net.Dial("unix", m.monitor)
	if err != nil {
		return fmt.Errorf("machine: %w", err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(dialPatience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, order+"\n"); err != nil {
		return fmt.Errorf("machine: %w", err)
	}
	// It prompts before the order and after it; what stands between is a complaint.
	said := ""
	for b := make([]byte, 4096); strings.Count(said, "(qemu) ") < 2; {
		n, err := c.Read(b)
		if err != nil {
			return fmt.Errorf("machine: %s: %w", order, err)
		}
		said += string(b[:n])
	}
	if strings.Contains(said, "Error") || strings.Contains(said, "not found") {
		return fmt.Errorf("machine: %s: %s", order, said)
	}
	return nil
}
