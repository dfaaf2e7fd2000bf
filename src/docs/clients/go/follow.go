// Prints the events of a feed: go run follow.go FILE [QUERY]
// FILE stores the position, from which the next run continues.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Sends a request. Returns the time until the next attempt with a nil response if another attempt may succeed.
func send(request *http.Request) (*http.Response, time.Duration) {
	if token := os.Getenv("FRESHET_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, time.Second
	}
	if response.StatusCode == 429 || response.StatusCode >= 500 {
		response.Body.Close()
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return nil, time.Duration(1+seconds) * time.Second
	}
	if response.StatusCode >= 400 {
		text, _ := io.ReadAll(response.Body)
		log.Fatal(string(text))
	}
	return response, time.Second
}

// Returns the address of the articles.
func articles() string {
	if url := os.Getenv("FRESHET_URL"); url != "" {
		return url + "/api/v1/articles"
	}
	return "http://localhost:8080/api/v1/articles"
}

func follow(file, query string) {
	for {
		silence, cancel := context.WithCancel(context.Background())
		// The server sends a comment every 15 seconds.
		timer := time.AfterFunc(45*time.Second, cancel)
		request, _ := http.NewRequestWithContext(silence, "GET", articles()+"?"+query, nil)
		request.Header.Set("Accept", "text/event-stream")
		if position, err := os.ReadFile(file); err == nil {
			request.Header.Set("Last-Event-ID", string(position))
		}
		response, pause := send(request)
		if response != nil {
			lines, event := bufio.NewReader(response.Body), map[string]string{}
			for line, err := lines.ReadString('\n'); err == nil; line, err = lines.ReadString('\n') {
				timer.Reset(45 * time.Second)
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
				if line != "\n" {
					event[name] = strings.TrimPrefix(value, " ")
					continue
				}
				handle(event, file)
				if millis, err := strconv.Atoi(event["retry"]); err == nil {
					pause = time.Duration(millis) * time.Millisecond
				}
				event = map[string]string{}
			}
			response.Body.Close()
		}
		timer.Stop()
		cancel()
		time.Sleep(pause)
	}
}

func handle(event map[string]string, file string) {
	if strings.HasPrefix(event["event"], "article.") || event["event"] == "reset" {
		fmt.Println(event["data"])
	}
	if event["id"] != "" {
		os.WriteFile(file+".new", []byte(event["id"]), 0o600)
		os.Rename(file+".new", file)
	}
}

func main() {
	arguments := append(os.Args, "since=earliest")
	follow(arguments[1], arguments[2])
}
