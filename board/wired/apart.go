package wired

import (
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// apart is a port whose packets are transfers of their own, so that chip select rises
// after each whatever the host does within one.
type apart struct{ spi.Port }

func (a apart) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	c, err := a.Port.Connect(f, mode, bits)
	if err != nil {
		return nil, err
	}
	return apartConn{c}, nil
}

type apartConn struct{ spi.Conn }

// TxPackets fulfils spi.Conn. The bus has one user for each select (hal/chain), so
// nothing comes between the packets.
func (a apartConn) TxPackets(packets []spi.Packet) error {
	for i := range packets {
		if err := a.Conn.TxPackets(packets[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}
