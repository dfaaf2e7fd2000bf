-- Subscriptions of other systems have no account, and end unless they are renewed.
alter table subscription alter column account drop not null;
alter table subscription add column expires_at timestamptz;
-- Expired subscriptions: where expires_at < ?
create index subscription_by_end on subscription (expires_at) where expires_at is not null;
