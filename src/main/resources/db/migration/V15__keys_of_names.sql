-- Names of tags, authors and sources are compared by their keys: canonical caseless matching, as Unicode defines it. Each
-- is shown as it was first written. NameKey is the same rule in Java.

-- name_fold replaces letters by their case foldings (Unicode 17), except those that NFD decomposes. It is composed of
-- ranges of letters: the first, the last, the step from one to the next, and the distance to the folding.
do $$
declare
    letters text;
    folded text;
    body text := 'translate(name, %L, %L)';
    long record;
begin
    select string_agg(chr(letter), '' order by letter), string_agg(chr(letter + distance), '' order by letter)
        into letters, folded
        from (values
        (65, 90, 1, 32), (181, 181, 1, 775), (198, 198, 1, 32), (208, 208, 1, 32), (216, 216, 1, 32),
        (222, 222, 1, 32), (272, 272, 1, 1), (294, 294, 1, 1), (306, 306, 1, 1), (319, 321, 2, 1), (330, 330, 1, 1),
        (338, 338, 1, 1), (358, 358, 1, 1), (383, 383, 1, -268), (385, 385, 1, 210), (386, 388, 2, 1),
        (390, 390, 1, 206), (391, 391, 1, 1), (393, 394, 1, 205), (395, 395, 1, 1), (398, 398, 1, 79),
        (399, 399, 1, 202), (400, 400, 1, 203), (401, 401, 1, 1), (403, 403, 1, 205), (404, 404, 1, 207),
        (406, 406, 1, 211), (407, 407, 1, 209), (408, 408, 1, 1), (412, 412, 1, 211), (413, 413, 1, 213),
        (415, 415, 1, 214), (418, 420, 2, 1), (422, 422, 1, 218), (423, 423, 1, 1), (425, 425, 1, 218),
        (428, 428, 1, 1), (430, 430, 1, 218), (433, 434, 1, 217), (435, 437, 2, 1), (439, 439, 1, 219),
        (440, 440, 1, 1), (444, 444, 1, 1), (452, 452, 1, 2), (453, 453, 1, 1), (455, 455, 1, 2), (456, 456, 1, 1),
        (458, 458, 1, 2), (459, 459, 1, 1), (484, 484, 1, 1), (497, 497, 1, 2), (498, 498, 1, 1), (502, 502, 1, -97),
        (503, 503, 1, -56), (540, 540, 1, 1), (544, 544, 1, -130), (546, 548, 2, 1), (570, 570, 1, 10795),
        (571, 571, 1, 1), (573, 573, 1, -163), (574, 574, 1, 10792), (577, 577, 1, 1), (579, 579, 1, -195),
        (580, 580, 1, 69), (581, 581, 1, 71), (582, 590, 2, 1), (837, 837, 1, 116), (880, 882, 2, 1),
        (886, 886, 1, 1), (895, 895, 1, 116), (913, 929, 1, 32), (931, 937, 1, 32), (962, 962, 1, 1),
        (975, 975, 1, 8), (976, 976, 1, -30), (977, 977, 1, -25), (981, 981, 1, -15), (982, 982, 1, -22),
        (984, 1006, 2, 1), (1008, 1008, 1, -54), (1009, 1009, 1, -48), (1012, 1012, 1, -60), (1013, 1013, 1, -64),
        (1015, 1015, 1, 1), (1017, 1017, 1, -7), (1018, 1018, 1, 1), (1021, 1023, 1, -130), (1026, 1028, 2, 80),
        (1029, 1030, 1, 80), (1032, 1035, 1, 80), (1039, 1039, 1, 80), (1040, 1048, 1, 32), (1050, 1071, 1, 32),
        (1120, 1140, 2, 1), (1144, 1152, 2, 1), (1162, 1214, 2, 1), (1216, 1216, 1, 15), (1219, 1229, 2, 1),
        (1236, 1236, 1, 1), (1240, 1240, 1, 1), (1248, 1248, 1, 1), (1256, 1256, 1, 1), (1270, 1270, 1, 1),
        (1274, 1326, 2, 1), (1329, 1366, 1, 48), (4256, 4293, 1, 7264), (4295, 4295, 1, 7264), (4301, 4301, 1, 7264),
        (5112, 5117, 1, -8), (7296, 7296, 1, -6222), (7297, 7297, 1, -6221), (7298, 7298, 1, -6212),
        (7299, 7300, 1, -6210), (7301, 7301, 1, -6211), (7302, 7302, 1, -6204), (7303, 7303, 1, -6180),
        (7304, 7304, 1, 35267), (7305, 7305, 1, 1), (7312, 7354, 1, -3008), (7357, 7359, 1, -3008),
        (7930, 7934, 2, 1), (8498, 8498, 1, 28), (8544, 8559, 1, 16), (8579, 8579, 1, 1), (9398, 9423, 1, 26),
        (11264, 11311, 1, 48), (11360, 11360, 1, 1), (11362, 11362, 1, -10743), (11363, 11363, 1, -3814),
        (11364, 11364, 1, -10727), (11367, 11371, 2, 1), (11373, 11373, 1, -10780), (11374, 11374, 1, -10749),
        (11375, 11375, 1, -10783), (11376, 11376, 1, -10782), (11378, 11378, 1, 1), (11381, 11381, 1, 1),
        (11390, 11391, 1, -10815), (11392, 11490, 2, 1), (11499, 11501, 2, 1), (11506, 11506, 1, 1),
        (42560, 42604, 2, 1), (42624, 42650, 2, 1), (42786, 42798, 2, 1), (42802, 42862, 2, 1), (42873, 42875, 2, 1),
        (42877, 42877, 1, -35332), (42878, 42886, 2, 1), (42891, 42891, 1, 1), (42893, 42893, 1, -42280),
        (42896, 42898, 2, 1), (42902, 42920, 2, 1), (42922, 42922, 1, -42308), (42923, 42923, 1, -42319),
        (42924, 42924, 1, -42315), (42925, 42925, 1, -42305), (42926, 42926, 1, -42308), (42928, 42928, 1, -42258),
        (42929, 42929, 1, -42282), (42930, 42930, 1, -42261), (42931, 42931, 1, 928), (42932, 42946, 2, 1),
        (42948, 42948, 1, -48), (42949, 42949, 1, -42307), (42950, 42950, 1, -35384), (42951, 42953, 2, 1),
        (42955, 42955, 1, -42343), (42956, 42970, 2, 1), (42972, 42972, 1, -42561), (42997, 42997, 1, 1),
        (43888, 43967, 1, -38864), (65313, 65338, 1, 32), (66560, 66599, 1, 40), (66736, 66771, 1, 40),
        (66928, 66938, 1, 39), (66940, 66954, 1, 39), (66956, 66962, 1, 39), (66964, 66965, 1, 39),
        (68736, 68786, 1, 64), (68944, 68965, 1, 32), (71840, 71871, 1, 32), (93760, 93791, 1, 32),
        (93856, 93880, 1, 27), (125184, 125217, 1, 34)
        ) as range (first, last, step, distance) cross join generate_series(first, last, step) as letter;
    body := format(body, letters, folded);
    for long in select * from (values
        ('ß', 'ss'), ('ŉ', 'ʼn'), ('և', 'եւ'), ('ẚ', 'aʾ'), ('ẞ', 'ss'), ('ﬀ', 'ff'), ('ﬁ', 'fi'), ('ﬂ', 'fl'),
        ('ﬃ', 'ffi'), ('ﬄ', 'ffl'), ('ﬅ', 'st'), ('ﬆ', 'st'), ('ﬓ', 'մն'), ('ﬔ', 'մե'), ('ﬕ', 'մի'), ('ﬖ', 'վն'),
        ('ﬗ', 'մխ')
        ) as folding (letter, letters)
    loop
        body := format('replace(%s, %L, %L)', body, long.letter, long.letters);
    end loop;
    execute 'create function name_fold(name text) returns text language sql immutable parallel safe return ' || body;
end $$;

create function name_key(name text) returns text language sql immutable parallel safe return
    -- Nearly all names have only ASCII characters, which take a byte each.
    case when octet_length(name) = char_length(name) then lower(name collate "C")
    else normalize(name_fold(normalize(name, nfd)), nfc) end;

create function name_keys(names text[]) returns text[] language sql immutable parallel safe return
    (select coalesce(array_agg(key order by place), '{}') from (
        select name_key(name) as key, min(place) as place
            from unnest(names) with ordinality as named (name, place) group by 1) as named);

-- Authors and sources with one key become the first of them.
alter table author add column key text not null generated always as (name_key(name)) stored;
alter table article disable trigger user;
update article a set author_id = same.first
    from (select id, min(id) over (partition by key) as first from author) same
    where same.id = a.author_id and same.first <> same.id;
delete from author a where exists (select from author b where b.key = a.key and b.id < a.id);
alter table author drop constraint author_name_key, add unique (key);

alter table source add column key text not null generated always as (name_key(name)) stored;
update article a set source_id = same.first
    from (select id, min(id) over (partition by key) as first from source) same
    where same.id = a.source_id and same.first <> same.id;
delete from source a where exists (select from source b where b.key = a.key and b.id < a.id);
alter table source drop constraint source_name_key, add unique (key);

-- The tags of published articles, as they were first written. Rows are never changed.
create table tag (
    key  text primary key generated always as (name_key(name)) stored,
    name text not null
);

-- article_tag has the keys of tags.
create or replace function article_created() returns trigger language plpgsql as $$
begin
    if exists (select from written a
            where not exists (select from author where id = a.author_id)
                or not exists (select from source where id = a.source_id)
                or not exists (select from account where id = a.owner)) then
        raise foreign_key_violation using message = 'An article needs an existing author, source and owner';
    end if;
    insert into tag (name)
        select distinct on (name_key(t)) t from written a cross join unnest(a.tags) t
        where a.status = 'published' and not exists (select from tag where key = name_key(t))
        order by name_key(t), a.id
        on conflict do nothing;
    insert into article_tag (tag, published_at, article_id)
        select distinct name_key(t), a.published_at, a.id from written a cross join unnest(a.tags) t
        where a.status = 'published'
        on conflict do nothing;
    if exists (select from written a where strpos(a.html, '/images/') > 0) then
        insert into article_image (article_id, name)
            select a.id, i.name from written a cross join image_names(a.html) n join image i on i.name = n
            where a.status <> 'withdrawn'
            for key share of i
            on conflict do nothing;
    end if;
    return null;
end $$;

create or replace function article_changed() returns trigger language plpgsql as $$
begin
    if exists (select from written a
            where not exists (select from author where id = a.author_id)
                or not exists (select from source where id = a.source_id)
                or not exists (select from account where id = a.owner)) then
        raise foreign_key_violation using message = 'An article needs an existing author, source and owner';
    end if;
    delete from article_tag t using written a where t.article_id = a.id
        and (a.status <> 'published' or t.published_at <> a.published_at or not t.tag = any (name_keys(a.tags)));
    insert into tag (name)
        select distinct on (name_key(t)) t from written a cross join unnest(a.tags) t
        where a.status = 'published' and not exists (select from tag where key = name_key(t))
        order by name_key(t), a.id
        on conflict do nothing;
    insert into article_tag (tag, published_at, article_id)
        select distinct name_key(t), a.published_at, a.id from written a cross join unnest(a.tags) t
        where a.status = 'published'
        on conflict do nothing;
    delete from article_image i using written a where i.article_id = a.id
        and (a.status = 'withdrawn' or strpos(a.html, i.name) = 0);
    if exists (select from written a where strpos(a.html, '/images/') > 0) then
        insert into article_image (article_id, name)
            select a.id, i.name from written a cross join image_names(a.html) n join image i on i.name = n
            where a.status <> 'withdrawn'
            for key share of i
            on conflict do nothing;
    end if;
    return null;
end $$;

insert into tag (name)
    select distinct on (name_key(t)) t from article a cross join unnest(a.tags) t
    where a.status = 'published' order by name_key(t), a.created_at, a.id;
insert into article_tag (tag, published_at, article_id)
    select name_key(tag), published_at, article_id from article_tag where tag <> name_key(tag)
    on conflict do nothing;
delete from article_tag where tag <> name_key(tag);

-- Articles show the first spelling of each tag, once. Their rows in article_tag are right already.
update article a set tags = shown.tags
    from (
        select id, array_agg(name order by place) as tags from (
            select a.id, coalesce(t.name, min(n)) as name, min(place) as place
                from article a cross join unnest(a.tags) with ordinality as named (n, place)
                left join tag t on t.key = name_key(n)
                group by a.id, name_key(n), t.name) as named
        group by id) shown
    where shown.id = a.id and shown.tags <> a.tags;
alter table article enable trigger user;

-- What accounts follow: the first of several with one key stays.
alter table following add column key text not null generated always as (name_key(name)) stored;
delete from following f where exists (select from following g where g.account = f.account and g.kind = f.kind
    and g.key = f.key and (g.since, g.name) < (f.since, f.name));
alter table following drop constraint following_pkey, add primary key (account, kind, key);

-- The log has keys, which the predicate of a feed compares.
update feed_log set
    tags = name_keys(tags),
    author = name_key(author),
    source = name_key(source),
    was_tags = case when was_tags is not null then name_keys(was_tags) end,
    was_author = name_key(was_author),
    was_source = name_key(was_source)
    where (tags, author, source) <> (name_keys(tags), name_key(author), name_key(source))
        or was_author is not null and (was_tags, was_author, was_source)
            <> (name_keys(was_tags), name_key(was_author), name_key(was_source));

-- The directory has keys too. Another epoch than any: the first reader counts.
alter table feed_directory rename column name to key;
delete from feed_directory;
update feed_directory_position set epoch = -1, seq = 0;
create or replace function feed_directory_follow() returns table (epoch bigint, seq bigint, at timestamptz)
    language plpgsql as $$
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
        update feed_directory_position p set epoch = c.epoch, seq = c.seq from feed_clock c
            returning p.* into known;
    end if;
    loop
        with batch as (
            select l.* from feed_log l where l.seq > known.seq order by l.seq limit 20000
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
        select max(b.seq) into reached from batch b;
        exit when reached is null;
        update feed_directory_position p set seq = reached returning p.* into known;
    end loop;
    delete from feed_directory d where -d.articles >= 0;
    return query select known.epoch, known.seq, c.at from feed_clock c;
end $$;

-- To sign in, whatever the spelling.
create index account_by_key on account (name_key(name));
