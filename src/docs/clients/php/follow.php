<?php
// Prints the events of a feed: php follow.php FILE [QUERY]
// FILE stores the position, from which the next run continues.
function url(): string
{
    return (getenv('FRESHET_URL') ?: 'http://localhost:8080') . '/api/v1/articles';
}

/** Sends a request, and returns the status, the seconds until a retry, and the response; null without a response. */
function send(string $url, array $headers, array $options): ?array
{
    if (getenv('FRESHET_TOKEN')) {
        $headers[] = 'Authorization: Bearer ' . getenv('FRESHET_TOKEN');
    }
    // HTTP/1.0, since PHP holds back the chunks of HTTP/1.1.
    $http = $options + ['header' => $headers, 'ignore_errors' => true, 'protocol_version' => 1.0, 'timeout' => 45];
    $response = @fopen($url, 'r', false, stream_context_create(['http' => $http]));
    if ($response === false) {
        return null;
    }
    $head = implode("\n", stream_get_meta_data($response)['wrapper_data']);
    preg_match('~^HTTP/\S+ (\d+)~', $head, $status);
    preg_match('~^Retry-After: (\d+)~mi', $head, $seconds);
    if ($status[1] >= 400 && $status[1] < 500 && $status[1] != 429) {
        fwrite(STDERR, stream_get_contents($response));
        exit(1);
    }
    return [(int) $status[1], (int) ($seconds[1] ?? 2), $response];
}

[, $file, $query] = $argv + [2 => 'since=earliest'];
for ($pause = 1; true; usleep((int) ($pause * 1000000))) {
    $headers = ['Accept: text/event-stream'];
    if (file_exists($file)) {
        $headers[] = 'Last-Event-ID: ' . file_get_contents($file);
    }
    [$status, $pause, $response] = send(url() . '?' . $query, $headers, []) ?? [0, $pause, null];
    $event = [];
    // The server sends a comment every 15 seconds.
    while ($status === 200 && ($line = fgets($response)) !== false) {
        if ($line !== "\n") {
            [$name, $value] = explode(':', rtrim($line, "\n"), 2) + [1 => ''];
            $event[$name] = preg_replace('/^ /', '', $value);
            continue;
        }
        if (preg_match('/^(article\..*|reset)$/', $event['event'] ?? '')) {
            echo $event['data'], "\n";
        }
        if (isset($event['id'])) {
            file_put_contents("$file.new", $event['id']);
            rename("$file.new", $file);
        }
        $pause = ($event['retry'] ?? 1000 * $pause) / 1000;
        $event = [];
    }
}
