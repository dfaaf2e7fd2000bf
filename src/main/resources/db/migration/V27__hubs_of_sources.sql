-- Subscriptions of sources at the WebSub hubs that their feeds name.
alter table polled_source add column hub text;
-- The address of the feed as the hub knows it, and the key of the hub's signatures.
alter table polled_source add column topic text;
alter table polled_source add column hub_secret text;
alter table polled_source add column hub_requested_at timestamptz;
-- The end of the subscription; null before the hub has confirmed it.
alter table polled_source add column hub_until timestamptz;
alter table polled_source add column hub_error text;
-- The last message of the hub, and the begin of the last poll. A poll that began before the message is repeated.
alter table polled_source add column pinged_at timestamptz;
alter table polled_source add column begun_at timestamptz;
