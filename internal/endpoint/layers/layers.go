package main

// These are the packages that the boxes belong to. Each has a colour in a palette.
const (
	outside  = "outside" // none of this library's
	api      = "server, client"
	codec    = "frame"
	endpoint = "endpoint"
	deflate  = "deflate"
	socket   = "socket"
)

// The columns are what arrives, what is answered, and the two ways to send. Rows and columns have gap between them.
const (
	gap, margin   = 24, 16
	arriving      = margin
	arrivingWidth = 240
	answering     = arriving + arrivingWidth + gap
	answerWidth   = 112
	sending       = answering + answerWidth + gap
	sendWidth     = 176
	offering      = sending + sendWidth + margin
	width         = offering + sendWidth + margin
	barHeight     = 36
	rowHeight     = 68
	height        = 2*(margin+barHeight) + gap + 5*(rowHeight+gap)
)

// row returns the top of a row of boxes: 0 is the one below the program.
func row(n int) int { return margin + barHeight + gap + n*(rowHeight+gap) }

// A box is a step on the way of a frame, or a part of a wider box if it has no package.
type box struct {
	x, y, w, h int
	pkg, title string
	lines      []string
}

// boxes returns the steps, from the top to the bottom.
func boxes() []box {
	bottom := row(5)
	return []box{
		{margin, margin, width - 2*margin, barHeight, outside, "your program", nil},
		{margin, row(0), width - 2*margin, rowHeight, api, "", nil},
		step(arriving, 0, arrivingWidth, "", "RecvMessage", "returns the next message,", "or Session.Message is called"),
		step(sending, 0, sendWidth, "", "SendMessage", "waits if 64 KiB of", "frames are pending"),
		step(offering, 0, sendWidth, "", "Offer, Broadcast", "never wait; up to", "MaxBacklog is kept"),

		step(arriving, 1, arrivingWidth, endpoint, "Message", "fragments joined, and inflated,", "or still a part of the window"),
		step(arriving, 2, arrivingWidth, codec, "Decoder", "checks the header, unmasks and", "validates UTF-8, all in place"),
		step(arriving, 3, arrivingWidth, endpoint, "Window", "bytes read, not yet consumed,", "in a slab from a pool"),
		step(arriving, 4, arrivingWidth, socket, "Poller", "a silent peer holds no buffer,", "and with Sessions no goroutine"),

		step(answering, 1, answerWidth, endpoint, "Answers", "Ping → Pong", "Close → Close"),

		step(sending, 1, sendWidth, codec, "Encoder", "refuses what the peer", "would have to refuse"),
		step(sending, 2, sendWidth, deflate, "Compression", "messages that shrink,", "if it was agreed on"),
		{offering, row(1), sendWidth, 2*rowHeight + gap, endpoint, "Prepared", []string{
			"validated, compressed", "and encoded once for", "all connections that", "are alike", "", "a client, which masks,", "encodes for each"}},
		step(sending, 3, 2*sendWidth+margin, endpoint, "Pending frames",
			"one behind another, masked if they are a client's;", "those of a Prepared are shared by connections"),
		step(sending, 4, 2*sendWidth+margin, endpoint, "One write",
			"answers to what came together leave together,", "and so does what gathers during a write"),

		{margin, bottom, width - 2*margin, barHeight, outside, "TCP or Unix socket", nil},
	}
}

// step returns a box of one row.
func step(x, n, w int, pkg, title string, lines ...string) box {
	return box{x, row(n), w, rowHeight, pkg, title, lines}
}

// An arrow crosses one gap, from its start on.
type arrow struct {
	x, y  int
	angle int // 0 is to the right, 90 is down
}

// arrows returns those of the drawing.
func arrows() (all []arrow) {
	received, sent := arriving+arrivingWidth/2, sending+sendWidth/2
	offered, written := offering+sendWidth/2, sending+sendWidth+margin/2
	for n := range 6 {
		all = append(all, arrow{received, row(n), -90})
	}
	for n := range 4 {
		all = append(all, arrow{sent, row(n) - gap, 90})
		if n != 2 { // Prepared takes two rows
			all = append(all, arrow{offered, row(n) - gap, 90})
		}
	}
	middle := row(1) + rowHeight/2
	return append(all,
		arrow{written, row(4) - gap, 90}, arrow{written, row(5) - gap, 90},
		arrow{answering - gap, middle, 0}, arrow{sending - gap, middle, 0})
}
