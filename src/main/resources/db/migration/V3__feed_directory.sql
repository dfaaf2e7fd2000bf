-- The directory of feeds: what published articles can be selected by, with counts that follow the feed log.
create table feed_directory (
    kind       text not null check (kind in ('tag', 'author', 'source')),
    name       text not null,
    articles   bigint not null,
    changed_at timestamptz not null,
    primary key (kind, name)
);
-- Largest first, from a page key on: where (-articles, kind, name) > (?, ?, ?) order by -articles, kind, name
create index feed_directory_by_size on feed_directory ((-articles), kind, name);

-- The position of the feed log that the directory has followed to, one row. Whoever brings it forward holds its lock.
create table feed_directory_position (
    one   boolean primary key default true check (one),
    epoch bigint not null,
    seq   bigint not null
);

-- Another epoch than any: the first reader counts.
insert into feed_directory_position (epoch, seq) values (-1, 0);

-- Brings the directory up to the end of the log, and says where that is. Each statement reads the log and the clock in
-- one snapshot, so that what is counted is what was committed up to that position.
create function feed_directory_follow() returns table (epoch bigint, seq bigint, at timestamptz) language plpgsql as $$
declare
    known feed_directory_position;
    reached bigint;
begin
    select * into known from feed_directory_position for update;
    if exists (select from feed_clock c where c.epoch <> known.epoch or c.seq < known.seq
            or c.seq > known.seq and not exists (select from feed_log l where l.seq = known.seq + 1)) then
        -- Another history, or one that was pruned: what came since can't be known.
        delete from feed_directory;
        with counted as (
            select 'tag' as kind, t.tag as name, count(*) as articles, max(a.updated_at) as changed_at
                from article_tag t join article a on a.id = t.article_id group by t.tag
            union all
            select 'author', w.name, count(*), max(a.updated_at)
                from article a join author w on w.id = a.author_id where a.status = 'published' group by w.name
            union all
            select 'source', s.name, count(*), max(a.updated_at)
                from article a join source s on s.id = a.source_id where a.status = 'published' group by s.name
        ), written as (
            insert into feed_directory select * from counted
        )
        update feed_directory_position p set epoch = c.epoch, seq = c.seq from feed_clock c
            returning p.* into known;
    end if;
    loop
        with batch as (
            select l.* from feed_log l where l.seq > known.seq order by l.seq limit 20000
        ), change as (
            select 'tag' as kind, t as name, 1 as n, b.at from batch b, unnest(b.tags) t
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
                select c.kind, c.name, sum(c.n), max(c.at) from change c group by c.kind, c.name
                on conflict (kind, name) do update
                    set articles = d.articles + excluded.articles,
                        changed_at = greatest(d.changed_at, excluded.changed_at)
        )
        select max(b.seq) into reached from batch b;
        exit when reached is null;
        update feed_directory_position p set seq = reached returning p.* into known;
    end loop;
    delete from feed_directory d where -d.articles >= 0;
    return query select known.epoch, known.seq, c.at from feed_clock c;
end $$;
