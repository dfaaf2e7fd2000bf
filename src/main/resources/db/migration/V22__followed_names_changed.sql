-- Notifies the instances that hold the names of an account in memory, for its open streams. Equal notifications of a
-- transaction are sent once.
create function notify_following() returns trigger language plpgsql as $$
begin
    perform pg_notify('following', coalesce(new.account, old.account)::text);
    return null;
end $$;

create trigger following_changed after insert or update or delete on following
    for each row execute function notify_following();
