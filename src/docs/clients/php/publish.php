<?php
// Publishes an article once, however often the connection fails: php publish.php TITLE
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
    $http = $options + ['header' => $headers, 'ignore_errors' => true, 'timeout' => 45];
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

$headers = ['Content-Type: application/json', 'Idempotency-Key: ' . bin2hex(random_bytes(16))];
$request = ['method' => 'POST', 'content' => json_encode(['title' => $argv[1], 'status' => 'published'])];
for ($attempt = 1; $attempt <= 10; $attempt++) {
    [$status, $pause, $response] = send(url(), $headers, $request) ?? [0, 1, null];
    if ($status >= 200 && $status < 300) {
        echo stream_get_contents($response), "\n";
        exit;
    }
    sleep($pause);
}
exit(1);
