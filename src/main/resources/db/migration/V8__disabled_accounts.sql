-- Who may not come in for a while. Nothing else of the account changes.
alter table account add column disabled_at timestamptz;
