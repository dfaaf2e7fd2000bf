-- Bringing the directory of feeds up to date takes minutes where all articles have to be counted, or many events to be
-- followed. So readers follow few events, and leave the rest to feed_directory_catch_up, which runs in the background.

-- Returns whether the events between a position and the end of the log are not known: another history, or one that was
-- pruned.
create function feed_directory_is_unknown(known feed_directory_position) returns boolean language sql stable as $$
    select exists (select from feed_clock c where c.epoch <> known.epoch or c.seq < known.seq
        or c.seq > known.seq and not exists (select from feed_log l where l.seq = known.seq + 1))
$$;

-- Counts all articles. Each statement reads the log and the clock in one snapshot, so that what is counted is what was
-- committed up to the new position. The caller holds the lock of the position.
create function feed_directory_count() returns void language sql as $$
    delete from feed_directory;
    with counted as (
        select 'tag' as kind, t.tag as key, count(*) as articles, max(a.updated_at) as changed_at
            from article_tag t join article a on a.id = t.article_id group by t.tag
        union all
        select 'author', w.key, count(*), max(a.updated_at)
            from article a join author w on w.id = a.author_id where a.status = 'published' group by w.key
        union all
        select 'source', s.key, count(*), max(a.updated_at)
            from article a join source s on s.id = a.source_id where a.status = 'published' group by s.key
    ), written as (
        insert into feed_directory select * from counted
    )
    update feed_directory_position p set epoch = c.epoch, seq = c.seq from feed_clock c;
$$;

-- Counts the next events of the log, at most as many as given. The caller holds the lock of the position.
create function feed_directory_apply(events int) returns void language sql as $$
    with batch as (
        -- None if the next event was pruned since the last check.
        select l.* from feed_log l, feed_directory_position p
            where l.seq > p.seq and exists (select from feed_log n where n.seq = p.seq + 1) order by l.seq limit events
    ), change as (
        select 'tag' as kind, t as key, 1 as n, b.at from batch b, unnest(b.tags) t
            where b.type <> 'article.withdrawn'
        union all
        select 'tag', t, -1, b.at from batch b, unnest(b.was_tags) t where b.was_author is not null
        union all
        select 'author', b.author, 1, b.at from batch b where b.type <> 'article.withdrawn'
        union all
        select 'author', b.was_author, -1, b.at from batch b where b.was_author is not null
        union all
        select 'source', b.source, 1, b.at from batch b where b.type <> 'article.withdrawn'
        union all
        select 'source', b.was_source, -1, b.at from batch b where b.was_author is not null
    ), written as (
        insert into feed_directory as d
            select c.kind, c.key, sum(c.n), max(c.at) from change c group by c.kind, c.key
            on conflict (kind, key) do update
                set articles = d.articles + excluded.articles,
                    changed_at = greatest(d.changed_at, excluded.changed_at)
    )
    update feed_directory_position p set seq = b.seq from (select max(seq) as seq from batch) b where b.seq is not null;
    delete from feed_directory d where -d.articles >= 0;
$$;

-- Brings the directory up to the end of the log and returns where that is. Returns no row, and changes nothing, if that
-- takes long or feed_directory_catch_up is running.
create or replace function feed_directory_follow() returns table (epoch bigint, seq bigint, at timestamptz)
        language plpgsql as $$
declare
    max_events constant int := 5000;
    known feed_directory_position;
begin
    -- A key of its own in this database. Readers share the lock, and none waits for it.
    if not pg_try_advisory_xact_lock_shared(7310579646117637481) then
        return;
    end if;
    select * into known from feed_directory_position for update;
    if feed_directory_is_unknown(known) or (select c.seq from feed_clock c) > known.seq + max_events then
        return;
    end if;
    perform feed_directory_apply(max_events);
    return query select p.epoch, p.seq, c.at from feed_directory_position p, feed_clock c;
end $$;

-- Takes one step towards the end of the log: counts all articles, or the next events. Returns whether so many events are
-- left that readers do not follow them. Waits for a step of another instance, of readers too.
create function feed_directory_catch_up() returns boolean language plpgsql as $$
declare
    known feed_directory_position;
begin
    perform pg_advisory_xact_lock(7310579646117637481);
    select * into known from feed_directory_position for update;
    if feed_directory_is_unknown(known) then
        perform feed_directory_count();
    else
        perform feed_directory_apply(20000);
    end if;
    return (select c.seq > p.seq + 1000 from feed_directory_position p, feed_clock c);
end $$;
