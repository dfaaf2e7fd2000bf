// Receives webhooks, and prints each event once: go run receive.go KEY_FILE PORT
// KEY_FILE has the key of the subscription.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	file, port := os.Args[1], os.Args[2]
	last := ""
	handler := func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		var event struct {
			Type, Sequence string
			Data           struct{ Challenge string }
		}
		if json.Unmarshal(body, &event) != nil {
			answer.WriteHeader(400)
		} else if event.Type == "subscription.challenge" {
			fmt.Fprint(answer, event.Data.Challenge)
		} else if !isSigned(request.Header, body, file) {
			answer.WriteHeader(401)
		} else if event.Sequence == "" || event.Sequence > last {
			// An event may arrive again. Its sequence shows that. Events of a subscription arrive one at a time.
			fmt.Println(string(body))
			last = event.Sequence
		}
	}
	log.Fatal(http.ListenAndServe("localhost:"+port, http.HandlerFunc(handler)))
}

func isSigned(headers http.Header, body []byte, file string) bool {
	text, _ := os.ReadFile(file)
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "whsec_"))
	moment := headers.Get("webhook-timestamp")
	seconds, _ := strconv.ParseFloat(moment, 64)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(headers.Get("webhook-id") + "." + moment + "." + string(body)))
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, signature := range strings.Fields(headers.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), []byte(expected)) {
			return math.Abs(float64(time.Now().Unix())-seconds) < 300
		}
	}
	return false
}
