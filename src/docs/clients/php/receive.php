<?php
// Receives webhooks, and prints each event once: FRESHET_KEY_FILE=KEY_FILE php -S localhost:PORT receive.php
// KEY_FILE has the key of the subscription.
function isSigned(string $body, string $key): bool
{
    $time = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '0';
    $message = ($_SERVER['HTTP_WEBHOOK_ID'] ?? '') . ".$time.$body";
    $digest = hash_hmac('sha256', $message, base64_decode(str_replace('whsec_', '', $key)), true);
    $signatures = explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '');
    $valid = fn(string $each): bool => hash_equals('v1,' . base64_encode($digest), $each);
    return abs(time() - (int) $time) < 300 && array_filter($signatures, $valid) !== [];
}

$body = file_get_contents('php://input');
$event = json_decode($body, true);
$last = sys_get_temp_dir() . '/freshet-sequence-' . $_SERVER['SERVER_PORT'];
if ($event['type'] === 'subscription.challenge') {
    echo $event['data']['challenge'];
} elseif (!isSigned($body, trim(file_get_contents(getenv('FRESHET_KEY_FILE'))))) {
    http_response_code(401);
} elseif (!isset($event['sequence']) || $event['sequence'] > @file_get_contents($last)) {
    // An event may arrive again. Its sequence shows that.
    file_put_contents('php://stdout', $body . "\n");
    file_put_contents($last, $event['sequence'] ?? '');
}
