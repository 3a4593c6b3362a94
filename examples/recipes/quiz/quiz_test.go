package quiz

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

var quiz = &Quiz{Question: "6 times 9?", Answer: "54", Time: 30 * time.Second, Tries: 3}

// The client is connected in memory. The URL's host does not matter.
func ExampleQuiz() {
	handler := server.Handler(nil, quiz.Serve)
	wb, _, err := client.Connect(context.Background(), "ws://test/", &client.Options{Dial: client.DialHandler(handler)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer wb.Close()
	for _, answer := range []string{"42", "54"} {
		question, _, _ := wb.RecvMessage()
		fmt.Printf("%s\n", question)
		wb.SendString(answer)
	}
	reply, _, _ := wb.RecvMessage()
	fmt.Printf("%s\n", reply)
	_, _, err = wb.RecvMessage()
	fmt.Println(Right(err))
	// Output:
	// 6 times 9?
	// wrong
	// right
	// true
}

// start connects to the quiz, and receives the question.
func start(t *testing.T) *client.Conn {
	t.Helper()
	dial := client.DialHandler(server.Handler(nil, quiz.Serve))
	wb, _, err := client.Connect(t.Context(), "ws://test/", &client.Options{Dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	if data, typ, err := wb.RecvMessage(); err != nil || typ != frame.Text || string(data) != quiz.Question {
		t.Fatalf("%v %q, %v", typ, data, err)
	}
	return wb
}

// receives returns the messages that are left, and the status code behind them.
func receives(wb *client.Conn) (messages []string, code frame.StatusCode) {
	for {
		data, _, err := wb.RecvMessage()
		if err != nil {
			return messages, frame.CloseCode(err)
		}
		messages = append(messages, string(data))
	}
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		answers, want string
		code          frame.StatusCode
	}{
		{"54", "right", 1000},
		{"1 2 54", "wrong wrong right", 1000},
		{"1 2 3", "wrong wrong wrong", 4000},
		{"1 2 3 54", "wrong wrong wrong", 4000},
	} {
		t.Run(tt.answers, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wb := start(t)
				for answer := range strings.FieldsSeq(tt.answers) {
					wb.SendString(answer)
				}
				messages, code := receives(wb)
				if got := strings.Join(messages, " "); got != tt.want || code != tt.code {
					t.Errorf("got %q and %v, want %q and %v", got, code, tt.want, tt.code)
				}
			})
		})
	}
}

// TestTime takes no time: in a bubble the clock goes on when all goroutines wait.
func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wb, begun := start(t), time.Now()
		<-time.After(20 * time.Second)
		wb.SendString("42")
		messages, code := receives(wb)
		if took := time.Since(begun); took != quiz.Time || len(messages) != 1 || code != 4000 {
			t.Errorf("%q and %v after %v", messages, code, took)
		}
	})
}

// TestTCP is for what needs a port: TLS, addresses, and programs in other languages.
func TestTCP(t *testing.T) {
	s := httptest.NewServer(server.Handler(nil, quiz.Serve))
	defer s.Close()
	wb, _, err := client.Connect(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer wb.CloseNow()
	wb.SendString("54")
	if messages, code := receives(wb); len(messages) != 2 || code != 1000 {
		t.Errorf("%q and %v", messages, code)
	}
}
