package messages

import (
	"context"
	"sync"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// Pump serves a connection with two goroutines: this one calls handle with each message, and another sends the events. It returns
// when both have ended, with what ended the connection.
//
// Neither outlives the other. If the connection ends, its context is done, which ends the sender. If the events end, which is
// when their channel is closed, or if handle returns an error, Close ends the connection, and with it the call that receives.
// A program that only receives and answers needs no second goroutine.
func Pump(wb *server.Conn, events <-chan []byte, handle func(data []byte, typ frame.Opcode) error) error {
	var sender sync.WaitGroup
	sender.Go(func() {
		sendAll(wb, events)
		wb.Close()
	})
	defer sender.Wait()
	for {
		data, typ, err := wb.RecvMessage()
		if err == nil {
			err = handle(data, typ)
		}
		if err != nil {
			wb.Close() // before the Wait: it ends the sender
			return err
		}
	}
}

// sendAll sends events until there are no more, or the connection ends.
func sendAll(wb *server.Conn, events <-chan []byte) {
	ended := wb.Context()
	for {
		select {
		case event, more := <-events:
			if !more || wb.SendMessage(frame.Text, event) != nil {
				return
			}
		case <-ended.Done():
			return
		}
	}
}

// Subscribe is a source of events for Pump that does not leak either: it sends to the channel until ctx is done, and closes
// it. The caller's goroutine of Pump cancels ctx.
func Subscribe(ctx context.Context, next func(context.Context) ([]byte, error)) <-chan []byte {
	events := make(chan []byte)
	go func() {
		defer close(events)
		for {
			event, err := next(ctx)
			if err != nil {
				return
			}
			select {
			case events <- event:
			case <-ctx.Done():
				return
			}
		}
	}()
	return events
}
