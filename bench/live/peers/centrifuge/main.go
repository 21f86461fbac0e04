// Command centrifuge serves the library of that name with history and recovery.
//
// centrifuge PORT CONTROL: readers connect to the port, messages come one a line over the unix
// socket.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"
)

const (
	channel     = "events"
	historySize = 2000 // as many as our own ring holds
	historyTTL  = 10 * time.Minute
	lineBytes   = 1 << 20
)

type ack struct {
	Seq uint64 `json:"seq"`
}

func onConnecting(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: ""}}, nil
}

// onConnect lets a client subscribe with recovery, and notes what it acknowledges.
func onConnect(acknowledged *sync.Map) centrifuge.ConnectHandler {
	return func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
			options := centrifuge.SubscribeOptions{Recover: true}
			reply(centrifuge.SubscribeReply{Options: options}, nil)
		})
		client.OnMessage(func(message centrifuge.MessageEvent) {
			var heard ack
			if err := json.Unmarshal(message.Data, &heard); err == nil {
				acknowledged.Store(client.ID(), heard.Seq)
			}
		})
	}
}

func publishLines(node *centrifuge.Node, control net.Listener) {
	connection, err := control.Accept()
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(connection)
	lines.Buffer(make([]byte, lineBytes), lineBytes)
	for lines.Scan() {
		message := append([]byte(nil), lines.Bytes()...)
		kept := centrifuge.WithHistory(historySize, historyTTL)
		if _, err := node.Publish(channel, message, kept); err != nil {
			log.Fatal(err)
		}
	}
}

func main() {
	node, err := centrifuge.New(centrifuge.DefaultConfig)
	if err != nil {
		log.Fatal(err)
	}
	node.OnConnecting(onConnecting)
	node.OnConnect(onConnect(&sync.Map{}))
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}
	control, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	go publishLines(node, control)
	http.Handle("/", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
