// Publishes an article once, however often the connection fails: go run publish.go TITLE
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
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

func main() {
	random := make([]byte, 16)
	rand.Read(random)
	body, _ := json.Marshal(map[string]string{"title": os.Args[1], "status": "published"})
	for attempt := 1; attempt <= 10; attempt++ {
		request, _ := http.NewRequest("POST", articles(), bytes.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", hex.EncodeToString(random))
		response, pause := send(request)
		if response != nil {
			io.Copy(os.Stdout, response.Body)
			return
		}
		time.Sleep(pause)
	}
	os.Exit(1)
}
