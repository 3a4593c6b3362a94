// Chat serves rooms over many nodes. A node is this program with its clients; the nodes
// share what is said over a bus, NATS.
//
//	go run .
//
// Open the URL that it prints, in two tabs. NATS is part of the program and needs no set-up.
// A client is a WebSocket at /ws?room=…&name=… that sends what it has to say as text and
// gets events as JSON; see event. There is no history, and names are not checked.
//
// # Nodes
//
// Nodes find each other if their servers form a cluster, which takes one address to begin with:
//
//	go run . -cluster 127.0.0.1:6222
//	go run . -addr 127.0.0.1:8081 -cluster 127.0.0.1:6223 -routes nats://127.0.0.1:6222
//
// Those who reach the port of -cluster can read and write everything. If there is a NATS
// cluster already, all nodes join at that and embed no server:
//
//	go run . -nats nats://a,nats://b
//
// # What happens to a message
//
// The node of the sender publishes it. All nodes with members in the room get it from the
// bus, the sender's own among them, and broadcast it to their members. NATS alone would
// bring the messages of two nodes to two others in different orders; type order mends that,
// for some 25 milliseconds of delay. The first member of a room on a node subscribes to the
// room, and the last one unsubscribes.
//
// A node takes a message only while it hears itself over the bus, all nodes hear each other,
// and there are as many as -quorum says. It waits for half a second for that. Otherwise it
// refuses the message and tells the sender, and nothing is kept to be sent later. Meanwhile
// /healthz fails with status 503, so that a balancer sends new clients elsewhere. The node
// goes on trying to connect forever.
//
// # What is lost
//
// A message is delivered at most once to a member, and in the same order to all members. A
// message that a node has taken arrives at every member that is in the room and stays
// connected, except in these cases:
//
//   - A node dies. The messages that it took in its last moments may be lost, or get to some
//     nodes alone. The other nodes lose nothing, but deliver nothing for two seconds, in
//     which it may still be alive. A node that is stopped with Ctrl-C takes leave, and causes
//     no delay.
//   - The bus, or a link of it, dies. A node notices after half a second. The messages that
//     it took in that time may not get to the other side, and those of the other side do not
//     get to the node's members until its /healthz is well again.
//   - A node or a link stands still for two seconds or more. The others go on. Messages that
//     come later than that are dropped and counted as late: their place in the order has passed.
//   - A node falls 65,536 messages behind. NATS drops those beyond, and the node logs it.
//   - A room is new to a node. Its first member hears those at other nodes as soon as their
//     servers know of the subscription, some milliseconds later.
//   - A client is too slow. It is closed when 256 KiB wait for it, or misses messages with
//     -skip-slow; /metrics counts both.
//
// Without -quorum, the halves of a fleet that is cut in two go on apart from each other.
// With a quorum of more than half of the nodes, the smaller half refuses messages.
// A client that sees its message come back knows that it was published. TestFleet
// counts all that in a fleet in which a node is cut off and another is killed.
//
// # The end
//
// Ctrl-C ends a node in the time of -drain: no more requests are taken, the clients are sent
// a Close frame with 1001 one after another, and the other nodes are told. The page connects
// again by itself, after a time that is random so that not all come at once.
package main
