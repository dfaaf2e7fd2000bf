-- Messages of queues whose articles were imported, so that a repeated one has no effect. The id is a digest.
create table received_message (
    queue text not null,
    id text not null,
    received_at timestamptz not null default now(),
    primary key (queue, id)
);
-- Deletion of old rows.
create index received_message_by_time on received_message (received_at);
